"""Exports of a registry that is served on loopback, taken by the tools for which they are."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.support.machine import lack, lack_extra, need, need_extra
from tests.support.packages import call
from tests.support.registries import SignedRegistry, served
from tests.support.registry_packages import MadeUp
from tests.support.sketchbook import ARDUINO_CLI
from tinypack.output import write_tree
from tinypack.registry.client.registry import Registry
from tinypack.registry.exports.run import run_export
from tinypack.registry.snippets import snippets

pytestmark = pytest.mark.tools

NAME, PREFIX = "door-guard", "door_guard"
#: Nothing of the user's own settings, no question asked, and no way to the internet.
ALONE = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "WEST_CONFIG_GLOBAL": os.devnull,
    "WEST_CONFIG_SYSTEM": os.devnull,
    **dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9"),
    **dict.fromkeys(("no_proxy", "NO_PROXY"), "127.0.0.1"),
}
MAIN = f"""\
#include <{PREFIX}.h>

static {PREFIX}_t model;

int main(void) {{
  return {PREFIX}_init(&model) != {PREFIX.upper()}_OK || {PREFIX}_invoke(&model) != {PREFIX.upper()}_OK;
}}
"""


class Served:
    """A registry that is served, and what `tinypack export` reads of it."""

    def __init__(self, folder: Path, url: str) -> None:
        self.signed = SignedRegistry(folder / "registry")
        self.source = Registry(url, folder / "cache")

    def publish(self, version: str) -> None:
        self.signed.add(NAME, version)
        self.source.refresh()

    def export(self, kind: str, folder: Path, url: str = "") -> None:
        run_export(kind, self.source, [], folder, url)

    def tamper(self, format: str, version: str) -> None:
        """Have the server give another archive, of the same size."""
        line = self.source.package(NAME).line(version)
        archive = line.release.body.archive(format) if line else None
        assert archive is not None
        path = self.signed.folder / archive.path
        data = path.read_bytes()
        path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Served]:
    """Serve a registry with one version."""
    (tmp_path / "registry").mkdir()
    with served(tmp_path / "registry") as url:
        made = Served(tmp_path, url)
        made.publish("1.0.0")
        yield made


class TestArduinoCli:
    """With a data directory of its own: the index is not one that users' own arduino-cli or the IDE would take."""

    @pytest.fixture(autouse=True)
    def home(self, registry: Served, tmp_path: Path) -> Path:
        if ARDUINO_CLI is None:
            lack_extra("arduino-cli")
        home = tmp_path / "arduino"
        folders = {name: str(home / name) for name in ("data", "downloads", "user")}
        quiet = {"metrics": {"enabled": False}, "updater": {"enable_notification": False}}
        unsafe = {"library": {"enable_unsafe_install": True}}
        write_tree(
            home,
            {
                "arduino-cli.yaml": json.dumps({"directories": folders, **quiet, **unsafe}).encode(),
                "data/package_index.json": b'{"packages": []}',
            },
        )
        registry.export("library-index", home / "data")
        return home

    def cli(self, home: Path, *words: str, code: int = 0) -> str:
        argv = (str(ARDUINO_CLI), "--config-file", home / "arduino-cli.yaml", *words)
        return call(*argv, code=code, HOME=str(home), **ALONE)

    def installed(self, home: Path) -> list[tuple[str, str]]:
        found = json.loads(self.cli(home, "lib", "list", "--format", "json"))["installed_libraries"]
        return [(each["library"]["name"], each["library"]["version"]) for each in found]

    def test_search_install_upgrade(self, registry: Served, home: Path, tmp_path: Path) -> None:
        registry.publish("1.1.0")
        registry.export("library-index", home / "data")
        (found,) = json.loads(self.cli(home, "lib", "search", "door", "--format", "json"))["libraries"]
        assert (found["name"], found["available_versions"]) == (PREFIX, ["1.0.0", "1.1.0"])
        self.cli(home, "lib", "install", f"{PREFIX}@1.0.0")
        assert self.installed(home) == [(PREFIX, "1.0.0")]
        self.cli(home, "lib", "upgrade")
        assert self.installed(home) == [(PREFIX, "1.1.0")]

    def test_a_tampered_archive_is_refused(self, registry: Served, home: Path, tmp_path: Path) -> None:
        registry.tamper("arduino", "1.0.0")
        self.cli(home, "lib", "install", PREFIX, code=1)
        assert self.installed(home) == []

    def test_a_repository_is_installed_from_its_tag(self, registry: Served, home: Path, tmp_path: Path) -> None:
        registry.publish("1.1.0")
        registry.export("arduino-repo", tmp_path / "repos")
        url = (tmp_path / "repos" / PREFIX).as_uri()
        self.cli(home, "lib", "install", "--git-url", f"{url}#1.0.0")
        assert self.installed(home) == [(PREFIX, "1.0.0")]


