"""Where each buffer lies in the arena.

Placing intervals of time and space in the least space is NP-hard in general; models here are nearly chains, for which
greedy placement by a good order is the best there is. Several orders are tried and improved step by step, all
deterministic, as long as the work stays small.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, combinations, permutations
from math import inf
from operator import attrgetter

from tinypack.ops.overlap import Apart, Interval, Overlap

ALIGNMENT = 4  # words, for float outputs and for kernels that load four int8 at once
MOST_WORK = 2_000_000  # looks at neighbours, beyond those for ORDERS: half a second


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


#: Keys of a buffer that is read for the last time and of one that is written then -> what each of the reads allows.
Overlaps = Mapping[tuple[int, int], Sequence[Overlap]]
#: For each buffer those that live at the same time, and between which distances from their begin it may not begin.
Neighbours = Mapping[int, Sequence[tuple[int, int, int]]]


def lower_bound(buffers: Sequence[Buffer], overlaps: Overlaps | None = None) -> int:
    """Bytes alive at the worst step, less the most that its output may share with its inputs."""
    by_key = {b.key: b for b in buffers}
    shared = dict.fromkeys(by_key, 0)
    for (read, written), given in (overlaps or {}).items():
        shared[written] += _most_shared(by_key[read], by_key[written], given)
    changes = [(b.first, b.aligned) for b in buffers] + [(b.last + 1, -b.aligned) for b in buffers]
    # What an output shares counts for its first step only.
    for b in buffers:
        less = min(b.aligned, shared[b.key])
        changes += [(b.first, -less), (b.first + 1, less)]
    steps = {step: 0 for step, _ in changes}
    for step, change in changes:
        steps[step] += change
    return max(accumulate((steps[step] for step in sorted(steps)), initial=0))


def _most_shared(read: Buffer, written: Buffer, overlaps: Sequence[Overlap]) -> int:
    intervals = _forbidden(read, written, overlaps)
    begins = [end for interval in intervals for end in interval if not any(a < end < b for a, b in intervals)]
    return max(0, *(min(begin + written.aligned, read.aligned) - max(begin, 0) for begin in begins))


def _forbidden(read: Buffer, written: Buffer, overlaps: Sequence[Overlap]) -> list[Interval]:
    """Where the written buffer may not begin, from the read one's begin on, widened to what alignment leaves."""
    unit = read.alignment
    return [
        (low // unit * unit, -(-high // unit) * unit)
        for overlap in overlaps
        for low, high in overlap.forbidden(read.aligned, written.aligned)
    ]


def neighbours(buffers: Sequence[Buffer], overlaps: Overlaps | None = None) -> Neighbours:
    """Give for each buffer those that live at the same time."""
    related, apart = overlaps or {}, (Apart(),)
    found: dict[int, list[tuple[int, int, int]]] = {b.key: [] for b in buffers}
    alive: list[Buffer] = []
    for buffer in sorted(buffers, key=lambda b: b.first):
        alive = [other for other in alive if other.last >= buffer.first]
        for other in alive:
            for low, high in _forbidden(other, buffer, related.get((other.key, buffer.key), apart)):
                found[buffer.key].append((other.key, low, high))
                found[other.key].append((buffer.key, -high, -low))
        alive.append(buffer)
    return found


def place(buffers: Sequence[Buffer], beside: Neighbours, limit: float = inf) -> dict[int, int]:
    """Give each buffer the lowest offset that is allowed for its whole life, in the order given.

    Nothing if that takes `limit` bytes or more.
    """
    offsets: dict[int, int] = {}
    for buffer in buffers:
        offset = 0
        taken = [(offsets[key] + low, offsets[key] + high) for key, low, high in beside[buffer.key] if key in offsets]
        for low, high in sorted(taken):
            if offset <= low:
                break
            offset = max(offset, high)
        if offset + buffer.aligned >= limit:
            return {}
        offsets[buffer.key] = offset
    return offsets


ORDERS: tuple[Callable[[Buffer], tuple[int, ...]], ...] = (
    lambda b: (-b.aligned, b.first, b.key),
    lambda b: (-(b.last - b.first), -b.aligned, b.key),
    lambda b: (b.first, -b.aligned, b.key),
    lambda b: (-b.last, -b.aligned, b.key),
    lambda b: (-b.first, b.last, b.key),
)


@dataclass(frozen=True)
class Plan:
    order: Sequence[Buffer]
    offsets: Mapping[int, int]

    @property
    def size(self) -> int:
        """Bytes."""
        return max((self.offsets[b.key] + b.aligned for b in self.order), default=0)


def plan(buffers: Sequence[Buffer], overlaps: Overlaps | None = None) -> tuple[Mapping[int, int], int]:
    """Place all buffers.

    Units: bytes
    Returns offsets by key, and the arena's size.
    """
    beside, bound = neighbours(buffers, overlaps), lower_bound(buffers, overlaps)
    hard, easy = _split(buffers, beside, bound)
    budget = iter(range(MOST_WORK // (len(hard) + sum(len(beside[b.key]) for b in hard) + 1)))
    starts = [Plan(order, place(order, beside)) for order in (sorted(hard, key=order) for order in ORDERS)]
    best = min(starts, key=attrgetter("size"))
    for start in sorted(starts, key=attrgetter("size")):
        if best.size > bound:
            best = min(best, _improve(start, beside, bound, budget), key=attrgetter("size"))
    order = [*best.order, *easy]
    whole = Plan(order, place(order, beside))
    return whole.offsets, whole.size


def _split(buffers: Sequence[Buffer], beside: Neighbours, bound: int) -> tuple[list[Buffer], list[Buffer]]:
    """Set aside buffers that find a place below the bound wherever all others lie, in the order to place them."""
    hard = {b.key: b for b in sorted(buffers, key=lambda b: b.key)}
    easy: list[Buffer] = []

    def is_easy(buffer: Buffer) -> bool:
        blocked = sum(high - low for key, low, high in beside[buffer.key] if key in hard)
        # Open intervals of no more length than a closed one do not cover it.
        return blocked <= bound - buffer.aligned

    while found := next(filter(is_easy, hard.values()), None):
        del hard[found.key]
        easy.insert(0, found)
    return list(hard.values()), easy


def _improve(best: Plan, beside: Neighbours, bound: int, budget: Iterator[int]) -> Plan:
    """Change a plan's order for as long as that makes it smaller."""
    improved = True
    while best.size > bound and improved:
        improved = False
        size = best.size
        for order, _ in zip(_changed(best.order), budget, strict=False):
            if offsets := place(order, beside, size):
                best, improved = Plan(order, offsets), True
                break
    return best


def _changed(order: Sequence[Buffer]) -> Iterator[Sequence[Buffer]]:
    """Exchange any two, then put any one elsewhere."""
    for i, j in combinations(range(len(order)), 2):
        exchanged = list(order)
        exchanged[i], exchanged[j] = order[j], order[i]
        yield exchanged
    for i, j in permutations(range(len(order)), 2):
        moved = list(order)
        moved.insert(j, moved.pop(i))
        yield moved
