"""The figures that feature extraction is built for, on a Cortex-M4F."""

from __future__ import annotations

import pytest

from benchmarks.features import BOARD, SECTIONS, measure
from tests.support.machine import need_board

MFCC = "mfcc, 13 of 32 filters, 256 points, 20 ms"
FRAMES_A_SECOND = 50


@pytest.mark.tools
def test_mfcc_of_a_second() -> None:
    need_board(BOARD)
    row = measure(SECTIONS[MFCC], ["-O2"])
    assert row.second < 1_000_000  # instructions
    assert row.flash < 8192
    assert row.ram < 3072


@pytest.mark.tools
def test_micro_front_end_keeps_its_speed_for_size() -> None:
    need_board(BOARD)
    fast, small = (measure(SECTIONS["microfrontend"], [flag]) for flag in ("-O2", "-Os"))
    assert fast.second < 34_000 * FRAMES_A_SECOND
    assert small.second < 36_000 * FRAMES_A_SECOND
