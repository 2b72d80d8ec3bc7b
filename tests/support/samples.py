"""Sample projects as their users have them: a copy, and the sketch of its own, built as its platformio.ini says."""

from __future__ import annotations

import shutil
from pathlib import Path

from tinypack import build_package
from tinypack.verify.core_dir import EMULATOR, pio
from tinypack.verify.firmware import run_firmware
from tinypack.verify.tools import Done


def copy_of(sample: Path, folder: Path) -> Path:
    """Copy a sample as it is committed."""
    ignored = shutil.ignore_patterns("dist", ".pio", "__pycache__")
    return Path(shutil.copytree(sample, folder / sample.name, ignore=ignored))


def build_sketch(copy: Path, board: str) -> Path:
    """Build the package and the sketch in a copy; give the program. There must be no warning."""
    build_package(copy, formats=["platformio"])
    settings = copy / "platformio.ini"
    settings.write_text(settings.read_text().replace("symlink://../../tinypack/emulator", f"symlink://{EMULATOR}"))
    done = pio(["run", "-d", copy, "-e", board], time_limit=200)
    assert done.ok and "warning" not in done.error_text, done.error_text
    return copy / ".pio" / "build" / board / "firmware.elf"


def replayed(board: str, program: Path, *recordings: Path) -> Done:
    """Let a program hear recordings."""
    options = [word for path in recordings for word in ("--recording", str(path))]
    return run_firmware(board, program, b"", 60.0, False, options)[0]
