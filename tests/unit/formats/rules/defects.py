"""Sound packages, and ways to spoil them."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from tests.support.content import make_content
from tinypack.formats import FORMATS, package_files

Files = dict[str, bytes]
Defect = Callable[[Files], None]

#: Rule id -> defects, each of which must break that rule.
Defects = dict[str, tuple[Defect, ...]]


def add(path: str, data: bytes = b"") -> Defect:
    """Put a file into the package."""
    return lambda files: files.update({path: data})


def drop(pattern: str) -> Defect:
    """Take all files that match out of it."""

    def spoil(files: Files) -> None:
        paths = [path for path in files if re.fullmatch(pattern, path)]
        assert paths, pattern
        for path in paths:
            del files[path]

    return spoil


def move(pattern: str, to: str) -> Defect:
    """Rename all files that match."""

    def spoil(files: Files) -> None:
        paths = [path for path in files if re.match(pattern, path)]
        assert paths, pattern
        for path in paths:
            files[re.sub(pattern, to, path)] = files.pop(path)

    return spoil


def edit(path: str, pattern: str, new: str) -> Defect:
    """Replace what matches in a file's text."""

    def spoil(files: Files) -> None:
        text, count = re.subn(pattern, lambda _: new, files[path].decode(), flags=re.MULTILINE)
        assert count, pattern
        files[path] = text.encode()

    return spoil


@cache
def _sound(name: str) -> Files:
    return package_files(FORMATS[name], make_content(repository="https://example.org/kws.git"))


def broken_rules(name: str, defect: Defect) -> set[str]:
    """Spoil a sound package and say which rules its validator finds broken."""
    files = dict(_sound(name))
    defect(files)
    return {problem.rule.split(":")[0] for problem in FORMATS[name].validate(files)}


def rows(defects: Defects) -> list[tuple[str, Defect]]:
    return [(rule, defect) for rule, several in defects.items() for defect in several]