class TestWest:
    """A workspace whose manifest imports the export, from servers of plain files and from Git's own."""

    @pytest.fixture(autouse=True)
    def west_is_here(self) -> None:
        need("git")
        if find_spec("west") is None:
            lack(f"west ({sys.executable} -m pip install west)")

    def west(self, folder: Path, *words: str | Path, code: int = 0) -> str:
        return call(sys.executable, "-m", "west", *words, cwd=folder, code=code, **ALONE)

    @pytest.mark.parametrize("server", ["files", "git"])
    def test_init_update_upgrade(self, server: str, registry: Served, tmp_path: Path) -> None:
        servers = {"files": served, "git": git_served}
        app, modules = tmp_path / "workspace" / "app", tmp_path / "modules"
        modules.mkdir()
        write_tree(app, {"west.yml": b"manifest:\n  self: {path: app, import: tinypack/west.yml}\n"})
        with servers[server](modules) as url:
            for version in ("1.0.0", "1.1.0"):
                registry.publish(version) if version != "1.0.0" else None
                registry.export("zephyr-git", modules)
                registry.export("west", app / "tinypack", url)
                if version == "1.0.0":
                    self.west(app.parent, "init", "-l", app)
                self.west(app.parent, "update")
                module = app.parent / "modules" / "lib" / NAME
                assert f'{PREFIX.upper()}_VERSION "{version}"' in (module / "src" / f"{PREFIX}.h").read_text()
                assert (module / "zephyr" / "module.yml").is_file()

    def test_a_project_that_is_imported(self, registry: Served, tmp_path: Path) -> None:
        """An export in a repository of its own, which manifests name as `import: true`."""
        modules, exported, app = (tmp_path / name for name in ("modules", "exported", "workspace/app"))
        registry.export("zephyr-git", modules)
        registry.export("west", exported, modules.as_uri())
        for words in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-qm", "as exported"]):
            who = ("-c", "user.name=t", "-c", "user.email=t@example.org")
            call("git", "-C", exported, *who, *words, **ALONE)
        project = f"{{name: tinypack, url: {exported.as_uri()}, revision: main, import: true}}"
        write_tree(app, {"west.yml": f"manifest:\n  projects: [{project}]\n".encode()})
        self.west(app.parent, "init", "-l", app)
        self.west(app.parent, "update")
        assert (app.parent / "modules" / "lib" / NAME / "zephyr" / "module.yml").is_file()

    def test_another_commit_is_refused(self, registry: Served, tmp_path: Path) -> None:
        app, modules = tmp_path / "workspace" / "app", tmp_path / "modules"
        changed = MadeUp()
        changed.add(NAME, "1.0.0", description="Opens the door.")
        run_export("zephyr-git", changed, [], modules)
        write_tree(app, {"west.yml": b"manifest:\n  self: {path: app, import: tinypack/west.yml}\n"})
        registry.export("west", app / "tinypack", modules.as_uri())
        self.west(app.parent, "init", "-l", app)
        self.west(app.parent, "update", code=1)
        assert not (app.parent / "modules" / "lib" / NAME / "zephyr").exists()

    def test_the_snippet_as_it_stands(self, registry: Served, tmp_path: Path) -> None:
        app = tmp_path / "workspace" / "app"
        write_tree(app, {"west.yml": b"manifest:\n  self: {path: app, import: tinypack/west.yml}\n"})
        write_tree(app / "tinypack", {"west.yml": b"manifest: {projects: []}\n"})
        self.west(app.parent, "init", "-l", app)
        run_snippet(registry, "Zephyr", "zephyr-git", app, tmp_path)
        assert (app.parent / "modules" / "lib" / NAME / "zephyr" / "module.yml").is_file()


