"""Instructions per unit of work, from measured calls: few coefficients, none below zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, combinations

import numpy as np

from tinypack.costs.work import DRIVERS, Work

WORTH = 0.005  # relative error that a further coefficient must take away
MOST = 5
MOST_ONCE = 1000  # instructions: no kernel does more apart from its elements


@dataclass(frozen=True)
class Measured:
    """One kernel call: its work, and the instructions that it took."""

    kernel: str
    work: Work
    instructions: float


@dataclass(frozen=True)
class Fit:
    costs: Work
    error: float  # the worst call's, relative


def fit(calls: Sequence[Measured]) -> Fit:
    """Fit by least squares of relative errors, over all choices of drivers; fewer are better than slightly closer ones.

    Two calls can't tell three drivers apart: there are fewer drivers than calls, but one at least.
    """
    drivers = [name for name in DRIVERS if any(call.work.get(name) for call in calls)]
    counts = np.array([[call.work.get(name, 0) for name in drivers] for call in calls], float)
    relative = counts / np.array([[call.instructions] for call in calls])
    most = min(MOST, max(1, len(calls) - 1))
    sizes = (combinations(range(len(drivers)), size) for size in range(1, most + 1))
    best: tuple[float, Fit] | None = None
    for chosen in chain.from_iterable(sizes):
        costs, *_ = np.linalg.lstsq(relative[:, chosen], np.ones(len(calls)), rcond=None)
        off = relative[:, chosen] @ costs - 1
        score = float(np.sqrt((off**2).mean())) + WORTH * len(chosen)
        named = {drivers[i]: float(cost) for i, cost in zip(chosen, costs, strict=True)}
        sane = (costs > 0).all() and named.get("call", 0) <= MOST_ONCE
        if sane and (best is None or score < best[0] - 1e-9):
            best = score, Fit(named, float(np.abs(off).max()))
    assert best is not None
    return best[1]
