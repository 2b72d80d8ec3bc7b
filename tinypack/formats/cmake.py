"""The plain CMake project: a static library with find_package and a test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import semver

from tinypack.errors import Problem
from tinypack.formats.facts import gather
from tinypack.formats.render import placed, render, sources
from tinypack.formats.rules import broken
from tinypack.formats.rules import cmake as rules
from tinypack.package import Content

if TYPE_CHECKING:
    from tinypack.manifest import Package

NAME = "cmake"
BRIEF = "CMake static library (.tar.gz) with find_package and a test"
TOP_FOLDER = True
NEEDS_URL = False


@dataclass(frozen=True)
class Context:
    version: str  # CMake knows numbers only


def filename(package: Package) -> str:
    return f"{package.name}-{package.version}-cmake.tar.gz"


def context(content: Content) -> Context:
    return Context(str(semver.Version.parse(content.manifest.package.version).finalize_version()))


def tree(content: Content) -> dict[str, bytes]:
    facts = gather(content)
    return {
        **render("package", facts),
        **render("cmake", facts, cmake=context(content)),
        **placed("test", content.selftest),
        **sources(content),
    }


def validate(files: Mapping[str, bytes]) -> list[Problem]:
    return broken(NAME, rules.RULES, rules.Project(files))
