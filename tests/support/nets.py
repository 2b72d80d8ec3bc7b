"""Small networks of which some channels never change: training leaves such behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.support.model_builder import Op, T, build

SMALL = 8  # size of weights: sums of up to 144 taps stay below a third of STUCK
STUCK = 1 << 20  # a bias that no sum outweighs
X_SCALE, W_SCALE = 0.05, 0.02
SLIDING = {"stride_h": 1, "stride_w": 1, "dilation_h": 1, "dilation_w": 1}


@dataclass(frozen=True)
class Stuck:
    """Output channels of a layer that never change: at its least value, at its largest, and by weights of zeros."""

    low: Sequence[int] = ()
    high: Sequence[int] = ()
    zeros: Sequence[int] = ()


NONE = Stuck()


class Net:
    """A model that grows by layers; each takes a tensor's key and gives its output's."""

    def __init__(self, seed: int, shape: Sequence[int], zero_point: int = -128) -> None:
        self.random = np.random.default_rng(seed)
        self.tensors = [T(tuple(shape), scale=X_SCALE, zero_point=zero_point)]
        self.ops: list[Op] = []

    def built(self, *outputs: int) -> bytes:
        return build(self.tensors, self.ops, [0], outputs or (len(self.tensors) - 1,))

    def conv(self, x: int, depth: int, taps: int = 1, stuck: Stuck = NONE, groups: int = 1, **options: Any) -> int:
        """A convolution; VALID padding and RELU if nothing else is said."""
        shape = self.tensors[x].shape
        weights, bias = self._weights((depth, taps, taps, shape[3] // groups), 0, stuck)
        return self._layer("CONV_2D", x, weights, bias, depth, taps, options)

    def depthwise(self, x: int, taps: int = 3, stuck: Stuck = NONE, multiplier: int = 1, **options: Any) -> int:
        depth = self.tensors[x].shape[3] * multiplier
        weights, bias = self._weights((1, taps, taps, depth), 3, stuck)
        given = {"depth_multiplier": multiplier, **options}
        return self._layer("DEPTHWISE_CONV_2D", x, weights, bias, depth, taps, given)

    def dense(self, x: int, depth: int, inner: int = 0, stuck: Stuck = NONE, **options: Any) -> int:
        """A dense layer over so many elements, all of the input's if 0."""
        count = int(np.prod(self.tensors[x].shape))
        weights, bias = self._weights((depth, inner or count), 0, stuck)
        return self._weighted("FULLY_CONNECTED", x, weights, bias, (count // (inner or count), depth), options)

    def pool(self, op: str, x: int, taps: int, **options: Any) -> int:
        batch, height, width, depth = self.tensors[x].shape
        extents = (height - taps) // taps + 1, (width - taps) // taps + 1
        given = {"filter_h": taps, "filter_w": taps, "stride_h": taps, "stride_w": taps, **options}
        return self.like(op, [x], (batch, *extents, depth), **given)

    def view(self, op: str, x: int, shape: Sequence[int], *constants: T, **options: Any) -> int:
        first = len(self.tensors)
        self.tensors += constants
        return self.like(op, [x, *range(first, len(self.tensors))], shape, **options)

    def like(self, op: str, inputs: Sequence[int], shape: Sequence[int], **options: Any) -> int:
        """An operator whose output is quantised as its first input."""
        x = self.tensors[inputs[0]]
        self.tensors.append(T(tuple(shape), scale=x.scale, zero_point=x.zero_point))
        return self.put(op, inputs, **options)

    def put(self, op: str, inputs: Sequence[int], **options: Any) -> int:
        """An operator that gives the last tensor."""
        self.ops.append(Op(op, tuple(inputs), (len(self.tensors) - 1,), options))
        return len(self.tensors) - 1

    def _weights(self, shape: Sequence[int], axis: int, stuck: Stuck) -> tuple[T, T]:
        depth = shape[axis]
        data = np.moveaxis(self.random.integers(-SMALL, SMALL + 1, tuple(shape), np.int8), axis, 0)
        data[list(stuck.zeros)] = 0
        bias = self.random.integers(-1000, 1000, depth, np.int32)
        bias[list(stuck.low)], bias[list(stuck.high)] = -STUCK, STUCK
        scales, points = (W_SCALE,) * depth, (0,) * depth
        weights = T(tuple(shape), scale=scales, zero_point=points, axis=axis, data=np.moveaxis(data, 0, axis))
        return weights, T((depth,), "int32", X_SCALE * W_SCALE, data=bias)

    def _layer(self, op: str, x: int, weights: T, bias: T, depth: int, taps: int, options: Mapping[str, Any]) -> int:
        given = {**SLIDING, "padding": "VALID", **options}
        batch, *sizes, _ = self.tensors[x].shape
        extents = [
            -(-size // given[f"stride_{axis}"])
            if given["padding"] == "SAME"
            else (size - taps) // given[f"stride_{axis}"] + 1
            for size, axis in zip(sizes, "hw", strict=True)
        ]
        return self._weighted(op, x, weights, bias, (batch, *extents, depth), given)

    def _weighted(self, op: str, x: int, weights: T, bias: T, shape: Sequence[int], options: Mapping[str, Any]) -> int:
        given = {"activation": "RELU", **options}
        zero_point = given.pop("zero_point", -128)
        units = (X_SCALE * W_SCALE,) * shape[-1]
        first = len(self.tensors)
        self.tensors += [
            weights,
            T(bias.shape, "int32", units, (0,) * shape[-1], data=bias.data),
            T(tuple(shape), scale=X_SCALE, zero_point=zero_point),
        ]
        return self.put(op, [x, first, first + 1], **given)
