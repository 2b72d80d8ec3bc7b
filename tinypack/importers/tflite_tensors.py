"""Tensors of a .tflite file: shape, type, quantisation and data, each held against the others."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from tinypack.errors import Problem
from tinypack.graph import Quantization, Tensor
from tinypack.importers import tflite_schema as schema
from tinypack.importers.flatbuffer import BOOL, EMPTY, I8, I32, I64, U8, U32, U64, Table, Tables

MOST_DIMENSIONS = 8
MOST_TENSOR_BYTES = 16 << 20  # of an activation; constants are bounded by the file
LONGEST_NAME = 512

FIXED_SHAPE_HINT = "convert with fixed input shapes and batch size 1 (tf.function with an input_signature without None)"


@dataclass
class Findings:
    """What is wrong with a file, and what is right but beyond us."""

    where: str
    problems: list[Problem] = field(default_factory=list)
    unsupported: list[Problem] = field(default_factory=list)

    def bad(self, place: str, rule: str, found: str, hint: str = "", code: str = "bad-model") -> None:
        self.problems.append(Problem(code, f"{self.where}: {place}", rule, found, hint))

    def beyond(self, place: str, rule: str, found: str, hint: str = "") -> None:
        self.unsupported.append(Problem("unsupported-op", place, rule, found, hint))


def some(values: Sequence[object]) -> str:
    """Write a list, cut short where it is long."""
    texts = [str(value) for value in values[:8]]
    return f"[{', '.join(texts)}{', …' if len(values) > len(texts) else ''}]"


def clean(name: str) -> str:
    """Make a name fit to print: no control characters, not endless."""
    return "".join(ch if ch.isprintable() else "\ufffd" for ch in name[:LONGEST_NAME])


def read_tensor(index: int, table: Table, buffers: Tables, findings: Findings) -> Tensor | None:
    """Read a tensor, or report all that is wrong with it."""
    before = len(findings.problems)
    name = clean(table.string(schema.TENSOR_NAME))
    place = f'tensor {index} "{name}"'
    code = table.integer(schema.TENSOR_TYPE, I8)
    if not 0 <= code < len(schema.TENSOR_TYPES):
        findings.bad(place, "the type must be one of the schema", str(code))
        return None
    dtype = schema.TENSOR_TYPES[code]
    shape = _shape(table, place, findings)
    data = _data(table, place, buffers, findings)
    if table.integer(schema.TENSOR_VARIABLE, BOOL):
        findings.beyond(place, "a tensor must not keep state between calls", "a variable tensor")
    if table.table(schema.TENSOR_SPARSITY) is not None:
        findings.beyond(place, "a tensor must be dense", "a sparse tensor", "convert without weight sparsity")
    if len(findings.problems) > before:
        return None
    quantization = _quantization(table, place, shape, dtype, findings)
    array = None if data is None else _array(data, shape, dtype, place, findings)
    if array is None:
        _check_size(shape, dtype, place, findings)
    return None if len(findings.problems) > before else Tensor(index, name, shape, dtype, quantization, array)


def is_open(table: Table) -> bool:
    """Say whether a size other than the batch was left open at conversion: the 1 in the shape then means nothing."""
    shape, signature = table.integers(schema.TENSOR_SHAPE, I32), table.integers(schema.TENSOR_SIGNATURE, I32)
    return any(given == 1 and signed == -1 for given, signed in list(zip(shape, signature, strict=False))[1:])


def nbytes(shape: tuple[int, ...], dtype: str) -> int:
    """Size of a tensor's data; of an opaque type, something near it."""
    return math.prod(shape) * (1 if dtype in schema.OPAQUE_TYPES else np.dtype(dtype).itemsize)


def _shape(table: Table, place: str, findings: Findings) -> tuple[int, ...]:
    shape = table.integers(schema.TENSOR_SHAPE, I32)
    if len(shape) > MOST_DIMENSIONS:
        findings.bad(place, f"a tensor may have up to {MOST_DIMENSIONS} dimensions", some(shape))
    elif min(shape, default=1) < 1:
        findings.bad(place, "every size in a shape must be fixed and positive", some(shape), FIXED_SHAPE_HINT)
    return shape


