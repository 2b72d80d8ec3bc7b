"""Results of several places beside each other, by their time: where samples were lost, later ones still meet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tinypack.replay.lines import Row
from tinypack.replay.run import Timeline

#: What a place gave where Python gave a result, or where it gave none.
Finding = Literal["same", "other", "missing", "extra"]
WORDS: Mapping[Finding, str] = {"other": "different", "missing": "missing", "extra": "too many"}
#: A time, and which of the results that have it: faster than 1 kHz, several have the same millisecond.
Key = tuple[int, int]


@dataclass(frozen=True)
class Cell:
    """A place's result, or Python's where the place has none."""

    row: Row
    finding: Finding


@dataclass(frozen=True, eq=False)
class Aligned:
    """A timeline compared with Python's."""

    timeline: Timeline
    cells: Mapping[Key, Cell]  # in the order of time

    @property
    def verdict(self) -> str:
        """Say in a few words how it compares."""
        found = Counter(cell.finding for cell in self.cells.values())
        parts = [f"{found[finding]:,} {word}" for finding, word in WORDS.items() if found[finding]]
        parts += [f"{self.timeline.lost:,} samples lost"] if self.timeline.lost else []
        return ", ".join(parts) or "the same"

    @property
    def of_reference(self) -> list[Cell]:
        """What stands beside each of Python's results."""
        return [cell for cell in self.cells.values() if cell.finding != "extra"]

    @property
    def good(self) -> bool:
        return not self.timeline.lost and all(cell.finding == "same" for cell in self.cells.values())


def align(reference: Timeline, timeline: Timeline) -> Aligned:
    """Put a timeline beside Python's."""
    expected, found = _keyed(reference.rows), _keyed(timeline.rows)
    cells = {}
    for key in sorted(expected.keys() | found.keys()):
        ours, theirs = expected.get(key), found.get(key)
        if theirs is None:
            assert ours is not None
            cells[key] = Cell(ours, "missing")
        else:
            cells[key] = Cell(theirs, _finding(ours, theirs))
    return Aligned(timeline, cells)


def _finding(ours: Row | None, theirs: Row) -> Finding:
    if ours is None:
        return "extra"
    return "same" if ours.text == theirs.text else "other"


def _keyed(rows: Sequence[Row]) -> dict[Key, Row]:
    seen: Counter[int] = Counter()
    keyed = {}
    for row in rows:
        keyed[row.at, seen[row.at]] = row
        seen[row.at] += 1
    return keyed
