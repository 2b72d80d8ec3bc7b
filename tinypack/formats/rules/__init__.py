"""A rule of an ecosystem is data: an id, one line, and a function that finds where it is broken."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from tinypack.errors import Problem

Files = Mapping[str, bytes]
Subject = TypeVar("Subject")

#: Where in the package, and what was found there.
Finding = tuple[str, str]


@dataclass(frozen=True)
class Rule(Generic[Subject]):
    id: str
    brief: str  # what must hold
    check: Callable[[Subject], Iterable[Finding]]


def broken(format_name: str, rules: Sequence[Rule[Subject]], subject: Subject) -> list[Problem]:
    """Ask every rule and give every finding."""
    return [
        Problem("invalid-package", f"{format_name} package: {where}", f"{rule.id}: {rule.brief}", found)
        for rule in rules
        for where, found in rule.check(subject)
    ]


def text(files: Files, path: str) -> str:
    """Give a file's text, "" where it is absent."""
    return files.get(path, b"").decode(errors="replace")
