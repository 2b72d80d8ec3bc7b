"""The Zephyr module: C only, with a sample that twister runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tinypack.errors import Problem
from tinypack.formats.facts import gather
from tinypack.formats.render import placed, render, sources
from tinypack.formats.rules import broken
from tinypack.formats.rules import zephyr as rules
from tinypack.package import Content

if TYPE_CHECKING:
    from tinypack.manifest import Package

NAME = "zephyr"
BRIEF = "Zephyr module (.tar.gz) for west or ZEPHYR_EXTRA_MODULES"
TOP_FOLDER = True
NEEDS_URL = False

STACK_BYTES = 2048
KERNEL_RAM = 8 << 10  # what Zephyr and the sample need beside the model, rounded up
KERNEL_FLASH = 48 << 10


@dataclass(frozen=True)
class Context:
    symbol: str  # of Kconfig; a package `gpio` must not switch Zephyr's GPIO
    stack_bytes: int
    ram_kib: int
    flash_kib: int


def filename(package: Package) -> str:
    return f"{package.name}-{package.version}-zephyr.tar.gz"


def context(content: Content) -> Context:
    facts = gather(content)
    return Context(
        symbol=f"{rules.SYMBOL_PREFIX}{facts.macro}",
        stack_bytes=STACK_BYTES,
        ram_kib=_kib(facts.ram_bytes + STACK_BYTES + KERNEL_RAM),
        flash_kib=_kib(facts.table_bytes + KERNEL_FLASH),
    )


def tree(content: Content) -> dict[str, bytes]:
    facts = gather(content)
    return {
        **render("package", facts),
        **render("zephyr", facts, zephyr=context(content)),
        **placed("samples/selftest/src", content.selftest),
        **sources(content),
    }


def validate(files: Mapping[str, bytes]) -> list[Problem]:
    return broken(NAME, rules.RULES, rules.Module.of(files))


def _kib(size: int) -> int:
    return -(-size // 1024)
