"""A change of a package, and by which step of semantic versioning it must be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

NOTHING = "-"  # stands for what is not there
LONGEST = 200  # characters of what is shown


class Step(IntEnum):
    """Parts of a version, the least first."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3

    @property
    def label(self) -> str:
        return self.name.lower()


def told(text: str) -> str:
    """Make a foreign text fit for a line of a terminal."""
    short = text if len(text) <= LONGEST else f"{text[: LONGEST - 4]} ..."
    return "".join(letter if letter.isprintable() else "?" for letter in short)


@dataclass(frozen=True)
class Change:
    """One thing that differs.

    growth  of sizes and counts: 0.05 for 5 % more; None where that says nothing
    """

    step: Step
    what: str
    old: str
    new: str
    growth: float | None = None

    def __post_init__(self) -> None:
        for name in ("what", "old", "new"):
            object.__setattr__(self, name, told(getattr(self, name)))

    def __str__(self) -> str:
        return f"{self.what}: {self.old} -> {self.new}" + (f" ({self.percent})" if self.growth is not None else "")

    @property
    def percent(self) -> str:
        return "" if self.growth is None else f"{100 * self.growth:+.1f} %"

    def to_json(self) -> dict[str, Any]:
        growth = None if self.growth is None else round(self.growth, 4)
        return {"step": self.step.label, "what": self.what, "old": self.old, "new": self.new, "growth": growth}


@dataclass(frozen=True)
class Comparison:
    """All changes, the gravest first, and what could not be compared."""

    changes: tuple[Change, ...]
    notes: tuple[str, ...] = ()

    @property
    def step(self) -> Step:
        return max((change.step for change in self.changes), default=Step.NONE)

    def reasons(self, most: int) -> str:
        """Name the gravest changes in a line."""
        gravest = [change for change in self.changes if change.step == self.step]
        more = [f"{len(gravest) - most} more"] if len(gravest) > most else []
        return "; ".join([*map(str, gravest[:most]), *more])


def sort_changes(changes: Sequence[Change]) -> tuple[Change, ...]:
    """Put the gravest first; others stay in their order."""
    return tuple(sorted(changes, key=lambda change: -change.step))
