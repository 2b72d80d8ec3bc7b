"""Builds each sketch of this folder once a session, by PlatformIO in a core folder of its own."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

import tinypack
from tests.support.machine import need
from tinypack.verify.core_dir import environment, pio
from tinypack.verify.tools import Done, run

EMULATOR = Path(tinypack.__file__).parent / "emulator"
SKETCHES = Path(__file__).parent / "sketches"
TOOLS = {
    "native": ("gcc", "g++"),
    "mps2-an386": ("gcc", "arm-none-eabi-gcc", "arm-none-eabi-g++", "qemu-system-arm"),
}

Build = Callable[[str, str], Path]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sketches: PlatformIO writes a converted one beside each, so two builds must not share them."""
    return Path(shutil.copytree(SKETCHES, tmp_path_factory.mktemp("emulated") / "sketches"))


@pytest.fixture(scope="session", autouse=True)
def core_folder(folder: Path) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TINYPACK_CORE_DIR", str(folder / "core"))
        yield


@pytest.fixture(scope="session")
def build(folder: Path) -> Build:
    """Give the program of a sketch for a board, built on first use."""

    @cache
    def made(sketch: str, board: str) -> Path:
        need(*TOOLS[board])
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
