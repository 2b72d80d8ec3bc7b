"""PlatformIO with packages of a registry on a web server: by URL, by tinypack.lock.ini, by the plug-in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.packages.test_lib_deps import dense, objects
from tests.support.machine import need
from tests.support.packages import make_package, unpack
from tests.support.registries import SignedRegistry, served
from tinypack.output import write_tree
from tinypack.package import Built
from tinypack.registry.client.work import lock
from tinypack.verify.core_dir import EMULATOR, pio
from tinypack.verify.firmware import run_firmware
from tinypack.verify.tools import Done

pytestmark = pytest.mark.tools

NAME = "dense"
ENVIRONMENT = """
[env:native]
platform = symlink://{0}
board = native
framework = arduino
"""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache of the test's own, also for the plug-in."""
    need("gcc", "g++")
    monkeypatch.setenv("TINYPACK_CACHE", str(tmp_path / "cache"))


class Registry:
    """A registry of small packages, on a web server."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.signed = SignedRegistry(folder / "registry")

    def publish(self, version: str, weight: int) -> Built:
        built = make_package(self._folder / "built", dense(weight), NAME, version, ["platformio"])
        (artifact,) = built.artifacts
        self.signed.made.publish(NAME, version, {"platformio": (artifact.filename, artifact.data)})
        self.signed.publish()
        return built

    def place(self, version: str) -> Path:
        """Say where the archive of a version lies."""
        line = self.signed.made.indexes[NAME].line(version)
        assert line is not None
        return self.signed.folder / line.release.body.archives[0].path


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path)


@pytest.fixture
def url(registry: Registry) -> Iterator[str]:
    with served(registry.signed.folder) as address:
        yield address


def make_project(folder: Path, head: str, lines: str) -> Path:
    """Write a project for the package's own example; `lines` bring the package."""
    folder.mkdir()
    (folder / "platformio.ini").write_text(head + ENVIRONMENT.format(EMULATOR) + lines)
    return folder


def build(project: Path) -> Done:
    return pio(["run", "-d", project], time_limit=200)


def self_test(project: Path, built: Built) -> set[str]:
    """Build a project with a package's self-test, and run it; give the objects of the package that were compiled."""
    before = objects(project)
    example = unpack(built, "platformio", project.parent / "unpacked") / "examples" / "SelfTest"
    write_tree(project / "src", {path.name: path.read_bytes() for path in example.iterdir()})
    done = build(project)
    assert done.ok, done.text + done.error_text
    ran, _ = run_firmware("native", project / ".pio" / "build" / "native" / "firmware.elf", b"", 60, count=False)
    assert (ran.code, ran.text.split()[-1]) == (0, "PASS"), ran.text + ran.error_text
    return {name for name, time in objects(project).items() if before.get(name) != time}


def locked(project: Path) -> str:
    return str(json.loads((project / "tinypack.lock").read_text())["packages"][0]["version"])


@pytest.mark.slow
def test_a_plain_url(registry: Registry, url: str, tmp_path: Path) -> None:
    built = registry.publish("1.0.0", 30)
    path = registry.place("1.0.0").relative_to(registry.signed.folder)
    self_test(make_project(tmp_path / "project", "", f"lib_deps = {url}/{path}\n"), built)


def test_the_lockfiles_ini(registry: Registry, url: str, tmp_path: Path) -> None:
    """A newer version takes the older one's place, when the lockfile says so."""
    built = registry.publish("1.0.0", 30)
    head = "[platformio]\nextra_configs = tinypack.lock.ini\n"
    project = make_project(tmp_path / "project", head, "lib_deps = ${tinypack.lib_deps}\n")
    lock(project / "tinypack.lock", url, False, [f"{NAME}@^1"])
    self_test(project, built)
    newer = registry.publish("1.1.0", 40)
    lock(project / "tinypack.lock", url, False, [NAME])
    assert locked(project) == "1.0.0"
    lock(project / "tinypack.lock", url, False, [f"{NAME}@^1.1"])
    self_test(project, newer)
    assert [path.name for path in (project / ".pio" / "libdeps" / "native").iterdir() if path.is_dir()] == [NAME]


def plug_in(project: Path, url: str, dependency: str) -> Path:
    """Make a project that uses the plug-in, which `tinypack lock` writes."""
    lines = (
        f"extra_scripts = pre:tinypack_deps.py\ncustom_tinypack_registry = {url}\n"
        f"custom_tinypack_deps =\n    {dependency} ; why\n"
    )
    make_project(project, "", lines)
    lock(project / "tinypack.lock", url, False, [], script=True)
    return project


def test_the_plug_in(registry: Registry, url: str, tmp_path: Path) -> None:
    """It resolves once, keeps to the lockfile, rebuilds what changed, and fails where a hash is wrong."""
    built = registry.publish("1.0.0", 30)
    project = plug_in(tmp_path / "project", url, f"{NAME}@^1")
    self_test(project, built)

    newer = registry.publish("1.1.0", 40)
    noted = (project / "tinypack.lock").read_bytes()
    assert self_test(project, built) == set()
    assert ((project / "tinypack.lock").read_bytes(), locked(project)) == (noted, "1.0.0")

    ini, place = project / "platformio.ini", registry.place("1.1.0")
    ini.write_text(ini.read_text().replace("@^1", "@^1.1"))
    whole = place.read_bytes()
    place.write_bytes(whole[:100] + bytes([whole[100] ^ 1]) + whole[101:])
    done = build(project)
    assert not done.ok
    assert "error[untrusted]" in done.text + done.error_text
    assert ((project / "tinypack.lock").read_bytes(), locked(project)) == (noted, "1.0.0")

    place.write_bytes(whole)
    assert "dense_model.c.o" in self_test(project, newer)
    assert locked(project) == "1.1.0"


@pytest.mark.slow
def test_the_plug_in_builds_a_local_project(registry: Registry, url: str, tmp_path: Path) -> None:
    old, new = (
        make_package(tmp_path / name, dense(weight), NAME, "1.0.0", ["platformio"])
        for name, weight in (("old", 30), ("new", 40))
    )
    project = plug_in(tmp_path / "project", url, f"../old/{NAME}-1.0.0")
    self_test(project, old)
    assert self_test(project, old) == set()
    (tmp_path / "old" / f"{NAME}-1.0.0" / "model.tflite").write_bytes(dense(40))
    assert self_test(project, new) == {"dense_model.c.o"}


@pytest.mark.slow
def test_the_plug_in_says_what_fails(registry: Registry, url: str, tmp_path: Path) -> None:
    done = build(plug_in(tmp_path / "project", url, "sine@^1"))
    assert not done.ok
    assert "error[no-package]" in done.text + done.error_text
