"""How `verify` builds archives: in folders of any name, and again where an earlier run left its rubbish."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.machine import need, need_board
from tests.support.models import model_bytes
from tests.support.packages import artifact, make_package
from tinypack.package import Built
from tinypack.verify import cmake, core_dir, platformio
from tinypack.verify.tools import Done

pytestmark = pytest.mark.tools

PLAIN = {"plain": ()}
BUILDS = {"arduino": platformio.build, "platformio": platformio.build, "cmake": cmake.build}


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("odd") / "my model 100%"


@pytest.fixture(scope="module")
def built(odd: Path) -> Built:
    return make_package(odd, model_bytes("hello_world_int8"), "hello", formats=list(BUILDS))


@pytest.mark.parametrize("board", ["native", "mps2-an386"])
@pytest.mark.parametrize("format", BUILDS)
def test_folders_with_blanks_and_percent_signs(
    format: str, board: str, built: Built, odd: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    need("cmake")
    need_board(board)
    emulator = odd / "emulator"
    if not emulator.exists():
        shutil.copytree(core_dir.EMULATOR, emulator)
    for module in (cmake, core_dir, platformio):
        monkeypatch.setattr(module, "EMULATOR", emulator)
    monkeypatch.setenv("TINYPACK_CORE_DIR", str(odd / "core"))
    elves = BUILDS[format](artifact(built, format), board, odd / f"{format} {board}", PLAIN)
    assert elves["plain"].is_file()


def test_half_written_objects_are_built_anew(built: Built, tmp_path: Path) -> None:
    need("cmake", "gcc")
    given = artifact(built, "cmake")
    first = cmake.build(given, "native", tmp_path, PLAIN)["plain"]
    first.unlink()
    for path in tmp_path.rglob("*.o"):  # newer than their sources, as a killed compiler leaves them
        path.write_bytes(b"half")
    assert cmake.build(given, "native", tmp_path, PLAIN) == {"plain": first} and first.is_file()


def test_another_compiler_gets_a_folder_of_its_own(
    built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    need("cmake")
    monkeypatch.setattr(cmake, "run", lambda argv, time_limit: Done(tuple(argv), 0, b"", b"", 0.0, False))
    found = set()
    for version, path in (("12.2.0", "/usr/bin/gcc"), ("13.1.0", "/usr/bin/gcc"), ("13.1.0", "/opt/bin/gcc")):
        monkeypatch.setattr(cmake, "program_version", lambda program, version=version: version)
        monkeypatch.setattr(cmake, "which", lambda name, path=path: Path(path))
        found.add(cmake.build(artifact(built, "cmake"), "native", tmp_path, PLAIN)["plain"])
    assert len(found) == 3
