"""Weighted sums of a spectrum's bins, such as mel filters."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinypack.features.halves import halves
from tinypack.features.protocol import Array, Arrays, Block
from tinypack.features.rows import by_rows
from tinypack.ops.protocol import Param, Table

LARGEST_WEIGHT = 2**16 - 1


@dataclass(frozen=True, eq=False)
class FilterBank(Block):
    """Sums of weight * bin / 2^shift, rounded down, over the bins from the first to the last that a filter weighs."""

    weights: np.ndarray  # int64 [filters, bins], 0..65535
    shift: int  # 1..31
    wide: bool  # bins may be 2^32 or more

    KERNEL: ClassVar[str] = "filter_bank_u64"
    BRIEF: ClassVar[str] = "filter bank"

    @property
    def inputs(self) -> tuple[Array, ...]:
        return (Array("uint32_t", 2 * self.weights.shape[1]),)

    @property
    def outputs(self) -> tuple[Array, ...]:
        return (Array("uint32_t", 2 * self.weights.shape[0]),)

    @property
    def spans(self) -> list[tuple[int, int]]:
        """First bin and number of bins of each filter."""
        used = [np.flatnonzero(row) for row in self.weights]
        return [(int(at[0]), int(at[-1] - at[0] + 1)) if len(at) else (0, 0) for at in used]

    @property
    def work(self) -> int:
        return sum(count for _, count in self.spans) * (3 if self.wide else 2)

    def params(self) -> tuple[tuple[str, Param], ...]:
        rows = [row[start : start + count] for row, (start, count) in zip(self.weights, self.spans, strict=True)]
        starts, counts = zip(*self.spans, strict=True)
        return (
            ("weight", Table("uint16_t", np.concatenate(rows).astype(np.uint16))),
            ("start", Table("uint16_t", np.array(starts, np.uint16))),
            ("count", Table("uint16_t", np.array(counts, np.uint16))),
            ("filters", len(rows)),
            ("shift", self.shift),
            ("wide", int(self.wide)),
        )

    def apply(self, inputs: Arrays, state: Arrays) -> Arrays:
        """Halves are summed apart, as products have up to 80 bits."""
        spans, weights, shift = self.spans, self.weights.astype(np.uint64), np.uint64(self.shift)

        def compute(x: np.ndarray) -> Arrays:
            parts = x[:, 0::2].astype(np.uint64), x[:, 1::2].astype(np.uint64)
            sums = np.zeros((2, len(x), len(spans)), np.uint64)
            for i, (start, count) in enumerate(spans):
                span = slice(start, start + count)
                for half, total in zip(parts, sums, strict=True):
                    total[:, i] = half[:, span] @ weights[i, span]
            return (halves((sums[1] << (np.uint64(32) - shift)) + (sums[0] >> shift)),)

        return by_rows(compute, *inputs)


def filter_bank(weights: np.ndarray, largest: int) -> tuple[FilterBank, float, int]:
    """Make the block of real weights for bins up to `largest`; sums stay below 2^63.

    Shapes: weights float64 [filters, bins], >= 0
    Returns it, what one step of its output is worth if one of the bins is worth 1, and a bound of its output.
    """
    unit = weights.max() / LARGEST_WEIGHT
    fixed = np.rint(weights / unit).astype(np.int64)
    most = int(fixed.sum(axis=1).max()) * largest
    shift = max(most.bit_length() - 63, 1)
    return FilterBank(fixed, shift, largest >= 2**32), math.ldexp(unit, shift), most >> shift
