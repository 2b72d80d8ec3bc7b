from __future__ import annotations

from collections.abc import Sequence

import pytest

from tinypack.replay.aligned import align
from tinypack.replay.lines import read_lines
from tinypack.replay.run import Timeline

OURS = ["t=100 score=0.5000", "t=200 score=0.6000", "t=200 score=0.7000", "t=300 score=0.8000"]
#: What a board printed; what is found of each time, and the words for it.
CASES: dict[str, tuple[Sequence[str], Sequence[str], str]] = {
    "the same": (OURS, ["same"] * 4, "the same"),
    "another score": ([*OURS[:3], "t=300 score=0.8001"], ["same"] * 3 + ["other"], "1 different"),
    "one missing, later ones still meet": ([OURS[0], *OURS[2:]], ["same", "other", "missing", "same"], ""),
    "the first of all missing": (OURS[1:], ["missing", "same", "same", "same"], "1 missing"),
    "one more": ([*OURS, "t=400 score=0.1000"], ["same"] * 4 + ["extra"], "1 too many"),
    "samples lost": ([*OURS, "lost=1234"], ["same"] * 4, "1,234 samples lost"),
    "nothing": ([], ["missing"] * 4, "4 missing"),
}


def timeline(place: str, lines: Sequence[str]) -> Timeline:
    rows, lost, _ = read_lines("\n".join(lines))
    return Timeline(place, rows, lost)


@pytest.mark.parametrize(("lines", "findings", "verdict"), CASES.values(), ids=CASES)
def test_results_meet_by_their_time(lines: Sequence[str], findings: Sequence[str], verdict: str) -> None:
    found = align(timeline("python", OURS), timeline("native", lines))
    assert [cell.finding for cell in found.cells.values()] == findings
    assert found.verdict == (verdict or "1 different, 1 missing")
    assert found.good == (found.verdict == "the same")
