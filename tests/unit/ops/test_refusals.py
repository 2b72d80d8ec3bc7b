"""What the operators refuse, and what they say: one defect a row."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.model_builder import Op, T, build, single_op
from tinypack.compile import compile_graph
from tinypack.errors import TinypackError
from tinypack.importers.tflite import import_tflite

X = T((2, 4), scale=0.5)
PER_CHANNEL = T((2, 4), scale=(0.5, 0.25, 0.5, 0.25), axis=1)
UINT8 = T((2, 4), "uint8", scale=0.5)
INT32 = T((2, 4), "int32")
FLOAT = T((2, 4), "float32")


def ints(*values: Any, shape: tuple[int, ...] | None = None) -> T:
    return T((len(values),) if shape is None else shape, "int32", data=values)


def pads(*pairs: tuple[int, int]) -> T:
    return T((len(pairs), 2), "int32", data=pairs)


def slice_of_input(masks: dict[str, int], strides: tuple[int, ...] = (1, 1)) -> bytes:
    return single_op("STRIDED_SLICE", [X, ints(0, 0), ints(2, 4), ints(*strides)], X, masks)


def value(scale: float, zero_point: int = 0) -> T:
    return T((), scale=scale, zero_point=zero_point, data=3)


#: Name, model, code and what was found.
ROWS: list[tuple[str, bytes, str, str]] = [
    ("second input", single_op("ADD", [X, UINT8], X), "unsupported-op", "uint8 [2, 4]"),
    ("per-channel input", single_op("MUL", [PER_CHANNEL, X], X), "unsupported-op", "4 scales"),
    ("fused TANH", single_op("SUB", [X, X], X, {"activation": "TANH"}), "unsupported-op", "TANH"),
    (
        "not to be broadcast",
        single_op("ADD", [X, T((3,), scale=0.5)], X),
        "bad-model",
        "[2, 4] and [3] can't be broadcast",
    ),
    (
        "five loops",
        single_op("MUL", [T((2, 1, 2, 1, 2), scale=1.0), T((1, 2, 1, 2, 1), scale=1.0)], T((2,) * 5, scale=1.0)),
        "unsupported-op",
        "5 loops",
    ),
    (
        "sum's factor",
        single_op("ADD", [X, X], T((2, 4), scale=1e-7)),
        "bad-quantization",
        "a factor of 9.54, which must be below 1",
    ),
    (
        "vanishing factor",
        single_op("SUB", [T((2, 4), scale=3e38), X], X),
        "bad-quantization",
        "a factor of 1.14e+33, which must be below 1",
    ),
    ("product's factor", single_op("MUL", [X, X], T((2, 4), scale=1e-11)), "bad-quantization", "a factor of 2.5e+10"),
    ("logistic's zero point", single_op("LOGISTIC", [X], X), "unsupported-op", "0"),
    ("tiny scale", single_op("TANH", [T((2, 4), scale=1e-9)], X), "unsupported-op", "9.99999972e-10"),
    (
        "six beyond int32",
        single_op("RELU6", [T((2, 4), scale=1e-9)], X),
        "bad-quantization",
        "an activation's limit of 6.0 at scale 1e-09",
    ),
    ("rescaling beyond int32", single_op("RELU", [X], T((2, 4), scale=1e-11)), "bad-quantization", "a factor of 5e+10"),
    ("types of QUANTIZE", single_op("QUANTIZE", [UINT8], UINT8), "unsupported-op", "uint8 to uint8"),
    ("QUANTIZE by channel", single_op("QUANTIZE", [FLOAT], PER_CHANNEL), "unsupported-op", "4 scales"),
    ("DEQUANTIZE of uint8", single_op("DEQUANTIZE", [UINT8], FLOAT), "unsupported-op", "uint8 [2, 4]"),
    ("DEQUANTIZE to int8", single_op("DEQUANTIZE", [X], X), "unsupported-op", "int8"),
    (
        "negative padding",
        single_op("PAD", [X, pads((0, 0), (-1, 0))], T((2, 3), scale=0.5)),
        "unsupported-op",
        "[[0, 0], [-1, 0]]",
    ),
    ("computed paddings", single_op("PAD", [X, T((2, 2), "int32")], X), "unsupported-op", "computed int32"),
    ("too few paddings", single_op("PAD", [X, pads((1, 1))], X), "unsupported-op", "[1, 2] for 2 dimensions"),
    (
        "five padded dimensions",
        single_op("PAD", [T((1,) * 5, scale=1.0), pads(*((1, 0),) * 5)], T((2,) * 5, scale=1.0)),
        "unsupported-op",
        "5 loops",
    ),
    (
        "value of another scale",
        single_op("PADV2", [X, pads((0, 0), (0, 0)), value(0.25)], X),
        "unsupported-op",
        "0.25 and 0, 0.5 and 0",
    ),
    (
        "computed value",
        single_op("PADV2", [X, pads((0, 0), (0, 0)), T((), scale=0.5)], X),
        "unsupported-op",
        "computed int8 []",
    ),
    ("padded shape", single_op("PAD", [X, pads((0, 0), (1, 0))], X), "bad-model", "[2, 4]"),
    (
        "concatenation of scales",
        single_op("CONCATENATION", [X, T((2, 4), scale=0.25)], T((4, 4), scale=0.5)),
        "unsupported-op",
        "inputs 1 differ",
    ),
    ("eleven inputs", single_op("CONCATENATION", [X] * 11, T((22, 4), scale=0.5)), "unsupported-op", "11"),
    (
        "fused RELU",
        single_op("CONCATENATION", [X, X], T((4, 4), scale=0.5), {"activation": "RELU"}),
        "unsupported-op",
        "RELU",
    ),
    (
        "axis",
        single_op("CONCATENATION", [X, X], T((4, 4), scale=0.5), {"axis": 2}),
        "bad-model",
        "axis 2 of 2 dimensions",
    ),
    (
        "shapes beside the axis",
        single_op("CONCATENATION", [X, T((2, 3), scale=0.5)], T((4, 4), scale=0.5)),
        "bad-model",
        "[2, 3] and [2, 4] along axis 0",
    ),
    (
        "elements",
        single_op("RESHAPE", [X, ints(9)], T((9,), scale=0.5)),
        "bad-model",
        "[2, 4] has 8 elements, [9] has 9",
    ),
    ("type of a view", single_op("RESHAPE", [X, ints(8)], T((8,), "uint8")), "unsupported-op", "int8 and uint8"),
    (
        "squeezed",
        single_op("SQUEEZE", [X], T((4,), scale=0.5), {"squeeze_dims": (0,)}),
        "bad-model",
        "dimension 0 of [2, 4] is not 1",
    ),
    ("axis of EXPAND_DIMS", single_op("EXPAND_DIMS", [X, ints(4)], X), "bad-model", "axis 4 of 3 dimensions"),
    ("computed axis", single_op("EXPAND_DIMS", [X, T((), "int32")], X), "unsupported-op", "computed int32 []"),
    ("slice of an input", slice_of_input({}), "unsupported-op", "computed inputs"),
    ("ellipsis", slice_of_input({"ellipsis_mask": 1}), "unsupported-op", "1 and 0"),
    ("stride", slice_of_input({}, (1, 0)), "unsupported-op", "strides [1, 0]"),
    (
        "index",
        single_op("STRIDED_SLICE", [X, ints(2, 0), ints(3, 4), ints(1, 1)], X, {"shrink_axis_mask": 1}),
        "bad-model",
        "index 2 of dimension 0 with extent 2",
    ),
    (
        "pack of inputs",
        single_op("PACK", [X, X], T((2, 2, 4), scale=0.5), {"values_count": 2}),
        "unsupported-op",
        "computed inputs",
    ),
    (
        "count of PACK",
        single_op("PACK", [X, X], T((2, 2, 4), scale=0.5), {"values_count": 3}),
        "unsupported-op",
        "2 inputs, values_count 3",
    ),
    ("shape as the output", single_op("SHAPE", [X], T((2,), "int32")), "bad-model", "a constant"),
    ("type of SHAPE", single_op("SHAPE", [X], T((2,), "int64")), "unsupported-op", "int64"),
    (
        "constant output",
        build([X, T((8,), scale=0.5, data=[0] * 8), X], [Op("RESHAPE", (1,), (2,))], [0], [2]),
        "bad-model",
        "a constant",
    ),
]


@pytest.mark.parametrize(("model", "code", "found"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_refusal(model: bytes, code: str, found: str) -> None:
    with pytest.raises(TinypackError) as caught:
        compile_graph(import_tflite(model, "model.tflite"))
    assert (code, found) in [(problem.code, problem.found) for problem in caught.value.problems]
