"""Rules of a CMake package: what find_package and a cross build rely on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tinypack.formats.rules import Files, Finding, Rule, text
from tinypack.formats.rules.checks import any_like, there

LISTS = "CMakeLists.txt"


@dataclass(frozen=True)
class Project:
    files: Files


def _says(pattern: str) -> Callable[[Project], Iterator[Finding]]:
    def check(project: Project) -> Iterator[Finding]:
        if not re.search(pattern, text(project.files, LISTS)):
            yield LISTS, "no such line"

    return check


def _listed(project: Project) -> Iterator[Finding]:
    named = set(re.findall(r"^\s*(src/\S+\.c)$", text(project.files, LISTS), re.MULTILINE))
    present = {path for path in project.files if path.startswith("src/") and path.endswith(".c")}
    return ((LISTS, path) for path in sorted(named ^ present))


def _config(project: Project) -> Iterator[Finding]:
    """The project's name is the one that find_package asks for."""
    named = re.search(r"project\((\S+)", text(project.files, LISTS))
    if named and f"cmake/{named[1]}Config.cmake" not in project.files:
        yield f"cmake/{named[1]}Config.cmake", "it is missing"


def _absolute(project: Project) -> Iterator[Finding]:
    for path in project.files:
        if path.endswith((".cmake", LISTS)):
            yield from ((path, found) for found in re.findall(r'(?<=[\s"(])/\w[^\s")]*', text(project.files, path)))


RULES: tuple[Rule[Project], ...] = (
    Rule("CM001", "CMakeLists.txt is there", there(LISTS)),
    Rule("CM002", "it states the CMake version that it needs", _says(r"cmake_minimum_required\(VERSION 3\.\d+\)")),
    Rule("CM003", "the project is C alone, with a version", _says(r"project\(\S+ VERSION \d+\.\d+\.\d+ LANGUAGES C\)")),
    Rule("CM004", "the library names the C files of src, all and no others", _listed),
    Rule("CM005", "find_package finds <name>Config.cmake", _config),
    Rule("CM006", "targets are exported", _says(r"install\(EXPORT \S+Targets NAMESPACE \S+:: ")),
    Rule("CM007", "no absolute paths", _absolute),
    Rule("CM008", "there is a self-test", there("test/selftest.c")),
    Rule("CD001", "there is a readme", any_like(r"readme\.md", "README.md")),
    Rule("CD002", "there is a licence file", any_like(r"license", "LICENSE")),
)
