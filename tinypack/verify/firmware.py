"""A compiled program: what its ELF says of itself, and how it runs."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from elftools.elf.elffile import ELFFile

from tinypack.verify.core_dir import EMULATOR, environment
from tinypack.verify.tools import Done, run

CANNOT_RUN, CRASHED, TIMED_OUT = 69, 70, 124  # exit codes of builder/run.py
WRITABLE, ALLOCATED = 1, 2  # ELF section flags
ITSELF = "{elf}"  # the command of a board that needs no emulator
STACK = ".stack"  # reserved by the linker script; the self-test measures what is used of it


@dataclass(frozen=True)
class Firmware:
    elf: Path
    compiler: str
    flags: str
    flash_bytes: int
    ram_bytes: int


def emulator_board(board: str) -> dict[str, Any]:
    """Read the emulator's description of a board: compiler, flags, command line."""
    data: dict[str, Any] = json.loads((EMULATOR / "boards" / f"{board}.json").read_text(encoding="utf-8"))
    return data


def read_firmware(elf: Path, source: str) -> Firmware:
    """Measure an ELF, and read from its debug information how `source` was compiled.

    Units: bytes
    """
    with elf.open("rb") as file:
        parsed = ELFFile(file)
        flash = sum(s["p_filesz"] for s in parsed.iter_segments() if s["p_type"] == "PT_LOAD")
        ram = sum(
            section["sh_size"]
            for section in parsed.iter_sections()
            if section["sh_flags"] & (ALLOCATED | WRITABLE) == ALLOCATED | WRITABLE and section.name != STACK
        )
        compiler, flags = _producer(parsed, source)
    return Firmware(elf, compiler, flags, flash, ram)


def run_firmware(
    board: str, elf: Path, stdin: bytes, time_limit: float, count: bool, options: Sequence[str | Path] = ()
) -> tuple[Done, list[int]]:
    """Run a program as the emulator platform does; count the instructions of each measured part if asked.

    `options` are further ones of builder/run.py.

    Units: time_limit in seconds
    """
    with tempfile.TemporaryDirectory(prefix="tinypack-") as folder:
        counted = Path(folder) / "count"
        argv: list[str | Path] = [sys.executable, EMULATOR / "builder" / "run.py"]
        argv += ["--board", EMULATOR / "boards" / f"{board}.json", "--elf", elf]
        argv += ["--count", counted] if count else []
        argv += options
        env = {**environment(), "TINYPACK_TIME_LIMIT": str(time_limit)}
        done = run(argv, time_limit=time_limit + 30, env=env, stdin=stdin)
        numbers = counted.read_text().split() if counted.exists() else []
    return done, [int(number) for number in numbers]


def can_count(board: str) -> bool:
    """Tell whether the board's emulator counts instructions."""
    return "count" in emulator_board(board)["emulation"]


def split_producer(text: str) -> tuple[str, str]:
    """Split what GCC says of itself into compiler and flags: "GNU C11 12.2.1 20221205 -mcpu=cortex-m4 ..."."""
    words = text.split()
    flags = next((i for i, word in enumerate(words) if word.startswith("-")), len(words))
    return " ".join(words[:flags]), " ".join(words[flags:])


def _producer(parsed: ELFFile, source: str) -> tuple[str, str]:
    """Find what the compiler wrote into a source's unit."""
    for unit in parsed.get_dwarf_info().iter_CUs() if parsed.has_dwarf_info() else ():
        attributes = unit.get_top_DIE().attributes
        if attributes["DW_AT_name"].value.decode().endswith(source):
            return split_producer(attributes["DW_AT_producer"].value.decode())
    return "", ""
