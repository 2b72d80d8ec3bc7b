"""Rules of publishing are data, as those of formats are: docs/publishing.md lists them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from tinypack.errors import Problem
from tinypack.formats.rules import Finding, Rule

SHOWN = 16  # hex digits of a hash
HINTS = {
    "R3": "set package.license in tinypack.toml",
    "R6": "build it again: `tinypack build`",
    "V1": "`tinypack verify PROJECT` writes one; --unverified publishes without, and says so to all",
    "V2": "mend what failed, or verify it again; --unverified publishes without, and says so to all",
}


def rules(*given: tuple[str, str, Callable[[Any], Iterable[Finding]]]) -> tuple[Rule[Any], ...]:
    """Make rules: id, what must hold, and what finds where it does not."""
    return tuple(Rule(*each) for each in given)


def broken(table: Sequence[Rule[Any]], subject: object, where: str) -> list[Problem]:
    """Ask every rule and give every finding."""
    return [
        Problem("refused", f"{where}: {place}", f"{rule.id}: {rule.brief}", found, HINTS.get(rule.id, ""))
        for rule in table
        for place, found in rule.check(subject)
    ]
