"""What this machine has of what builds and verifies packages, and how to bring the rest."""

from __future__ import annotations

import os
import platform
import re
import shlex
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tinypack.errors import Problem, TinypackError
from tinypack.oracle import oracle_name
from tinypack.verify.core_dir import make_core_dir
from tinypack.verify.tools import run, which

APT_PACKAGES = Path(__file__).parent.parent / "emulator" / "apt-packages.txt"
LEAST_PYTHON = (3, 10)
MACHINE = "mps2-an386"
ASK_LIMIT, INSTALL_LIMIT = 30.0, 1800.0  # seconds

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
    optional: bool = False


def examine() -> list[Finding]:
    """Look for everything; never fails."""
    packages = apt_packages()
    return [_finding(check, packages) for check in CHECKS]


def apt_packages(path: Path = APT_PACKAGES) -> dict[str, list[str]]:
    """Give the Debian packages for each name of the doctor's table that has some."""
    packages: dict[str, list[str]] = {}
    name = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# for "):
            name = line.removeprefix("# for ")
        elif line and not line.startswith("#"):
            packages.setdefault(name, []).append(line)
    return packages


def fix(findings: Iterable[Finding], progress: Callable[[str], None]) -> list[Finding]:
    """Install what the findings lack, make PlatformIO's core folder, and examine again.

    Raises: TinypackError with every step that failed, after all were tried
    """
    missing = [finding.name for finding in findings if not finding.ok]
    known = apt_packages()
    apt = [package for name in missing for package in known.get(name, [])]
    pip = [PIP_REQUIREMENTS[name] for name in missing if name in PIP_REQUIREMENTS]
    problems: list[Problem] = []
    if apt:
        progress(f"install {' '.join(apt)}")
        problems += _install_apt(apt)
    if pip:
        progress(f"install {' '.join(pip)}")
        problems += _run_step([sys.executable, "-m", "pip", "install", *pip], "Python packages")
    progress("make PlatformIO's core folder")
    try:
        make_core_dir()
    except TinypackError as error:
        problems += error.problems
    if problems:
        raise TinypackError(problems)
    return examine()


def _finding(check: Check, packages: dict[str, list[str]]) -> Finding:
    found = check.probe()
    ok = found is not None or check.optional
    remedy = ""
    if not ok and check.name in packages:
        remedy = shlex.join(_apt_install(packages[check.name]))
    elif not ok and check.name in PIP_REQUIREMENTS:
        remedy = shlex.join([sys.executable, "-m", "pip", "install", PIP_REQUIREMENTS[check.name]])
    return Finding(check.name, check.needed_for, found, ok, remedy)


def _apt_install(packages: Sequence[str]) -> list[str]:
    return ["apt-get", "install", "-y", "--no-install-recommends", *packages]


def _install_apt(packages: Sequence[str]) -> list[Problem]:
    install = _apt_install(packages)
    prefix = _root_prefix()
    if which("apt-get") is None or prefix is None:
        rule = "Debian packages need apt-get, and root or sudo without a password"
        return [Problem("missing-tool", ", ".join(packages), rule, "neither", f"as root: {shlex.join(install)}")]
    # Old lists may still do, so only the installation's own failure counts.
    run([*prefix, "apt-get", "update"], time_limit=INSTALL_LIMIT)
    return _run_step([*prefix, "env", "DEBIAN_FRONTEND=noninteractive", *install], "Debian packages")


def _root_prefix() -> list[str] | None:
    """Say what to put before a command that needs root: nothing, sudo, or None if it can't be had."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return []
    if which("sudo") is not None and run(["sudo", "-n", "true"], time_limit=ASK_LIMIT).ok:
        return ["sudo", "-n"]
    return None


def _run_step(argv: Sequence[str], where: str) -> list[Problem]:
    done = run(argv, time_limit=INSTALL_LIMIT)
    if done.ok:
        return []
    last = (done.error_text.strip().splitlines() or [f"exit {done.code}"])[-1]
    return [
        Problem("missing-tool", where, "the installation must succeed", last, f"try it by hand: {shlex.join(argv)}")
    ]


def _answer(argv: Sequence[str]) -> str | None:
    """Give a program's output, or None if it is missing or fails."""
    if which(argv[0]) is None:
        return None
    try:
        done = run(argv, time_limit=ASK_LIMIT)
    except TinypackError:
        return None
    return done.text if done.ok else None


def _program(name: str) -> Callable[[], str | None]:
    def probe() -> str | None:
        answer = _answer([name, "--version"])
        return None if answer is None else _version_in(answer)

    return probe


def _version_in(text: str) -> str:
    """Find the version in a program's answer: the last number with dots in its first line."""
    first = (text.splitlines() or [""])[0]
    numbers = re.findall(r"\d+(?:\.\d+)+", re.sub(r"\([^)]*\)", "", first)) or re.findall(r"\d+(?:\.\d+)+", first)
    return numbers[-1] if numbers else "yes"


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
        found = _program(name)()
        if found is not None:
            return f"{name} {found}"
    return None


def _newlib() -> str | None:
    """The compiler answers with a full path only for a file that it has."""
    path = (_answer(["arm-none-eabi-gcc", "-print-file-name=nano.specs"]) or "").strip()
    return str(Path(path).resolve()) if Path(path).is_absolute() else None


def _qemu() -> str | None:
    machines = _answer(["qemu-system-arm", "-M", "help"]) or ""
    known = any(line.split()[0] == MACHINE for line in machines.splitlines() if line.strip())
    return _program("qemu-system-arm")() if known else None


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
    Check("gcc", "board native", _program("gcc")),
    Check("g++", "board native", _program("g++")),
    Check("cmake", "verifying CMake archives", _program("cmake")),
    Check("make", "verifying CMake archives", _make_or_ninja),
    Check("git", "lib_deps from git tags", _program("git")),
    Check("arm-none-eabi-gcc", f"board {MACHINE}", _program("arm-none-eabi-gcc")),
    Check("newlib", f"board {MACHINE}", _newlib),
    Check("qemu-system-arm", f"board {MACHINE}", _qemu),
    Check("Zephyr", "verifying Zephyr archives, with ZEPHYR_BASE and west", _zephyr, optional=True),
)
