"""Builds each sketch of this folder once a session, by PlatformIO in a core folder of its own."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import tinypack
from tests.support.machine import need_board, own_core
from tinypack.verify.core_dir import environment, pio
from tinypack.verify.tools import Done, run

EMULATOR = Path(tinypack.__file__).parent / "emulator"
SKETCHES = Path(__file__).parent / "sketches"
BOARDS = sorted(path.stem for path in (EMULATOR / "boards").glob("*.json"))

Build = Callable[[str, str], Path]


def read(board: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((EMULATOR / "boards" / f"{board}.json").read_text())
    return data


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sketches: PlatformIO writes a converted one beside each, so two builds must not share them."""
    return Path(shutil.copytree(SKETCHES, tmp_path_factory.mktemp("emulated") / "sketches"))


@pytest.fixture(scope="session", autouse=True)
def core_folder(folder: Path) -> Iterator[None]:
    with own_core(folder / "core"):
        yield


@pytest.fixture(scope="session")
def build(folder: Path) -> Build:
    """Give the program of a sketch for a board, built on first use."""

    @cache
    def made(sketch: str, board: str) -> Path:
        need_board(board)
        done = pio_run(folder, sketch, board)
        assert done.ok, done.text + done.error_text
        assert "warning" not in done.error_text, done.error_text
        return folder / sketch / "build" / board / "firmware.elf"

    return made


def pio_run(folder: Path, sketch: str, board: str, *args: str, stdin: bytes = b"", **env: str) -> Done:
    """Run `pio run` for one of the sketches."""
    settings = {
        "TINYPACK_EMULATOR_DIR": str(EMULATOR),
        "PLATFORMIO_SRC_DIR": str(folder / sketch / "src"),
        "PLATFORMIO_BUILD_DIR": str(folder / sketch / "build"),
        "PLATFORMIO_WORKSPACE_DIR": str(folder / sketch / "workspace"),
        **env,
    }
    return pio(["run", "-e", board, *args], cwd=folder, env=settings, stdin=stdin, time_limit=300.0)


def run_elf(board: str | Path, elf: Path, *args: str | Path, stdin: bytes = b"", time_limit: str = "60") -> Done:
    """Run a program by the platform's own runner, for a board's name or file."""
    file = board if isinstance(board, Path) else EMULATOR / "boards" / f"{board}.json"
    runner: list[str | Path] = [sys.executable, EMULATOR / "builder" / "run.py", "--board", file]
    env = {**environment(), "TINYPACK_TIME_LIMIT": time_limit}
    return run([*runner, "--elf", elf, *args], stdin=stdin, env=env, time_limit=120.0)
