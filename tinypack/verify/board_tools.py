"""What an emulated board needs of the machine: a compiler, its C library, and an emulator that knows the board."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tinypack.errors import TinypackError
from tinypack.verify.beside import unpacked
from tinypack.verify.firmware import ITSELF, emulator_board
from tinypack.verify.tools import run, which

ASK_LIMIT = 30.0  # seconds


@dataclass(frozen=True)
class Tool:
    """Something to look for; `probe` gives its version, or None if it is missing."""

    name: str
    probe: Callable[[], str | None]


def board_tools(board: str) -> list[Tool]:
    """Say what the emulator's board needs. Names are those of emulator/apt-packages.txt."""
    data = emulator_board(board)
    toolchain = data["build"]["toolchain"]
    flags = tuple(flag for flag in (*data["build"]["cpu_flags"], *data["build"]["link_flags"]) if flag[:5] != "-Wl,-")
    # A package for another core brings both compilers.
    tools = compiler_tools(f"{toolchain}gcc", flags) if toolchain else [_program(name) for name in ("gcc", "g++")]
    if data["emulation"]["command"][0] != ITSELF:
        suite = data["emulation"].get("suite")
        name = data["emulation"]["command"][0] + (f" of {suite}" if suite else "")
        tools.append(Tool(name, lambda: emulator_version(board)))
    return tools


def compiler_tools(compiler: str, flags: Sequence[str]) -> list[Tool]:
    """Say what compiling for another core needs."""
    library = Tool(f"C library of {compiler}", lambda: "yes" if _has_headers(compiler, flags) else None)
    return [_program(compiler), library]


def _program(name: str) -> Tool:
    return Tool(name, lambda: program_version(name))


def emulator_version(board: str) -> str | None:
    """Give the version of the emulator that `run.py` takes for a board, if it knows the board's machine."""
    emulation = emulator_board(board)["emulation"]
    name, *options = emulation["command"]
    program = unpacked(emulation.get("suite", ""), name) or name
    machines = _answer((str(program), "-M", "help")) or ""
    known = {line.split()[0] for line in machines.splitlines() if line.strip()}
    return program_version(program) if options[options.index("-M") + 1] in known else None


def program_version(program: str | Path) -> str | None:
    """Give a program's version, "yes" if it doesn't say one, None if it is missing or fails."""
    answer = _answer((str(program), "--version"))
    return None if answer is None else version_in(answer)


def version_in(text: str) -> str:
    """Find the version in a program's answer: the last number with dots in its first line."""
    first = (text.splitlines() or [""])[0]
    numbers = re.findall(r"\d+(?:\.\d+)+", re.sub(r"\([^)]*\)", "", first)) or re.findall(r"\d+(?:\.\d+)+", first)
    return numbers[-1] if numbers else "yes"


def look_again() -> None:
    """Forget what programs answered: something was installed."""
    _answer.cache_clear()


def _has_headers(compiler: str, flags: Sequence[str]) -> bool:
    return _answer((compiler, *flags, "-E", "-include", "stdio.h", "-x", "c", "/dev/null")) is not None


@cache
def _answer(argv: tuple[str, ...]) -> str | None:
    """Give a program's output, or None if it is missing or fails."""
    if which(argv[0]) is None:
        return None
    try:
        done = run(argv, time_limit=ASK_LIMIT)
    except TinypackError:
        return None
    return done.text if done.ok else None
