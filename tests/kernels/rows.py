"""Seeded random parameters for tables of cases."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np

from tests.support.model_builder import T

ROUND = (0.001, 0.002, 0.005, 0.01, 0.02, 0.025, 0.05, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 1 / 255, 1 / 127.5, 1 / 256)
ACTIVATIONS = ("NONE", "RELU", "RELU6", "RELU_N1_TO_1")


class Random(random.Random):
    """Draws what models are made of."""

    def scale(self, low: float = 1e-3, high: float = 0.5) -> float:
        """Draw a float32 scale: evenly by magnitude, or a round number, whose ratios to others lie close to ties."""
        round_ones = [value for value in ROUND if low <= value <= high]
        if round_ones and self.random() < 0.4:
            return float(np.float32(self.choice(round_ones)))
        return float(np.float32(low * (high / low) ** self.random()))

    def zero_point(self) -> int:
        """Draw a zero point: the extremes and 0 more often than others."""
        return self.choice((-128, 127, 0, self.randint(-128, 127), self.randint(-128, 127)))

    def shape(self, rank: int, most: int = 6) -> tuple[int, ...]:
        return tuple(self.randint(1, most) for _ in range(rank))

    def tensor(self, shape: Sequence[int], constant: bool = False) -> T:
        """Make an int8 tensor of random quantisation."""
        data = self.int8(shape) if constant else None
        return T(tuple(shape), scale=self.scale(), zero_point=self.zero_point(), data=data)

    def int8(self, shape: Sequence[int]) -> np.ndarray:
        return np.random.default_rng(self.randrange(2**32)).integers(-128, 128, tuple(shape), np.int8)
