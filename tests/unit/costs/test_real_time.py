from __future__ import annotations

from dataclasses import replace

import pytest

from tinypack.boards import board
from tinypack.costs.real_time import real_time

#: A thousand instructions a second, one cycle each: an instruction takes a millisecond.
SLOW = board("native").model_copy(
    update={"cpu": board("native").cpu.model_copy(update={"clock_hz": 1000, "cycles_per_instruction": 1.0})}
)

#: Instructions of a frame and of an inference, every; load, least every, ring samples. Frames have 30 samples, hops 20.
LOADS = [
    (5, 10, 1, 0.75, 1, 60),
    (5, 15, 1, 1.0, 1, 65),
    (5, 80, 1, 4.25, 6, 130),
    (5, 80, 6, 0.25 + 80 / 120, 6, 130),
    (5, 80, 8, 0.75, 6, 130),
    (0, 0, 1, 0.0, 1, 50),
    (19, 80, 80, 1.0, 80, 130),
    (20, 80, 4, 2.0, None, 130),  # frames alone take all the time
    (40, 0, 1, 2.0, None, 50),
]


@pytest.mark.parametrize(("frame", "invoke", "every", "load", "least", "ring"), LOADS)
def test_load(frame: int, invoke: int, every: int, load: float, least: int | None, ring: int) -> None:
    found = real_time(SLOW, frame, invoke, rate=1000, hop=20, frame=30, every=every)
    assert found.load == pytest.approx(load)
    assert (found.least_every, found.ring_samples) == (least, ring)
    assert (found.frame_seconds, found.invoke_seconds) == pytest.approx((frame / 1000, invoke / 1000))
    assert (found.board, found.every, found.hop_seconds) == ("native", every, 0.02)


@pytest.mark.parametrize(("frame", "invoke", "every", "load", "least", "ring"), LOADS)
def test_least_every_is_the_smallest_that_keeps_up(
    frame: int, invoke: int, every: int, load: float, least: int | None, ring: int
) -> None:
    loads = [real_time(SLOW, frame, invoke, 1000, 20, 30, n).load for n in range(1, 100)]
    assert next((n for n, found in enumerate(loads, 1) if found <= 1 + 1e-9), None) == least


def test_a_ring_holds_what_arrives_during_a_part_of_a_sample() -> None:
    found = real_time(SLOW, 0, 7, rate=100, hop=2, frame=3, every=1)  # 0.7 samples
    assert found.ring_samples == 6


def test_cycles_per_instruction_count() -> None:
    half = SLOW.model_copy(update={"cpu": SLOW.cpu.model_copy(update={"cycles_per_instruction": 0.5})})
    found = real_time(half, 10, 20, 1000, 20, 30, 1)
    assert found == replace(real_time(SLOW, 5, 10, 1000, 20, 30, 1), frame_instructions=10, invoke_instructions=20)
