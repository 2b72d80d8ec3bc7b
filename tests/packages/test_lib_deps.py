"""The ways in which PlatformIO takes a package: file, URL, git tag; and a newer version in an older one's place."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from tests.packages.conftest import Package
from tests.support.machine import need
from tests.support.model_builder import T, single_op
from tests.support.packages import archive, call, make_package, unpack
from tinypack.package import Built
from tinypack.verify.core_dir import EMULATOR, pio
from tinypack.verify.firmware import run_firmware

pytestmark = pytest.mark.tools

NAME = "sine"
GIT_USER = ("-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false")


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def by_file(built: Built, folder: Path) -> Iterator[str]:
    yield f"file://{archive(built, 'platformio')}"


@contextmanager
def by_url(built: Built, folder: Path) -> Iterator[str]:
    handler = functools.partial(Quiet, directory=str(built.folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/{archive(built, 'platformio').name}"
        finally:
            server.shutdown()


@contextmanager
def by_git_tag(built: Built, folder: Path) -> Iterator[str]:
    need("git")
    home = unpack(built, "platformio", folder / "repository")
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "1.0.0"], ["tag", "v1.0.0"]):
        call("git", *GIT_USER, *words, cwd=home)
    # A later commit breaks the package: only the tag will do.
    (home / "src" / f"{NAME}.h").write_text("#error not the tag\n")
    call("git", *GIT_USER, "commit", "-q", "-a", "-m", "broken", cwd=home)
    yield f"git+file://{home}#v1.0.0"


FORMS: dict[str, Callable[[Built, Path], AbstractContextManager[str]]] = {
    "file": by_file,
    "URL": by_url,
    "git tag": by_git_tag,
}


def make_project(folder: Path, built: Built, dependency: str) -> Path:
    """Write a project of the package's own example, as its README says; give the folder."""
    (folder / "src").mkdir(parents=True, exist_ok=True)
    example = unpack(built, "platformio", folder / "unpacked") / "examples" / "SelfTest"
    for path in example.iterdir():
        (folder / "src" / path.name).write_bytes(path.read_bytes())
    (folder / "platformio.ini").write_text(
        f"[env:native]\nplatform = symlink://{EMULATOR}\nboard = native\nframework = arduino\nlib_deps = {dependency}\n"
    )
    return folder


def self_test(project: Path) -> str:
    """Build a project and run it."""
    need("gcc", "g++")
    done = pio(["run", "--silent", "-d", project], time_limit=200)
    assert done.ok, done.text + done.error_text
    ran, _ = run_firmware("native", project / ".pio" / "build" / "native" / "firmware.elf", b"", 60, count=False)
    assert ran.code == 0, ran.text + ran.error_text
    return ran.text


@pytest.mark.parametrize("form", FORMS)
def test_platformio_installs(form: str, package: Package, tmp_path: Path) -> None:
    built = package("hello_world_int8", NAME)
    with FORMS[form](built, tmp_path) as dependency:
        text = self_test(make_project(tmp_path / "project", built, dependency))
    assert text.split()[-1] == "PASS"
    assert (tmp_path / "project" / ".pio" / "libdeps" / "native" / NAME / "library.json").is_file()


def dense(weight: int) -> bytes:
    """A model of one dense layer: another weight changes one figure and no length."""
    x, y = T((1, 4), scale=0.5), T((1, 2), scale=20.0)
    weights = T((2, 4), scale=0.5, data=np.full((2, 4), weight))
    return single_op("FULLY_CONNECTED", [x, weights, None], y)


def objects(project: Path) -> dict[str, int]:
    """When each of the library's objects was written."""
    found = (project / ".pio" / "build" / "native").glob("lib*/**/*.c.o")
    return {path.name: path.stat().st_mtime_ns for path in found}


@pytest.mark.parametrize("version", ["1.0.1", "1.0.0"])
def test_what_changed_is_rebuilt(version: str, tmp_path: Path) -> None:
    """SCons takes equal times for equal files, so times come from content; here even the sizes are equal."""
    old = make_package(tmp_path / "old", dense(30), "dense", "1.0.0", ["platformio"])
    new = make_package(tmp_path / "new", dense(40), "dense", version, ["platformio"])
    place, project = tmp_path / "dense.tar.gz", tmp_path / "project"
    texts, times = [], []
    for built in (old, new):
        place.write_bytes(archive(built, "platformio").read_bytes())
        make_project(project, built, f"file://{place}")
        # Nothing else changes: PlatformIO drops all objects when platformio.ini does.
        installed = pio(["pkg", "install", "--silent", "--force", "-d", project], time_limit=100)
        assert installed.ok, installed.text + installed.error_text
        texts.append(self_test(project))
        times.append(objects(project))
    assert texts[0] != texts[1]  # the digests of two models, each as its own package expects them
    rebuilt = {name for name in times[1] if times[0].get(name) != times[1][name]}
    assert rebuilt == {"dense_model.c.o"}
