"""Every operator with one thing driven to its extreme: what comes out is a Program or a TinypackError."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from tests.support.model_builder import OPTIONS, Op, T, describe, pack, schema
from tinypack.compile import compile_graph
from tinypack.errors import TinypackError
from tinypack.importers.tflite import import_tflite
from tinypack.ops import OPS

INTEGERS = (0, -1, 1, 7, 2**31 - 1, -(2**31))
#: Where the schema takes no int32.
VALUES: dict[str, tuple[Any, ...]] = {
    "padding": (0, 1),
    "activation": (0, 1, 2, 3, 4, 5),
    "weights_format": (0, 1),
    "keep_num_dims": (False, True),
    "keep_dims": (False, True),
    "pot_scale_int16": (False, True),
    "offset": (False, True),
    "beta": (0.0, -1.0, 1e-45, 1e9, 3e38),
    "new_shape": ([], [0], [-1, -1], [2**31 - 1] * 3, [4, 1]),
    "squeeze_dims": ([], [-1], [7], [0, 0, 0], [-(2**31)]),
}
SCALES = (1e-45, 1e-38, 1e-9, 1e9, 3e38)
TYPES = ("INT8", "UINT8", "INT16", "INT32", "FLOAT32", "INT4", "STRING")


@dataclass(frozen=True, eq=False)
class Sound:
    """A model that compiles once all of its operators are in OPS."""

    tensors: tuple[T, ...]
    ops: tuple[Op, ...]
    output: int

    def model(self) -> schema.ModelT:
        return describe(self.tensors, self.ops, [0], [self.output])


def x(*shape: int) -> T:
    return T(shape, scale=0.5, zero_point=3)


def c(values: Any) -> T:
    return T(np.shape(values), "int32", data=values)


def weights(*shape: int, axis: int = 0) -> T:
    return T(shape, scale=(0.1,) * shape[axis], axis=axis, data=np.ones(shape))


def single(op: str, *operands: T, output: T, **options: Any) -> Sound:
    last = len(operands)
    return Sound((*operands, output), (Op(op, tuple(range(last)), (last,), options),), last)


IMAGE, BIAS = x(1, 4, 4, 2), T((2,), "int32", scale=(0.05, 0.05), data=[5, -5])
SIGMOID, TANH = T((1, 4), scale=1 / 256, zero_point=-128), T((1, 4), scale=1 / 128)

SOUND: tuple[Sound, ...] = (
    single("CONV_2D", IMAGE, weights(2, 3, 3, 2), BIAS, output=x(1, 2, 2, 2)),
    single("DEPTHWISE_CONV_2D", IMAGE, weights(1, 3, 3, 2, axis=3), BIAS, output=x(1, 2, 2, 2)),
    single("FULLY_CONNECTED", x(1, 4), weights(2, 4), BIAS, output=x(1, 2), activation="RELU6"),
    single("ADD", x(1, 4), T((4,), scale=0.25, data=[1, 2, 3, 4]), output=x(1, 4), activation="RELU"),
    single("SUB", x(1, 4), T((4,), scale=0.25, data=[1, 2, 3, 4]), output=x(1, 4), activation="RELU6"),
    single("MUL", x(1, 4), T((4,), scale=0.25, data=[1, 2, 3, 4]), output=x(1, 4)),
    single("AVERAGE_POOL_2D", IMAGE, output=x(1, 3, 3, 2), filter_h=2, filter_w=2),
    single("MAX_POOL_2D", IMAGE, output=x(1, 3, 3, 2), filter_h=2, filter_w=2),
    single("MEAN", IMAGE, c([1, 2]), output=x(1, 2)),
    single("SOFTMAX", x(1, 4), output=SIGMOID),
    single("LOGISTIC", x(1, 4), output=SIGMOID),
    single("TANH", x(1, 4), output=TANH),
    single("RELU", x(1, 4), output=x(1, 4)),
    single("RELU6", x(1, 4), output=x(1, 4)),
    single("PAD", x(1, 4), c([[0, 0], [1, 2]]), output=x(1, 7)),
    single("PADV2", x(1, 4), c([[0, 0], [1, 2]]), T((1,), scale=0.5, zero_point=3, data=[9]), output=x(1, 7)),
    single("CONCATENATION", x(1, 4), T((1, 2), scale=0.5, zero_point=3, data=[[1, 2]]), output=x(1, 6), axis=1),
    single("QUANTIZE", T((1, 4), "float32"), output=x(1, 4)),
    single("DEQUANTIZE", x(1, 4), output=T((1, 4), "float32")),
    Sound(
        (x(1, 4), c([2, 2]), x(2, 2), x(1, 2, 2), c(0), x(2, 2), x(2, 2)),
        (Op("RESHAPE", (0, 1), (2,)), Op("EXPAND_DIMS", (2, 4), (3,)),
         Op("SQUEEZE", (3,), (5,), {"squeeze_dims": (0,)}), Op("RELU", (5,), (6,))),
        6,
    ),
    Sound(  # how converters write Flatten: the batch is taken from the shape
        (IMAGE, T((4,), "int32"), c([0]), c([1]), c([1]), T((), "int32"), c(32), T((2,), "int32"), x(1, 32), x(1, 32)),
        (Op("SHAPE", (0,), (1,)), Op("STRIDED_SLICE", (1, 2, 3, 4), (5,), {"shrink_axis_mask": 1}),
         Op("PACK", (5, 6), (7,), {"values_count": 2}), Op("RESHAPE", (0, 7), (8,)), Op("RELU", (8,), (9,))),
        9,
    ),
)  # fmt: skip


def change(attribute: str, value: Any, pick: Callable[[schema.ModelT], Any]) -> Callable[[schema.ModelT], None]:
    return lambda model: setattr(pick(model), attribute, value)


Change = tuple[str, Callable[[schema.ModelT], None]]


def extremes(sound: Sound) -> Iterator[Change]:
    """Name and do each change: options, operands, and of tensors type, shape, quantisation and small constants."""
    for position, op in enumerate(sound.ops):
        yield from _of_node(op, lambda model, i=position: model.subgraphs[0].operators[i])
    for key, tensor in enumerate(sound.tensors):
        yield from _of_tensor(key, tensor, lambda model, i=key: model.subgraphs[0].tensors[i])


def _of_node(op: Op, pick: Callable[[schema.ModelT], schema.OperatorT]) -> Iterator[Change]:
    for name, attribute in OPTIONS.get(op.name, ("", {}))[1].items():
        for value in VALUES.get(name, INTEGERS):
            yield f"{name} {value}", change(attribute, value, lambda model: pick(model).builtinOptions)
    for inputs in (*(op.inputs[:count] for count in range(len(op.inputs))), (*op.inputs, op.inputs[0])):
        yield f"inputs {inputs}", change("inputs", list(inputs), pick)


def _of_tensor(key: int, tensor: T, pick: Callable[[schema.ModelT], schema.TensorT]) -> Iterator[Change]:
    for name in TYPES:
        yield f"tensor {key} {name}", change("type", getattr(schema.TensorType, name), pick)
    shape = list(tensor.shape)
    for other in ([], [1, *shape], shape[1:], shape[::-1], [1] * 8, [3] * len(shape)):
        yield f"tensor {key} {other}", change("shape", other, pick)
    yield f"tensor {key} without quantisation", change("quantization", None, pick)
    if tensor.scale is not None:
        for scale in SCALES:
            count = np.size(tensor.scale)
            yield f"tensor {key} scale {scale}", change("scale", [scale] * count, lambda m: pick(m).quantization)
        for point in (-128, 127):
            yield f"tensor {key} zero point {point}", change("zeroPoint", [point], lambda m: pick(m).quantization)
        yield f"tensor {key} 2 scales", change("scale", [0.5, 0.25], lambda m: pick(m).quantization)
    if tensor.dtype == "int32" and tensor.data is not None:
        for value in INTEGERS:
            data = np.full(tensor.shape, value, np.int32).tobytes()
            yield f"tensor {key} all {value}", change("data", data, lambda m: m.buffers[pick(m).buffer])


def names(sound: Sound) -> str:
    return "+".join(op.name for op in sound.ops)


def compiles(model: schema.ModelT) -> bool:
    try:
        compile_graph(import_tflite(pack(model), "extreme"))
    except TinypackError as error:
        assert str(error)
        return False
    return True


@pytest.mark.parametrize("sound", SOUND, ids=names)
def test_sound(sound: Sound) -> None:
    assert compiles(sound.model()) == all(op.name in OPS for op in sound.ops)


@pytest.mark.parametrize("sound", SOUND, ids=names)
def test_extremes(sound: Sound) -> None:
    escaped = []
    for name, apply in extremes(sound):
        model = sound.model()
        apply(model)
        try:
            compiles(model)
        except Exception as error:
            escaped.append(f"{name}: {type(error).__name__}: {error}")
    assert not escaped


def test_every_operator_is_here() -> None:
    assert set(OPS) <= {op.name for sound in SOUND for op in sound.ops}
