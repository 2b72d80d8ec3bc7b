"""Where each buffer lies in the arena.

Placing intervals of time and space without overlap in the least space is NP-hard in general; models here are
nearly chains, for which greedy placement by a good order meets the lower bound. Several orders are tried and
the best is improved by exchanges, all deterministic.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from operator import itemgetter

ALIGNMENT = 4  # words, for float outputs and for kernels that load four int8 at once
MOST_EXCHANGES = 2000


@dataclass(frozen=True)
class Buffer:
    key: int
    size: int  # bytes
    first: int  # step that writes it; -1 for inputs
    last: int  # last step that reads it, inclusive

    @property
    def aligned(self) -> int:
        return -(-self.size // ALIGNMENT) * ALIGNMENT

    def overlaps(self, other: Buffer) -> bool:
        return self.first <= other.last and other.first <= self.last


def lower_bound(buffers: Sequence[Buffer]) -> int:
    """Bytes alive at the worst step."""
    steps = {b.first for b in buffers} | {b.last for b in buffers}
    return max((sum(b.aligned for b in buffers if b.first <= step <= b.last) for step in steps), default=0)


def place(buffers: Sequence[Buffer]) -> dict[int, int]:
    """Give each buffer the lowest offset that is free for its whole life, in the order given."""
    placed: list[tuple[int, Buffer]] = []
    for buffer in buffers:
        offset = 0
        for start, other in sorted(((s, b) for s, b in placed if b.overlaps(buffer)), key=itemgetter(0)):
            if offset + buffer.aligned <= start:
                break
            offset = max(offset, start + other.aligned)
        placed.append((offset, buffer))
    return {buffer.key: offset for offset, buffer in placed}


ORDERS: tuple[Callable[[Buffer], tuple[int, ...]], ...] = (
    lambda b: (-b.aligned, b.first, b.key),
    lambda b: (-(b.last - b.first), -b.aligned, b.key),
    lambda b: (b.first, -b.aligned, b.key),
    lambda b: (-b.last, -b.aligned, b.key),
)


def plan(buffers: Sequence[Buffer]) -> tuple[dict[int, int], int]:
    """Place all buffers.

    Units: bytes
    Returns offsets by key, and the arena's size.
    """

    def height(order: Sequence[Buffer]) -> int:
        offsets = place(order)
        return max((offsets[b.key] + b.aligned for b in order), default=0)

    bound = lower_bound(buffers)
    best = min((sorted(buffers, key=order) for order in ORDERS), key=height)
    best_height = height(best)
    exchanges = 0
    improved = True
    while best_height > bound and improved:
        improved = False
        for i, j in combinations(range(len(best)), 2):
            if (exchanges := exchanges + 1) > MOST_EXCHANGES:
                return place(best), best_height
            trial = list(best)
            trial[i], trial[j] = trial[j], trial[i]
            if (found := height(trial)) < best_height:
                best, best_height, improved = trial, found, True
                break
    return place(best), best_height
