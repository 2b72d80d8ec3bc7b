"""Distance of features to the nearest of several centres: K-means clusters and Gaussian mixtures in integers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinypack.decisions.fitted import Clusters, Mixture
from tinypack.decisions.protocol import SCORE_ONE, Given
from tinypack.decisions.ratio import MOST_FEATURES, Ratio, fixed, ratio
from tinypack.decisions.score import MOST_SCORE
from tinypack.features.protocol import Array, Arrays, Block
from tinypack.ops.protocol import Param, Table

#: Centres are in 1/128 of an input step, and lie within 16 bits.
STEP = 128
#: The most of STEP * input - centre.
MOST_APART = 128 * STEP + 2**15
#: Weighted differences stay below 2^23: MOST_FEATURES of their squares can be added.
MOST_WEIGHT = 2**23 // MOST_APART
WEIGHT_BITS = 15
MOST_SHIFT = 24


@dataclass(frozen=True, eq=False)
class Distance(Block):
    """The least score of all centres; each is the root of a ratio of the weighted squared distance."""

    centres: np.ndarray  # int16 [centres, length]
    weights: np.ndarray  # uint16 [1 or centres, length]
    shifts: np.ndarray  # uint8, likewise
    offsets: tuple[int, ...]  # one a centre
    ratios: tuple[Ratio, ...]  # likewise; of 2^32 times the squared score

    KERNEL: ClassVar[str] = "distance_s8"
    BRIEF: ClassVar[str] = "distance from what is usual"

    @property
    def length(self) -> int:
        return int(self.centres.shape[1])

    @property
    def inputs(self) -> tuple[Array, ...]:
        return (Array("int8_t", self.length),)

    @property
    def outputs(self) -> tuple[Array, ...]:
        return (Array("int32_t", 1),)

    @property
    def work(self) -> int:
        return int(self.centres.size)

    def params(self) -> tuple[tuple[str, Param], ...]:
        return (
            ("centre", Table("int16_t", self.centres)),
            ("weight", Table("uint16_t", self.weights)),
            ("weight_shift", Table("uint8_t", self.shifts)),
            ("offset", Table("int64_t", np.array(self.offsets, np.int64))),
            ("most", Table("int64_t", np.array([r.most for r in self.ratios], np.int64))),
            ("drop", Table("uint8_t", np.array([r.drop for r in self.ratios], np.uint8))),
            ("multiplier", Table("int32_t", np.array([r.multiplier for r in self.ratios], np.int32))),
            ("shift", Table("uint8_t", np.array([r.shift for r in self.ratios], np.uint8))),
            ("cap", MOST_SCORE**2),
            ("length", self.length),
            ("centres", len(self.centres)),
            ("own_weights", int(len(self.weights) > 1)),
        )

    def apply(self, inputs: Arrays, state: Arrays) -> Arrays:
        steps = inputs[0].astype(np.int64) * STEP
        rows = (np.broadcast_to(table, self.centres.shape) for table in (self.weights, self.shifts))
        least = np.full(steps.shape[:2], MOST_SCORE**2, np.int64)
        for centre, weight, shift, offset, scale in zip(self.centres, *rows, self.offsets, self.ratios, strict=True):
            half = 1 << shift.astype(np.int64) >> 1
            weighted = ((steps - centre) * weight + half) >> shift.astype(np.int64)
            least = np.minimum(least, scale.of((weighted**2).sum(-1) + offset))
        # Exact: a double holds numbers up to 2^44 and the roots of those next to squares.
        return (np.sqrt(least.astype(np.float64)).astype(np.int64)[..., None],)


def cluster_distance(fitted: Clusters, given: Given) -> Distance:
    """Make the block for K-means.

    Raises: ValueError if it doesn't go with the model
    """
    deviations = np.array([fitted.deviations])
    return _distance(np.array(fitted.centres), deviations, [0.0] * len(fitted.radii), fitted.radii, given)


def mixture_distance(fitted: Mixture, given: Given) -> Distance:
    """Make the block for a Gaussian mixture.

    Raises: ValueError if it doesn't go with the model
    """
    thresholds = [fitted.threshold] * len(fitted.weights)
    return _distance(np.array(fitted.means), np.array(fitted.deviations), fitted.offsets.tolist(), thresholds, given)


def _distance(
    centres: np.ndarray,
    deviations: np.ndarray,
    offsets: Sequence[float],
    radii: Sequence[float],
    given: Given,
) -> Distance:
    length = centres.shape[1]
    if length != given.inputs:
        raise ValueError(f"the file was fitted to {length} features; the model's input has {given.inputs}")
    if length > MOST_FEATURES:
        raise ValueError(f"the model's input has {length} elements; distances take {MOST_FEATURES}")
    places = np.rint((centres / given.input_scale + given.input_zero_point) * STEP)
    far = np.argwhere(np.abs(places) >= 2**15)
    if len(far):
        row, column = far[0]
        raise ValueError(
            f"centre {row} lies outside of what the model's input holds: feature {column} is {centres[row, column]:.6g}"
            "; fit it to features as the model takes them"
        )
    # A step of a weighted difference is this many deviations.
    factors = given.input_scale / (STEP * deviations)
    unit = factors.max() / MOST_WEIGHT
    pairs = [[_weight(factor) for factor in row] for row in factors / unit]
    table = np.array(pairs, np.int64)
    return Distance(
        centres=places.astype(np.int16),
        weights=table[..., 0].astype(np.uint16),
        shifts=table[..., 1].astype(np.uint8),
        offsets=tuple(round(min(offset / unit**2, 2.0**61)) for offset in offsets),
        ratios=tuple(ratio((SCORE_ONE * unit / radius) ** 2, MOST_SCORE**2) for radius in radii),
    )


def _weight(factor: float) -> tuple[int, int]:
    """Give a weight's mantissa and shift; what is below 2^-17 of the largest weight counts less and less."""
    multiplier, shift = fixed(factor, WEIGHT_BITS)
    return (multiplier, shift) if shift <= MOST_SHIFT else (round(factor * 2.0**MOST_SHIFT), MOST_SHIFT)
