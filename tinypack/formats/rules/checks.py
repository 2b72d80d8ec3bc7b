"""Checks that the rules of several ecosystems are made of: each takes its terms and gives a check."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from tinypack.formats.rules import Files, Finding

SEMVER = (
    r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)"
    r"(-(0|[1-9]\d*|\d*[A-Za-z-][\dA-Za-z-]*)(\.(0|[1-9]\d*|\d*[A-Za-z-][\dA-Za-z-]*))*)?"
    r"(\+[\dA-Za-z-]+(\.[\dA-Za-z-]+)*)?"
)
URL = r"https?://[^\s/]+\S*"


class HasFiles(Protocol):
    @property
    def files(self) -> Files: ...


class HasFields(Protocol):
    """A package whose manifest has fields."""

    @property
    def manifest(self) -> str: ...

    @property
    def fields(self) -> Mapping[str, Any]: ...


def there(path: str) -> Callable[[HasFiles], Iterator[Finding]]:
    """The file is in the package."""

    def check(package: HasFiles) -> Iterator[Finding]:
        if path not in package.files:
            yield path, "it is missing"

    return check


def any_like(pattern: str, what: str) -> Callable[[HasFiles], Iterator[Finding]]:
    """Some path matches, whatever its case."""

    def check(package: HasFiles) -> Iterator[Finding]:
        if not any(re.fullmatch(pattern, path, re.IGNORECASE) for path in package.files):
            yield what, "it is missing"

    return check


def none_like(pattern: str) -> Callable[[HasFiles], Iterator[Finding]]:
    """No path matches."""

    def check(package: HasFiles) -> Iterator[Finding]:
        return ((path, "it is there") for path in package.files if re.fullmatch(pattern, path))

    return check


def spelt(right: str, like: str, under: str = "") -> Callable[[HasFiles], Iterator[Finding]]:
    """What looks like a well-known name at the root, or below `under`, is spelt right."""

    def check(package: HasFiles) -> Iterator[Finding]:
        starts = [re.match(f"({under})([^/]+)", path) for path in package.files]
        names = {start[2]: start[0] for start in starts if start}
        if right not in names:
            for name, path in names.items():
                if re.fullmatch(like, name, re.IGNORECASE):
                    yield path, name

    return check


def has(field: str) -> Callable[[HasFields], Iterator[Finding]]:
    """The manifest has the field."""

    def check(package: HasFields) -> Iterator[Finding]:
        if field not in package.fields:
            yield f"{package.manifest}, {field}", "it is missing"

    return check


def lacks(field: str) -> Callable[[HasFields], Iterator[Finding]]:
    """The manifest does not have the field."""

    def check(package: HasFields) -> Iterator[Finding]:
        if field in package.fields:
            yield f"{package.manifest}, {field}", repr(package.fields[field])

    return check


def matches(field: str, pattern: str) -> Callable[[HasFields], Iterator[Finding]]:
    """The field, where it is there, matches as a whole; each item if it is a list."""

    def check(package: HasFields) -> Iterator[Finding]:
        value = package.fields.get(field, [])
        for item in value if isinstance(value, list) else [value]:
            if not (isinstance(item, str) and re.fullmatch(pattern, item, re.DOTALL)):
                yield f"{package.manifest}, {field}", repr(item)

    return check


def avoids(field: str, pattern: str) -> Callable[[HasFields], Iterator[Finding]]:
    """The field, where it is there, holds nothing that matches, whatever its case."""

    def check(package: HasFields) -> Iterator[Finding]:
        value = package.fields.get(field, "")
        if re.search(pattern, value, re.IGNORECASE):
            yield f"{package.manifest}, {field}", repr(value)

    return check


def items(field: str, pattern: str) -> Callable[[HasFields], Iterator[Finding]]:
    """Each item of a comma-separated field, where it is there, matches as a whole."""

    def check(package: HasFields) -> Iterator[Finding]:
        for item in package.fields[field].split(",") if field in package.fields else []:
            if not re.fullmatch(pattern, item.strip()):
                yield f"{package.manifest}, {field}", repr(item.strip())

    return check
