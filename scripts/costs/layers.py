"""Layers to measure: of each kernel a few sizes, as small models have them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from tinypack.compile import Program, compile_graph
from tinypack.compile.arena import plan_arena
from tinypack.compile.lower import Options
from tinypack.graph import Graph, Node, Quantization, Tensor
from tinypack.ops import OPS, winograd

HALF = Quantization((0.05,), (-3,))
OUTPUT = Quantization((0.06,), (-128,))  # as RELU has it
PROBABILITY = Quantization((1 / 256,), (-128,))
WINDOW = {"activation": "RELU", "padding": "SAME", "stride_h": 1, "stride_w": 1, "dilation_h": 1, "dilation_w": 1}
DENSE = {"activation": "NONE", "weights_format": "DEFAULT", "keep_num_dims": False}

GOALS = ("balanced", "size")  # fast kernels where there are, and those that serve any layer
#: Input height, width and channels, filter height and width, output channels, stride.
CONVOLUTIONS = [
    (24, 24, 3, 3, 3, 8, 2),
    (16, 16, 16, 3, 3, 16, 1),
    (8, 8, 32, 3, 3, 32, 2),
    (4, 4, 48, 3, 3, 16, 1),
    (12, 12, 8, 1, 1, 16, 1),
    (13, 5, 64, 1, 1, 64, 1),
    (6, 6, 128, 1, 1, 64, 1),
    (25, 10, 1, 10, 4, 16, 2),
    (49, 40, 1, 10, 8, 8, 2),
    (30, 30, 1, 10, 8, 16, 2),
    (40, 3, 6, 8, 3, 8, 2),
]
#: Height and width, input and output channels of those of 3x3 that have working memory for their weights.
IN_RAM = [(16, 16, 16, 16), (8, 8, 48, 32), (20, 24, 8, 24), (8, 12, 32, 20)]
#: The same as of CONVOLUTIONS, of depthwise ones.
DEPTHWISE = [
    (24, 24, 8, 3, 3, 8, 1),
    (24, 24, 16, 3, 3, 16, 2),
    (13, 5, 64, 3, 3, 64, 1),
    (3, 3, 128, 3, 3, 128, 1),
    (6, 6, 32, 3, 3, 32, 1),
    (12, 12, 32, 3, 3, 32, 2),
    (24, 24, 6, 3, 3, 6, 1),
    (9, 9, 10, 3, 3, 10, 2),
    (3, 3, 30, 3, 3, 30, 1),
    (20, 16, 3, 5, 3, 6, 1),
    (24, 20, 1, 10, 8, 8, 2),
    (16, 16, 4, 5, 5, 8, 1),
    (40, 32, 1, 8, 6, 4, 1),
    (30, 30, 2, 7, 7, 8, 2),
]
#: The same, of pools: output channels are the input's.
POOLS = [(16, 16, 16, 2, 2, 16, 2), (12, 5, 32, 12, 5, 32, 1), (9, 9, 16, 3, 3, 16, 2), (32, 1, 16, 4, 1, 16, 4)]
DENSE_LAYERS = [(16, 16), (640, 128), (128, 8), (64, 12), (400, 4), (9, 32)]
ELEMENTS = [(1, 40), (1, 16, 16, 8), (1, 5, 5, 64)]
CLASSES = [(1, 2), (1, 4), (1, 12), (1, 100)]


def layers() -> Iterator[Program]:
    for op, shapes in (("CONV_2D", CONVOLUTIONS), ("DEPTHWISE_CONV_2D", DEPTHWISE)):
        for height, width, channels, filter_h, filter_w, outputs, stride in shapes:
            filters = (outputs, filter_h, filter_w, channels) if op == "CONV_2D" else (1, filter_h, filter_w, outputs)
            options = {"stride_h": stride, "stride_w": stride, "depth_multiplier": outputs // channels}
            given = [_activation((1, height, width, channels)), *_weights(filters, 0 if op == "CONV_2D" else 3)]
            for goal in GOALS:
                yield _layer(op, given, goal=goal, **{**WINDOW, **options})
    for height, width, channels, outputs in IN_RAM:
        given = [_activation((1, height, width, channels)), *_weights((outputs, 3, 3, channels), 0)]
        yield from _in_ram(_layer("CONV_2D", given, **WINDOW))
    for op in ("AVERAGE_POOL_2D", "MAX_POOL_2D"):
        for height, width, channels, filter_h, filter_w, _, stride in POOLS:
            options = {"stride_h": stride, "stride_w": stride, "filter_h": filter_h, "filter_w": filter_w}
            yield _layer(op, [_activation((1, height, width, channels))], HALF, **{**WINDOW, **options})
    for inputs, outputs in DENSE_LAYERS:
        given = [_activation((1, inputs)), *_weights((outputs, inputs), 0)]
        for goal in GOALS:
            yield _layer("FULLY_CONNECTED", given, goal=goal, **DENSE)
    for shape in CLASSES:
        yield _layer("SOFTMAX", [_activation(shape)], PROBABILITY, beta=1.0)
    for shape in ELEMENTS:
        x = _activation(shape)
        yield _layer("ADD", [x, x], activation="NONE")
        yield _layer("ADD", [x, _activation(shape[-1:])], activation="RELU")
        yield _layer("MUL", [x, x], activation="NONE")
        yield _layer("CONCATENATION", [x, x], HALF, activation="NONE", axis=-1)
        yield _layer("LOGISTIC", [x], PROBABILITY)
        yield _layer("DEQUANTIZE", [x], None, "float32")
        yield _layer("QUANTIZE", [replace(x, dtype="float32", quantization=None)])
    for axes in ([1, 2], [2], [1]):
        yield _layer("MEAN", [_activation((1, 8, 6, 32)), _constant(axes)], keep_dims=True)
    for around in (
        [[0, 0], [1, 1], [1, 1], [0, 0]],
        [[0, 0], [0, 0], [0, 0], [4, 4]],
        [[0, 0], [4, 3], [2, 2], [0, 0]],
    ):
        yield _layer("PAD", [_activation((1, 12, 8, 8)), _constant(around)], HALF)


def _activation(shape: Sequence[int]) -> Tensor:
    return Tensor(-1, "", tuple(shape), "int8", HALF)


def _constant(values: Any) -> Tensor:
    data = np.array(values, np.int32)
    return Tensor(-1, "", data.shape, "int32", None, data)


def _weights(shape: tuple[int, ...], axis: int) -> tuple[Tensor, Tensor]:
    channels = shape[axis]
    values = np.random.default_rng(1).integers(-127, 128, shape, np.int8)
    scales = tuple(float(np.float32(0.002 + 0.0001 * i)) for i in range(channels))
    weights = Tensor(-1, "", shape, "int8", Quantization(scales, (0,) * channels, axis), values)
    return weights, _constant(np.arange(channels) * 7)


def _layer(
    op: str,
    given: Sequence[Tensor],
    q: Quantization | None = OUTPUT,
    dtype: str = "int8",
    goal: str = "balanced",
    **options: Any,
) -> Program:
    """Compile a model of a single node that reads the given tensors."""
    tensors = {i: replace(tensor, index=i) for i, tensor in enumerate(given)}
    node = Node(0, op, tuple(tensors), (len(tensors),), options)
    activations = tuple(i for i, tensor in tensors.items() if not tensor.is_constant)
    output = Tensor(len(tensors), op, (), dtype, q)
    graph = Graph(op, {**tensors, output.index: output}, (node,), activations, (output.index,))
    shaped = replace(output, shape=OPS[op].output_shape(node, graph))
    return compile_graph(replace(graph, tensors={**tensors, output.index: shaped}), Options(goal))


def _in_ram(program: Program) -> Iterator[Program]:
    """Give a 3x3 convolution with some and with all of its weights in RAM."""
    (step,) = program.steps
    for call in step.calls[0].ways:
        if call.kernel == winograd.KERNEL:
            yield plan_arena(program.graph, (replace(step, calls=(call,)),), save_ram=False)
