"""Rules of an ESP-IDF component: what its component manager refuses, and what its build system needs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from tinypack.formats.rules import Files, Finding, Rule, text
from tinypack.formats.rules.checks import SEMVER, URL, any_like, has, matches, none_like, there

MANIFEST = "idf_component.yml"
LISTS = "CMakeLists.txt"
EXAMPLE = "examples/selftest/"
MAIN = f"{EXAMPLE}main/"

#: Keys that the component manager knows, and the types it takes.
KEYS: dict[str, type] = {
    **dict.fromkeys(("version", "description", "license", "url", "repository"), str),
    **dict.fromkeys(("documentation", "issues", "discussion", "changelog"), str),
    **dict.fromkeys(("maintainers", "tags", "targets", "examples"), list),
    **dict.fromkeys(("dependencies", "files", "repository_info"), dict),
}


@dataclass(frozen=True)
class Component:
    files: Files
    manifest: str
    fields: Mapping[str, Any]  # empty if idf_component.yml is no mapping

    @classmethod
    def of(cls, files: Files) -> Component:
        try:
            fields = yaml.safe_load(text(files, MANIFEST))
        except (yaml.YAMLError, ValueError, RecursionError):
            fields = None
        return cls(files, MANIFEST, fields if isinstance(fields, dict) else {})


def _keys(component: Component) -> Iterator[Finding]:
    for key, value in component.fields.items():
        if not isinstance(value, KEYS.get(key, ())):
            yield f"{MANIFEST}, {key}", repr(value)


def _unique(field: str) -> Callable[[Component], Iterator[Finding]]:
    """No item of the list comes twice, whatever its case."""

    def check(component: Component) -> Iterator[Finding]:
        values = component.fields.get(field)
        items = [str(item).lower() for item in values] if isinstance(values, list) else []
        return ((f"{MANIFEST}, {field}", item) for item in sorted({item for item in items if items.count(item) > 1}))

    return check


def _depends(component: Component) -> Iterator[Finding]:
    """ESP-IDF itself is the one dependency."""
    found = component.fields.get("dependencies")
    if not (isinstance(found, dict) and list(found) == ["idf"] and re.fullmatch(r">=\d+\.\d+", str(found["idf"]))):
        yield f"{MANIFEST}, dependencies", repr(found)


def _registered(path: str, field: str) -> Callable[[Component], list[str]]:
    """Give the quoted words behind a key of the call of idf_component_register."""

    def words(component: Component) -> list[str]:
        call = re.search(r"^idf_component_register\(([^)]*)\)", text(component.files, path), re.MULTILINE)
        given = re.search(rf"\b{field}\s+((?:\"[^\"]*\"\s*)+)", call[1]) if call else None
        return re.findall(r'"([^"]*)"', given[1]) if given else []

    return words


def _sources(folder: str, among: str) -> Callable[[Component], Iterator[Finding]]:
    """The call names the C files below a folder, all and no others."""
    path, words = f"{folder}{LISTS}", _registered(f"{folder}{LISTS}", "SRCS")

    def check(component: Component) -> Iterator[Finding]:
        named = {f"{folder}{name}" for name in words(component)}
        present = {name for name in component.files if re.fullmatch(rf"{among}.*\.c", name)}
        return ((path, name) for name in sorted((named ^ present) or (set() if named else {"no SRCS"})))

    return check


def _include(component: Component) -> Iterator[Finding]:
    """The folder of the public header is named, and no other."""
    named = _registered(LISTS, "INCLUDE_DIRS")(component)
    if named != ["src"]:
        yield LISTS, f"INCLUDE_DIRS {named}"


def _project(component: Component) -> Iterator[Finding]:
    """The example finds the component two folders up, and is a project of ESP-IDF."""
    lists = text(component.files, f"{EXAMPLE}{LISTS}")
    for wanted in ("set(EXTRA_COMPONENT_DIRS ", "include($ENV{IDF_PATH}/tools/cmake/project.cmake)", "project("):
        if wanted not in lists:
            yield f"{EXAMPLE}{LISTS}", f"no {wanted}"


RULES: tuple[Rule[Component], ...] = (
    Rule("EC001", "idf_component.yml is there", there(MANIFEST)),
    Rule("EC002", "idf_component.yml has only keys and types that the component manager knows", _keys),
    Rule("EC003", "there is a version", has("version")),
    Rule("EC004", "the version is MAJOR.MINOR.PATCH (semver.org)", matches("version", SEMVER)),
    Rule("EC005", "there is a description", has("description")),
    Rule("EC006", "there is a licence", has("license")),
    Rule("EC007", "links are URLs", matches("url", URL)),
    Rule("EC008", "the repository is a URL", matches("repository", URL)),
    Rule("EC009", "a tag has 3 to 32 letters, digits, `_` or `-`", matches("tags", r"[A-Za-z0-9_-]{3,32}")),
    Rule("EC010", "tags differ, also where case does not count", _unique("tags")),
    Rule("EC011", "maintainers differ, also where case does not count", _unique("maintainers")),
    Rule("EC012", "it depends on a least version of ESP-IDF and nothing else", _depends),
    Rule("EB001", "CMakeLists.txt is there", there(LISTS)),
    Rule("EB002", "idf_component_register names the C files of src, all and no others", _sources("", "src/")),
    Rule("EB003", "the include folder is src", _include),
    Rule("EB004", "the component is C: no C++", none_like(r".*\.(cpp|cc|cxx|hpp|ino)")),
    Rule("EX001", "the example is a project that finds the component", _project),
    Rule("EX002", "its main component names its C files", _sources(MAIN, MAIN)),
    Rule("ED001", "there is a readme", any_like(r"readme\.md", "README.md")),
    Rule("ED002", "there is a licence file", any_like(r"license", "LICENSE")),
)
