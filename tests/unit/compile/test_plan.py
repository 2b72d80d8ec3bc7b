from __future__ import annotations

import itertools
import random
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.models import INT8_MODELS, model_bytes
from tinypack.compile import compile_graph
from tinypack.compile import plan as planner
from tinypack.compile.plan import (
    ALIGNMENT,
    MOST_WORK,
    ORDERS,
    Buffer,
    Neighbours,
    lower_bound,
    neighbours,
    place,
    plan,
)
from tinypack.importers.tflite import import_tflite
from tinypack.ops.overlap import Apart, Overlap, SameBase, Slide

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


@pytest.mark.parametrize(("count", "seed"), [(150, 2), (200, 5), (300, 1)])
def test_improvement_ends_in_time(count: int, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Buffers whose plan stays above the bound, so that exchanges would go on."""
    draw = random.Random(seed)
    spans = [(first, first + draw.randrange(1, 20)) for first in (draw.randrange(count) for _ in range(count))]
    buffers = [Buffer(key, draw.randrange(1, 50_000), *span) for key, span in enumerate(spans)]
    looks = 0

    def counted(order: list[Buffer], beside: Neighbours, *limit: float) -> dict[int, int]:
        nonlocal looks
        looks += sum(1 + len(beside[b.key]) for b in order)
        return place(order, beside, *limit)

    monkeypatch.setattr(planner, "place", counted)
    assert plan(buffers)[1] > lower_bound(buffers)
    assert looks < 1.1 * MOST_WORK


KINDS: tuple[Overlap, ...] = (Apart(), SameBase(), *(Slide(distance) for distance in (0, 0, 4, 5, 8, 12)))


@st.composite
def chains(draw: st.DrawFn, most: int) -> tuple[list[Buffer], dict[int, Overlap], dict[int, Buffer]]:
    """Draw buffers each of which is computed from the one before, how it may lie over that, and scratch by step."""
    drawn = draw(st.lists(st.integers(1, 8), min_size=2, max_size=most))
    values = [Buffer(key, 4 * size, key - 1, key) for key, size in enumerate(drawn)]
    related = {b.key: draw(st.sampled_from(KINDS)) for b in values[1:]}
    with_scratch = draw(st.sets(st.sampled_from([b.first for b in values[1:]])))
    scratch = {at: Buffer(-1 - at, 4 * draw(st.integers(1, 4)), at, at) for at in with_scratch}
    return values, related, scratch


def may_begin(overlap: Overlap, read: Buffer, written: Buffer, behind: int) -> bool:
    """Whether the written buffer may begin so many bytes behind the read one: the rules in other words."""
    if behind <= -written.aligned or behind >= read.aligned:
        return True
    return behind == 0 if isinstance(overlap, SameBase) else isinstance(overlap, Slide) and behind <= -overlap.distance


def has_room(size: int, taken: list[tuple[int, int]], wanted: int) -> bool:
    begins = (0, *(end for _, end in taken))
    return any(at + wanted <= size and all(at + wanted <= a or at >= b for a, b in taken) for at in begins)


def least_arena(values: list[Buffer], related: dict[int, Overlap], scratch: dict[int, Buffer]) -> int:
    """Try all offsets of a chain's buffers, from each to the next."""

    def fits(size: int) -> bool:
        begins = set(range(0, size - values[0].aligned + 1, ALIGNMENT))
        for a, b in pairwise(values):
            wanted = scratch[b.first].aligned if b.first in scratch else 0
            begins = {
                y
                for y in range(0, size - b.aligned + 1, ALIGNMENT)
                for x in begins
                if may_begin(related[b.key], a, b, y - x)
                and has_room(size, [(x, x + a.aligned), (y, y + b.aligned)], wanted)
            }
        return bool(begins)

    return next(size for size in itertools.count(0, ALIGNMENT) if fits(size))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(chains(most=6))
def test_plans_of_chains_are_the_least(chain: Any) -> None:
    values, related, scratch = chain
    overlaps = {(key - 1, key): [overlap] for key, overlap in related.items()}
    buffers = [*values, *scratch.values()]
    offsets, size = plan(buffers, overlaps)
    for a, b in pairwise(values):
        assert may_begin(related[b.key], a, b, offsets[b.key] - offsets[a.key])
    tied = {*overlaps}
    assert [pair for pair in clashes(buffers, offsets) if pair not in tied] == []
    assert lower_bound(buffers, overlaps) <= size == least_arena(values, related, scratch)


@pytest.mark.parametrize("name", INT8_MODELS)
def test_real_models_are_near_the_bound(name: str) -> None:
    program = compile_graph(import_tflite(model_bytes(name), name))
    assert program.lower_bound <= program.arena_bytes <= 1.15 * program.lower_bound