def _data(table: Table, place: str, buffers: Tables, findings: Findings) -> memoryview | None:
    """Give a constant's bytes, or None for what is computed: like TensorFlow Lite Micro, by whether there are any."""
    index = table.integer(schema.TENSOR_BUFFER, U32)
    if index >= len(buffers):
        findings.bad(place, "the buffer must be in the file", f"buffer {index} of {len(buffers)}")
        return None
    buffer = buffers[index]
    # The schema calls an offset of 0 or 1 "none".
    outside = buffer.integer(schema.BUFFER_OFFSET, U64) > 1
    if outside or table.integer(schema.TENSOR_EXTERNAL, U32):
        rule = "constants must lie inside the flatbuffer"
        findings.bad(place, rule, "data outside it, as in models of more than 2 GB", "convert a smaller model")
    data = buffer.data(schema.BUFFER_DATA)
    return data if len(data) else None


def _array(data: memoryview, shape: tuple[int, ...], dtype: str, place: str, findings: Findings) -> np.ndarray | None:
    if dtype in schema.OPAQUE_TYPES:
        return np.frombuffer(data, np.uint8)
    wanted = nbytes(shape, dtype)
    if len(data) != wanted:
        rule = f"{dtype} {some(shape)} must have {wanted} bytes of data"
        findings.bad(place, rule, f"{len(data)} bytes")
        return None
    return np.frombuffer(data, np.dtype(dtype).newbyteorder("<")).reshape(shape)


def _check_size(shape: tuple[int, ...], dtype: str, place: str, findings: Findings) -> None:
    size = nbytes(shape, dtype)
    if size > MOST_TENSOR_BYTES:
        rule = f"a computed tensor may have up to {MOST_TENSOR_BYTES} bytes"
        findings.bad(place, rule, f"{dtype} {some(shape)}: {size} bytes", FIXED_SHAPE_HINT)


def _quantization(
    tensor: Table, place: str, shape: tuple[int, ...], dtype: str, findings: Findings
) -> Quantization | None:
    """Read scales and zero points; none without both, and none for floats, as in TensorFlow Lite Micro."""
    table = tensor.table(schema.TENSOR_QUANTIZATION) or EMPTY
    scales = table.reals(schema.QUANTIZATION_SCALE)
    points = table.integers(schema.QUANTIZATION_ZERO_POINT, I64)
    if table.integer(schema.QUANTIZATION_DETAILS, U8):
        rule = "quantisation must be by scales and zero points"
        findings.bad(place, rule, "another scheme (custom, blockwise or by several axes)", code="bad-quantization")
    if not scales or not points or dtype in schema.OPAQUE_TYPES or np.dtype(dtype).kind not in "iu":
        return None

    def bad(rule: str, found: str) -> None:
        findings.bad(place, rule, found, code="bad-quantization")

    wrong = [scale for scale in scales if not (math.isfinite(scale) and scale > 0)]
    if wrong:
        bad("every scale must be finite and greater than 0", some(wrong))
    limits = np.iinfo(dtype)
    beyond = [point for point in points if not limits.min <= point <= limits.max]
    if beyond:
        bad(f"every zero point must be in the range of {dtype}", some(beyond))
    if len(points) not in (1, len(scales)):
        bad("there must be one zero point, or one for every scale", f"{len(points)} for {len(scales)} scales")
    axis = _axis(table.integer(schema.QUANTIZATION_AXIS, I32), len(scales), shape)
    if axis is None:
        rule = "there must be one scale, or one for every index of the quantised dimension"
        bad(rule, f"{len(scales)} scales, dimension {table.integer(schema.QUANTIZATION_AXIS, I32)} of {some(shape)}")
        return None
    return Quantization(scales, points if len(points) == len(scales) else points[:1] * len(scales), axis)


def _axis(axis: int, scales: int, shape: tuple[int, ...]) -> int | None:
    if scales == 1:
        return 0
    # Old converters wrote the weights' dimension into the bias as well, which has only one.
    known = 0 if len(shape) == 1 else axis
    return known if 0 <= known < len(shape) and shape[known] == scales else None
