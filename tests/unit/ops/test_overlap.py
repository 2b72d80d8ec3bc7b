"""Where outputs may begin that lie over an input."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import tinypack
from tinypack.ops.overlap import Apart, Overlap, SameBase, Slide

RUNTIME = Path(tinypack.__file__).parent / "runtime"


@pytest.mark.parametrize(
    ("overlap", "allowed"),
    [
        (Apart(), [-4, 3]),
        (Slide(), [-4, -3, -2, -1, 0, 3]),
        (Slide(2), [-4, -3, -2, 3]),
        (Slide(9), [-4, 3]),
        (SameBase(), [-4, 0, 3]),
    ],
)
def test_allowed_distances(overlap: Overlap, allowed: list[int]) -> None:
    """An input of 3 bytes, an output of 4."""
    intervals = overlap.forbidden(3, 4)
    assert [d for d in range(-4, 4) if not any(low < d < high for low, high in intervals)] == allowed


def test_no_kernel_promises_that_its_pointers_do_not_overlap() -> None:
    promises = re.compile(r"\brestrict\b|__restrict")
    found = [path.name for path in sorted(RUNTIME.rglob("tp_*.[ch]")) if promises.search(path.read_text("utf-8"))]
    assert found == []
