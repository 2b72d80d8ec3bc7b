"""What this machine has of what builds and verifies packages, and how to bring the rest."""

from __future__ import annotations

import os
import platform
import shlex
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tinypack.boards import Board
from tinypack.errors import Problem, TinypackError
from tinypack.oracle import oracle_name
from tinypack.verify import compiled
from tinypack.verify.board_tools import board_tools, look_again, program_version
from tinypack.verify.core_dir import make_core_dir
from tinypack.verify.debian import Package, apt_packages, install, install_command, run_step
from tinypack.verify.tools import which

LEAST_PYTHON = (3, 10)

_HAS_TFLITE_MICRO = platform.system() == "Linux" and platform.machine() == "x86_64"
#: What pip installs for a finding; the same requirements as in pyproject.toml.
PIP_REQUIREMENTS = {
    "PlatformIO": "platformio>=6.1.18,<7",
    "SCons": "scons>=4.8",
    "oracle": "tflite-micro==0.dev20261023182759" if _HAS_TFLITE_MICRO else "ai-edge-litert>=2.1",
}


@dataclass(frozen=True)
class Finding:
    """One thing that was looked for. `ok` and not `found`: missing, and nobody needs it."""

    name: str
    needed_for: str
    found: str | None  # a version where there is one
    ok: bool
    remedy: str  # a command; empty if there is nothing to do or no command for it


@dataclass(frozen=True)
class Check:
    """How to look for one thing."""

    name: str
    needed_for: str
    probe: Callable[[], str | None]
    board: str = ""  # the first that needs it
    optional: bool = False


def examine(boards: Sequence[Board]) -> list[Finding]:
    """Look for everything that these boards need, and for what all need; never fails."""
    packages = apt_packages()
    return [_finding(check, packages) for check in (*CHECKS, *_board_checks(boards), *OPTIONAL)]


def fix(boards: Sequence[Board], findings: Iterable[Finding], progress: Callable[[str], None]) -> list[Finding]:
    """Install what the findings lack, make PlatformIO's core folder, and examine again.

    Raises: TinypackError with every step that failed, after all were tried
    """
    missing = [finding.name for finding in findings if not finding.ok]
    known = apt_packages()
    debian = list(dict.fromkeys(package for name in missing for package in known.get(name, [])))
    pip = [PIP_REQUIREMENTS[name] for name in missing if name in PIP_REQUIREMENTS]
    problems: list[Problem] = []
    if debian:
        progress(f"install {' '.join(package.name for package in debian)}")
        problems += install(debian)
    if pip:
        progress(f"install {' '.join(pip)}")
        problems += run_step([sys.executable, "-m", "pip", "install", *pip], "Python packages")
    progress("make PlatformIO's core folder")
    try:
        make_core_dir()
    except TinypackError as error:
        problems += error.problems
    if problems:
        raise TinypackError(problems)
    look_again()
    return examine(boards)


def _board_checks(boards: Sequence[Board]) -> list[Check]:
    """Give one check for each tool, with all the boards that need it."""
    probes: dict[str, Callable[[], str | None]] = {}
    needed: dict[str, list[str]] = {}
    for board in boards:
        for tool in board_tools(board.platformio.board) if board.emulated else compiled.tools(board):
            probes.setdefault(tool.name, tool.probe)
            needed.setdefault(tool.name, []).append(board.id)
    return [
        Check(name, f"board{'s' if len(ids) > 1 else ''} {', '.join(ids)}", probes[name], ids[0])
        for name, ids in needed.items()
    ]


def _finding(check: Check, packages: dict[str, list[Package]]) -> Finding:
    found = check.probe()
    ok = found is not None or check.optional
    remedy = ""
    if not ok and check.name in packages:
        remedy = install_command(packages[check.name]) or f"tinypack doctor --board {check.board} --fix"
    elif not ok and check.name in PIP_REQUIREMENTS:
        remedy = shlex.join([sys.executable, "-m", "pip", "install", PIP_REQUIREMENTS[check.name]])
    return Finding(check.name, check.needed_for, found, ok, remedy)


def _distribution(name: str) -> Callable[[], str | None]:
    def probe() -> str | None:
        try:
            return version(name)
        except PackageNotFoundError:
            return None

    return probe


def _python() -> str | None:
    return platform.python_version() if sys.version_info >= LEAST_PYTHON else None


def _make_or_ninja() -> str | None:
    for name in ("ninja", "make"):
        found = program_version(name)
        if found is not None:
            return f"{name} {found}"
    return None


def _oracle() -> str | None:
    try:
        return oracle_name()
    except TinypackError:
        return None


def _zephyr() -> str | None:
    base = os.environ.get("ZEPHYR_BASE")
    return base if base and Path(base).is_dir() and which("west") is not None else None


CHECKS = (
    Check("Python", "tinypack", _python),
    Check("oracle", "expected outputs", _oracle),
    Check("PlatformIO", "verifying Arduino and PlatformIO archives", _distribution("platformio")),
    Check("SCons", "PlatformIO's builds", _distribution("SCons")),
    Check("cmake", "verifying CMake archives", lambda: program_version("cmake")),
    Check("make", "verifying CMake archives", _make_or_ninja),
    Check("git", "lib_deps from git tags", lambda: program_version("git")),
)
OPTIONAL = (Check("Zephyr", "verifying Zephyr archives, with ZEPHYR_BASE and west", _zephyr, optional=True),)
