"""Debian packages that bring what is missing: by apt, or of another suite unpacked beside what is installed."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tinypack.errors import Problem, TinypackError
from tinypack.verify.beside import unpack_beside
from tinypack.verify.tools import run, which

LIST = Path(__file__).parent.parent / "emulator" / "apt-packages.txt"
ASK_LIMIT, INSTALL_LIMIT = 30.0, 1800.0  # seconds


@dataclass(frozen=True)
class Package:
    """A Debian package; `suite` is empty if the machine's own will do."""

    name: str
    suite: str = ""


def apt_packages(path: Path = LIST) -> dict[str, list[Package]]:
    """Give the packages for each name of the doctor's table that has some."""
    packages: dict[str, list[Package]] = {}
    name, suite = "", ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# group "):
            suite = line.partition(" from ")[2]
        elif line.startswith("# for "):
            name = line.removeprefix("# for ")
        elif line and not line.startswith("#"):
            packages.setdefault(name, []).append(Package(line, suite))
    return packages


def install(packages: Iterable[Package]) -> list[Problem]:
    """Install packages; give what went wrong."""
    by_suite: dict[str, list[str]] = {}
    for package in packages:
        by_suite.setdefault(package.suite, []).append(package.name)
    problems: list[Problem] = []
    for suite, names in by_suite.items():
        try:
            problems += _apt(names) if not suite else []
            if suite:
                unpack_beside(suite, names)
        except TinypackError as error:
            problems += error.problems
    return problems


def install_command(packages: Sequence[Package]) -> str:
    """Give the command that brings packages of the machine's own suite; "" if some are of another."""
    return "" if any(package.suite for package in packages) else shlex.join(_install([p.name for p in packages]))


def run_step(argv: Sequence[str], where: str) -> list[Problem]:
    """Run a step of an installation; give what went wrong. Python's -m must not import from the user's folder."""
    done = run(argv, time_limit=INSTALL_LIMIT, cwd=Path(sys.prefix))
    if done.ok:
        return []
    last = (done.error_text.strip().splitlines() or [f"exit {done.code}"])[-1]
    hint = f"try it by hand: {shlex.join(argv)}"
    return [Problem("missing-tool", where, "the installation must succeed", last, hint)]


def _install(names: Sequence[str]) -> list[str]:
    return ["apt-get", "install", "-y", "--no-install-recommends", *names]


def _apt(names: Sequence[str]) -> list[Problem]:
    prefix = _root_prefix()
    if which("apt-get") is None or prefix is None:
        rule = "Debian packages need apt-get, and root or sudo without a password"
        return [Problem("missing-tool", ", ".join(names), rule, "neither", f"as root: {shlex.join(_install(names))}")]
    # Old lists may still do, so only the installation's own failure counts.
    run([*prefix, "apt-get", "update"], time_limit=INSTALL_LIMIT)
    return run_step([*prefix, "env", "DEBIAN_FRONTEND=noninteractive", *_install(names)], "Debian packages")


def _root_prefix() -> list[str] | None:
    """Say what to put before a command that needs root: nothing, sudo, or None if it can't be had."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return []
    if which("sudo") is not None and run(["sudo", "-n", "true"], time_limit=ASK_LIMIT).ok:
        return ["sudo", "-n"]
    return None
