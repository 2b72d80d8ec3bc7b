from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.models import INT8_MODELS, model_bytes
from tinypack.compile import compile_graph
from tinypack.compile import plan as planner
from tinypack.compile.plan import ALIGNMENT, MOST_WORK, ORDERS, Buffer, lower_bound, neighbours, place, plan
from tinypack.importers.tflite import import_tflite

STEPS = 12
spans = st.tuples(st.integers(-1, STEPS), st.integers(-1, STEPS)).map(sorted)
sizes = st.integers(1, 100) | st.integers(1, 100_000)


@st.composite
def buffer_lists(draw: st.DrawFn) -> list[Buffer]:
    drawn = draw(st.lists(st.tuples(sizes, spans), max_size=14))
    return [Buffer(key, size, first, last) for key, (size, (first, last)) in enumerate(drawn)]


def clashes(buffers: list[Buffer], offsets: dict[int, int]) -> list[tuple[int, int]]:
    """Pairs that share a byte at a step; counted byte range by byte range, not by the planner's own functions."""
    found = []
    for a in buffers:
        for b in buffers:
            together = any(a.first <= step <= a.last and b.first <= step <= b.last for step in range(-1, STEPS + 1))
            apart = offsets[a.key] + a.size <= offsets[b.key] or offsets[b.key] + b.size <= offsets[a.key]
            if a.key < b.key and together and not apart:
                found.append((a.key, b.key))
    return found


@given(buffer_lists())
def test_no_two_live_buffers_overlap(buffers: list[Buffer]) -> None:
    offsets, size = plan(buffers)
    assert offsets.keys() == {b.key for b in buffers}
    assert clashes(buffers, offsets) == []
    assert all(offset >= 0 and offset % ALIGNMENT == 0 for offset in offsets.values())
    assert size == max((offsets[b.key] + b.aligned for b in buffers), default=0)
    assert size >= lower_bound(buffers)


@given(buffer_lists(), st.randoms(use_true_random=False))
def test_plan_does_not_depend_on_the_order_given(buffers: list[Buffer], chance: random.Random) -> None:
    shuffled = list(buffers)
    chance.shuffle(shuffled)
    assert plan(buffers) == plan(shuffled)


@given(buffer_lists())
def test_lower_bound_is_the_worst_step(buffers: list[Buffer]) -> None:
    worst = max(sum(b.aligned for b in buffers if b.first <= step <= b.last) for step in range(-1, STEPS + 1))
    assert lower_bound(buffers) == worst


@pytest.mark.parametrize(
    ("buffers", "size"),
    [
        ([], 0),
        ([Buffer(0, 1, 0, 0)], 4),
        ([Buffer(0, 8, -1, 0), Buffer(1, 8, 1, 2)], 8),
        ([Buffer(0, 8, -1, 1), Buffer(1, 8, 1, 2)], 16),
        # Large, small, large in a row: the small one must not split the space.
        ([Buffer(0, 100, 0, 1), Buffer(1, 20, 1, 2), Buffer(2, 100, 2, 3)], 120),
        ([Buffer(0, 8, 0, 3), Buffer(1, 4, 0, 1), Buffer(2, 4, 1, 2), Buffer(3, 4, 2, 3)], 16),
    ],
    ids=["none", "rounded up", "one after the other", "both at once", "ends", "long life"],
)
def test_small_plans(buffers: list[Buffer], size: int) -> None:
    assert plan(buffers)[1] == size


def test_exchanges_improve_on_all_orders() -> None:
    """A case that no single order solves."""
    buffers = [Buffer(0, 20, 1, 3), Buffer(1, 20, 1, 2), Buffer(2, 8, 0, 2), Buffer(3, 24, 3, 5)]
    for order in ORDERS:
        offsets = place(sorted(buffers, key=order), neighbours(buffers))
        assert max(offsets[b.key] + b.aligned for b in buffers) > 48
    offsets, size = plan(buffers)
    assert size == lower_bound(buffers) == 48 and clashes(buffers, offsets) == []


@pytest.mark.parametrize(("count", "seed"), [(150, 7), (200, 2), (300, 2)])
def test_improvement_ends_in_time(count: int, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Buffers whose plan stays above the bound, so that exchanges would go on."""
    draw = random.Random(seed)
    spans = [(first, first + draw.randrange(1, 6)) for first in (draw.randrange(count) for _ in range(count))]
    buffers = [Buffer(key, draw.randrange(1, 50_000), *span) for key, span in enumerate(spans)]
    looks = 0

    def counted(order: list[Buffer], beside: dict[int, list[tuple[int, int]]]) -> dict[int, int]:
        nonlocal looks
        looks += sum(1 + len(beside[b.key]) for b in order)
        return place(order, beside)

    monkeypatch.setattr(planner, "place", counted)
    assert plan(buffers)[1] > lower_bound(buffers)
    assert looks < 1.1 * MOST_WORK


@pytest.mark.parametrize("name", INT8_MODELS)
def test_real_models_are_within_5_percent_of_the_bound(name: str) -> None:
    program = compile_graph(import_tflite(model_bytes(name), name))
    assert program.lower_bound <= program.arena_bytes <= 1.05 * program.lower_bound
