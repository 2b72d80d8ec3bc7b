"""`tinypack install --to arduino` with the real arduino-cli: it finds the sketchbook, and the library in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.packages.conftest import Package
from tests.support.packages import artifact
from tests.support.registries import SignedRegistry
from tests.support.sketchbook import ARDUINO_CLI, TARGETS, make_sketchbook
from tinypack.registry.client.install.install import Place
from tinypack.registry.client.install.sketchbook import libraries_folder
from tinypack.registry.client.work import install_asked

pytestmark = pytest.mark.tools

NAME, LIBRARY = "other-sine", "other_sine"


def test_the_library_is_found_and_runs(package: Package, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = TARGETS["native"]
    book = make_sketchbook(tmp_path / "book", target)
    given = artifact(package("hello_world_int8", NAME), "arduino")
    registry = SignedRegistry(tmp_path / "r")
    registry.made.publish(NAME, "1.0.0", {"arduino": (given.filename, given.data)})
    registry.publish()

    # The tool is found as a user's would be, and reads the settings that the user wrote.
    home = tmp_path / "home"
    (home / ".arduino15").mkdir(parents=True)
    (home / ".arduino15" / "arduino-cli.yaml").write_text((book.folder / "arduino-cli.yaml").read_text())
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("PATH", str(Path(str(ARDUINO_CLI)).parent), prepend=":")
    monkeypatch.setenv("TINYPACK_CACHE", str(tmp_path / "cache"))
    assert libraries_folder() == book.libraries

    lockfile = tmp_path / "tinypack.lock"
    (put,) = install_asked(lockfile, str(registry.folder), False, [NAME], Place("arduino"))
    assert put.folder == book.libraries / LIBRARY
    (found,) = json.loads(book.cli("lib", "list", "--format", "json"))["installed_libraries"]
    assert (found["library"]["name"], found["library"]["version"]) == (LIBRARY, "1.0.0")
    assert book.run(target, put.folder / "examples" / "SelfTest") == ["PASS"]
    (again,) = install_asked(lockfile, "", False, [], None)
    assert not again.changed
