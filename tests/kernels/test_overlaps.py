"""Chains of operators whose outputs lie over their inputs, against the oracle in every node."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import sqrt
from pathlib import Path

import numpy as np

from tests.kernels.harness import Case, check, compile_case
from tests.kernels.rows import ACTIVATIONS, Random
from tests.kernels.targets import Target
from tests.kernels.weighted import MOST_BIAS, options, window_output
from tests.support.model_builder import Op, T, build


@dataclass
class Chain:
    """A model that grows; each operator reads the activation before it."""

    tensors: list[T]
    ops: list[Op] = field(default_factory=list)
    values: list[int] = field(default_factory=lambda: [0])  # activations so far

    @property
    def last(self) -> T:
        return self.tensors[self.values[-1]]

    def add(self, op: str, y: T, chosen: dict[str, object], constants: tuple[T, ...] = (), other: int = -1) -> None:
        keys = range(len(self.tensors), len(self.tensors) + len(constants))
        self.tensors += [*constants, y]
        inputs = [self.values[-1], *keys, *([other] if other >= 0 else [])]
        self.values.append(len(self.tensors) - 1)
        self.ops.append(Op(op, inputs, self.values[-1:], chosen))


def weighted(draw: Random, chain: Chain, op: str, out_depth: int, taps: tuple[int, int]) -> None:
    x, depthwise = chain.last, op == "DEPTHWISE_CONV_2D"
    chosen = options(draw, draw.choice(((1, 1), (1, 1), (2, 2), (1, 2))), (1, 1), draw.choice(("SAME", "VALID")))
    size = [
        window_output(x.shape[i + 1], taps[i], (chosen["stride_h"], chosen["stride_w"])[i], 1, str(chosen["padding"]))
        for i in (0, 1)
    ]
    if min(size) < 1:
        return
    shape = (1, *taps, out_depth) if depthwise else (out_depth, *taps, x.shape[3])
    scale = draw.scale(1e-3, 1e-1)
    unit = float(np.float32(x.scale * scale))
    bias = np.random.default_rng(draw.randrange(2**32)).integers(-MOST_BIAS, MOST_BIAS, out_depth, np.int32)
    fan_in = taps[0] * taps[1] * (1 if depthwise else x.shape[3])
    y_scale = float(np.float32(unit * sqrt(fan_in) * 60))
    # Converters give no -128, for which some kernels are not used.
    data = np.maximum(draw.int8(shape), draw.choice((-128, -127, -127, -127)))
    constants = (T(shape, scale=scale, data=data), T((out_depth,), "int32", unit, data=bias))
    more = {"depth_multiplier": out_depth // x.shape[3]} if depthwise else {}
    y = T((1, *size, out_depth), scale=y_scale, zero_point=draw.zero_point())
    chain.add(op, y, {**chosen, **more}, constants)


def convolution(draw: Random, chain: Chain) -> None:
    taps = draw.choice(((1, 1), (1, 1), (3, 3), (2, 3)))
    weighted(draw, chain, "CONV_2D", draw.choice((3, 4, 8, 12)), taps)


def depthwise(draw: Random, chain: Chain) -> None:
    depth = chain.last.shape[3]
    taps = draw.choice(((3, 3), (3, 3), (2, 1)))
    weighted(draw, chain, "DEPTHWISE_CONV_2D", depth * draw.choice((1, 1, 1, 2) if depth < 8 else (1,)), taps)


def addition(draw: Random, chain: Chain) -> None:
    alike = [key for key in chain.values if chain.tensors[key].shape == chain.last.shape]
    y = T(chain.last.shape, scale=chain.last.scale, zero_point=draw.zero_point())
    chain.add("ADD", y, {"activation": draw.choice(ACTIVATIONS)}, other=draw.choice(alike))


def rectified(draw: Random, chain: Chain) -> None:
    chain.add("RELU", T(chain.last.shape, scale=draw.scale(), zero_point=draw.zero_point()), {})


def pool(draw: Random, chain: Chain) -> None:
    x = chain.last
    if min(x.shape[1:3]) < 2:
        return
    y = T((1, x.shape[1] // 2, x.shape[2] // 2, x.shape[3]), scale=x.scale, zero_point=x.zero_point)
    chosen = {"padding": "VALID", "filter_h": 2, "filter_w": 2, "stride_h": 2, "stride_w": 2, "activation": "NONE"}
    chain.add(draw.choice(("MAX_POOL_2D", "AVERAGE_POOL_2D")), y, chosen)


MAKERS: tuple[Callable[[Random, Chain], None], ...] = (convolution, convolution, depthwise, addition, rectified, pool)


def drawn(number: int) -> Case:
    draw = Random(f"chain {number}")
    chain = Chain([draw.tensor((1, draw.randint(4, 9), draw.randint(4, 9), draw.choice((1, 3, 4, 8))))])
    while len(chain.ops) < 6:
        draw.choice(MAKERS)(draw, chain)
    return Case(f"chain {number}", build(chain.tensors, chain.ops, [0], chain.values[-1:]))


def overlaps(case: Case) -> int:
    """Count calls whose output shares bytes with an input."""
    program = compile_case(case, "c").program

    def region(key: int) -> set[int]:
        return set(range(program.offsets[key], program.offsets[key] + program.graph.tensors[key].nbytes))

    calls = [call for step in program.steps for call in step.calls]
    return sum(any(region(call.output) & region(x) for x in call.inputs if isinstance(x, int)) for call in calls)


def test_chains_against_the_oracle(tmp_path: Path, target: Target) -> None:
    cases = [drawn(number) for number in range(24)]
    assert sum(map(overlaps, cases)) > 2 * len(cases)
    check(cases, tmp_path, target)