def run_snippet(registry: Served, ecosystem: str, word: str, folder: Path, home: Path) -> None:
    """Do as `tinypack info` says, with this Python's programs."""
    line = registry.source.package(NAME).line("1.0.0")
    assert line is not None
    found = snippets(registry.source.url, line)
    (text,) = (each.text for each in found if each.ecosystem == ecosystem and word in each.text)
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    call("sh", "-ec", text, cwd=folder, PATH=programs, TINYPACK_CACHE=str(home / "own-cache"), **ALONE)


def test_the_snippet_for_esp_idf_as_it_stands(registry: Served, tmp_path: Path) -> None:
    need_extra("curl", "sha256sum")
    run_snippet(registry, "ESP-IDF", "curl", tmp_path, tmp_path)
    assert (tmp_path / "components" / NAME / "idf_component.yml").is_file()


@contextmanager
def git_served(folder: Path) -> Iterator[str]:
    """Serve repositories by Git's own daemon; give the address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    argv = [
        "git",
        "daemon",
        "--listen=127.0.0.1",
        f"--port={port}",
        "--export-all",
        f"--base-path={folder}",
        str(folder),
    ]
    with subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True) as daemon:
        try:
            for _ in range(100):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.05)
            yield f"git://127.0.0.1:{port}"
        finally:
            os.killpg(daemon.pid, 15)


@pytest.mark.parametrize(("tampered", "code"), [(False, 0), (True, 1)])
def test_cmake_fetches_what_the_hash_names(tampered: bool, code: int, registry: Served, tmp_path: Path) -> None:
    need("cmake", "gcc")
    project = tmp_path / "project"
    lists = "cmake_minimum_required(VERSION 3.16)\nproject(user LANGUAGES C)\ninclude(packages/door-guard.cmake)\n"
    lists += f"add_executable(user main.c)\ntarget_link_libraries(user PRIVATE {NAME}::{NAME})\n"
    write_tree(project, {"CMakeLists.txt": lists.encode(), "main.c": MAIN.encode()})
    registry.export("cmake", project / "packages")
    if tampered:
        registry.tamper("cmake", "1.0.0")
    call("cmake", "-S", project, "-B", project / "build", "-Werror=dev", code=code, **ALONE)
    if not tampered:
        call("cmake", "--build", project / "build")
        call(project / "build" / "user")


def test_espressifs_component_manager_takes_a_repository(
    registry: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    need("git")
    if find_spec("idf_component_tools") is None:
        lack(f"idf-component-manager ({sys.executable} -m pip install idf-component-manager)")
    monkeypatch.setenv("IDF_COMPONENT_CACHE_PATH", str(tmp_path / "cache"))
    from idf_component_tools.manager import ManifestManager
    from idf_component_tools.manifest import SolvedComponent

    components, home = tmp_path / "components", tmp_path / "managed" / NAME
    components.mkdir()
    with served(components) as url:
        registry.export("esp-idf", components, url)
        (wanted,) = ManifestManager(str(components), "main").load().requirements
        (found,) = wanted.source.versions(wanted.name, spec=wanted.version_spec).versions
        solved = SolvedComponent(
            name=wanted.name, version=str(found), source=wanted.source, component_hash=found.component_hash
        )
        wanted.source.download(solved, str(home))
    assert (home / "src" / f"{PREFIX}.h").is_file() and (home / "idf_component.yml").is_file()
