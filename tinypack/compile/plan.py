"""Where each buffer lies in the arena.

Placing intervals of time and space without overlap in the least space is NP-hard in general; models here are
nearly chains, for which greedy placement by a good order meets the lower bound. Several orders are tried and
the best is improved by exchanges, all deterministic, as long as the work stays small.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, combinations, islice
from operator import itemgetter

ALIGNMENT = 4  # words, for float outputs and for kernels that load four int8 at once
MOST_WORK = 2_000_000  # looks at neighbours, beyond the first order's: half a second


@dataclass(frozen=True)
class Buffer:
    key: int
    size: int  # bytes
    first: int  # step that writes it; -1 for inputs
    last: int  # last step that reads it, inclusive
    alignment: int = ALIGNMENT  # the same for all buffers of a plan

    @property
    def aligned(self) -> int:
        return -(-self.size // self.alignment) * self.alignment


def lower_bound(buffers: Sequence[Buffer]) -> int:
    """Bytes alive at the worst step."""
    changes = [(b.first, b.aligned) for b in buffers] + [(b.last + 1, -b.aligned) for b in buffers]
    return max(accumulate((change for _, change in sorted(changes)), initial=0))


def neighbours(buffers: Sequence[Buffer]) -> dict[int, list[tuple[int, int]]]:
    """Give for each buffer those that live at the same time: key and bytes."""
    found: dict[int, list[tuple[int, int]]] = {b.key: [] for b in buffers}
    alive: list[tuple[int, tuple[int, int]]] = []  # the last step of a life, and whose
    for buffer in sorted(buffers, key=lambda b: b.first):
        alive = [life for life in alive if life[0] >= buffer.first]
        mine = (buffer.key, buffer.aligned)
        for _, other in alive:
            found[buffer.key].append(other)
            found[other[0]].append(mine)
        alive.append((buffer.last, mine))
    return found


def place(buffers: Sequence[Buffer], beside: Mapping[int, Sequence[tuple[int, int]]]) -> dict[int, int]:
    """Give each buffer the lowest offset that is free for its whole life, in the order given."""
    offsets: dict[int, int] = {}
    for buffer in buffers:
        offset, size = 0, buffer.aligned
        for start, taken in sorted((offsets[key], bytes) for key, bytes in beside[buffer.key] if key in offsets):
            if offset + size <= start:
                break
            offset = max(offset, start + taken)
        offsets[buffer.key] = offset
    return offsets


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
    beside = neighbours(buffers)
    trials = 1 + MOST_WORK // (len(buffers) + sum(map(len, beside.values())) + 1)

    def placed(order: list[Buffer]) -> tuple[int, list[Buffer], dict[int, int]]:
        offsets = place(order, beside)
        return max((offsets[b.key] + b.aligned for b in order), default=0), order, offsets

    best = min((placed(sorted(buffers, key=order)) for order in ORDERS[:trials]), key=itemgetter(0))
    bound = lower_bound(buffers)
    improved = True
    while best[0] > bound and improved:
        improved = False
        for i, j in islice(combinations(range(len(buffers)), 2), trials):
            trials -= 1
            order = list(best[1])
            order[i], order[j] = order[j], order[i]
            trial = placed(order)
            if trial[0] < best[0]:
                best, improved = trial, True
                break
    size, _, offsets = best
    return offsets, size
