"""Small .tflite files for tests, written by the schema classes of the oracle's wheel, never by our own reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from tests.support.machine import required

if not required():
    pytest.importorskip("tflite_micro", reason="the wheel carries the schema classes")

import flatbuffers
from flatbuffers import flexbuffers
from tflite_micro.tensorflow.lite.micro.python import schema_py_generated as schema

from tinypack.graph import DTYPES

ALIGNMENT = 16  # of constant data, as in files from the converter
ACTIVATIONS = ("NONE", "RELU", "RELU_N1_TO_1", "RELU6", "TANH", "SIGN_BIT")
ENUMS = {
    "padding": ("SAME", "VALID"),
    "activation": ACTIVATIONS,
    "weights_format": ("DEFAULT", "SHUFFLED4x16INT8"),
}
#: What a description may leave out, where the schema's own default (0) would make no sense.
DEFAULTS: dict[str, Any] = {
    "stride_h": 1,
    "stride_w": 1,
    "filter_h": 1,
    "filter_w": 1,
    "depth_multiplier": 1,
    "padding": "VALID",
    "beta": 1.0,
}

_ACTIVATION = {"activation": "fusedActivationFunction"}
_WINDOW = {"padding": "padding", "stride_h": "strideH", "stride_w": "strideW", **_ACTIVATION}
_DILATION = {"dilation_h": "dilationHFactor", "dilation_w": "dilationWFactor"}
_POOL = ("Pool2DOptions", {**_WINDOW, "filter_h": "filterHeight", "filter_w": "filterWidth"})
_ADDITION = {**_ACTIVATION, "pot_scale_int16": "potScaleInt16"}
_MASKS = {
    "begin_mask": "beginMask",
    "end_mask": "endMask",
    "ellipsis_mask": "ellipsisMask",
    "new_axis_mask": "newAxisMask",
    "shrink_axis_mask": "shrinkAxisMask",
    "offset": "offset",
}

#: Operator -> its option table, and our option name -> the attribute of the schema class.
OPTIONS: dict[str, tuple[str, dict[str, str]]] = {
    "CONV_2D": ("Conv2DOptions", {**_WINDOW, **_DILATION}),
    "DEPTHWISE_CONV_2D": (
        "DepthwiseConv2DOptions",
        {**_WINDOW, **_DILATION, "depth_multiplier": "depthMultiplier"},
    ),
    "AVERAGE_POOL_2D": _POOL,
    "MAX_POOL_2D": _POOL,
    "FULLY_CONNECTED": (
        "FullyConnectedOptions",
        {**_ACTIVATION, "weights_format": "weightsFormat", "keep_num_dims": "keepNumDims"},
    ),
    "ADD": ("AddOptions", _ADDITION),
    "SUB": ("SubOptions", _ADDITION),
    "MUL": ("MulOptions", _ACTIVATION),
    "DIV": ("DivOptions", _ACTIVATION),
    "CONCATENATION": ("ConcatenationOptions", {"axis": "axis", **_ACTIVATION}),
    "SOFTMAX": ("SoftmaxOptions", {"beta": "beta"}),
    "MEAN": ("ReducerOptions", {"keep_dims": "keepDims"}),
    "RESHAPE": ("ReshapeOptions", {"new_shape": "newShape"}),
    "SQUEEZE": ("SqueezeOptions", {"squeeze_dims": "squeezeDims"}),
    "STRIDED_SLICE": ("StridedSliceOptions", _MASKS),
    "PACK": ("PackOptions", {"axis": "axis", "values_count": "valuesCount"}),
}


@dataclass(frozen=True, eq=False)
class T:
    """A tensor. `scale` and `zero_point` are numbers, or tuples with an entry per index of `axis`."""

    shape: Sequence[int]
    dtype: str = "int8"
    scale: float | Sequence[float] | None = None
    zero_point: int | Sequence[int] = 0
    axis: int = 0
    data: Any = None  # constants only: anything np.asarray takes
    name: str = ""


@dataclass(frozen=True, eq=False)
class Op:
    """An operator by its schema name, or "CUSTOM:<code>"; -1 stands for an absent input."""

    name: str
    inputs: Sequence[int]
    outputs: Sequence[int]
    options: Mapping[str, Any] = field(default_factory=dict)


class _Buffer(schema.BufferT):  # type: ignore[misc]
    """Data at the alignment that the schema asks for; the generated class ignores it."""

    def Pack(self, builder: flatbuffers.Builder) -> int:
        vector = None
        if self.data is not None:
            raw = bytes(self.data)
            builder.StartVector(1, len(raw), ALIGNMENT)
            builder.head -= len(raw)
            builder.Bytes[builder.head : builder.head + len(raw)] = raw
            vector = builder.EndVector()
        schema.BufferStart(builder)
        if vector is not None:
            schema.BufferAddData(builder, vector)
        schema.BufferAddOffset(builder, self.offset)
        schema.BufferAddSize(builder, self.size)
        return int(schema.BufferEnd(builder))


def build(tensors: Sequence[T], ops: Sequence[Op], inputs: Sequence[int], outputs: Sequence[int]) -> bytes:
    """Write a model of one subgraph."""
    return pack(describe(tensors, ops, inputs, outputs))


def extend(data: bytes, tensors: Sequence[T], ops: Sequence[Op], outputs: Sequence[int]) -> schema.ModelT:
    """Put operators behind those of a model; the tensors follow its own."""
    model = schema.ModelT.InitFromPackedBuf(data)
    for buffer in model.buffers:
        buffer.__class__ = _Buffer
    (subgraph,) = model.subgraphs
    subgraph.tensors += [_tensor(model, tensor, len(subgraph.tensors) + i) for i, tensor in enumerate(tensors)]
    subgraph.operators += [_operator(model, op) for op in ops]
    subgraph.outputs = list(outputs)
    return model


def single_op(op: str, inputs: Sequence[T | None], output: T, options: Mapping[str, Any] | None = None) -> bytes:
    """Write a model of one operator: inputs without data are the model's inputs, None is an absent one."""
    tensors = [*(tensor for tensor in inputs if tensor is not None), output]
    keys = iter(range(len(tensors)))
    operands = tuple(-1 if tensor is None else next(keys) for tensor in inputs)
    last = len(tensors) - 1
    variable = [key for key in range(last) if tensors[key].data is None]
    return build(tensors, [Op(op, operands, (last,), options or {})], variable, [last])


def describe(tensors: Sequence[T], ops: Sequence[Op], inputs: Sequence[int], outputs: Sequence[int]) -> schema.ModelT:
    """Give the schema's own objects, for tests that break them before they are packed."""
    model = schema.ModelT()
    model.version = 3
    model.description = "made by a test"
    model.buffers = [_Buffer()]
    model.operatorCodes = []
    subgraph = schema.SubGraphT()
    subgraph.name = "main"
    subgraph.tensors = [_tensor(model, tensor, i) for i, tensor in enumerate(tensors)]
    subgraph.operators = [_operator(model, op) for op in ops]
    subgraph.inputs, subgraph.outputs = list(inputs), list(outputs)
    model.subgraphs = [subgraph]
    return model


def pack(model: schema.ModelT) -> bytes:
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def _tensor(model: schema.ModelT, tensor: T, index: int) -> schema.TensorT:
    made = schema.TensorT()
    made.shape = [int(extent) for extent in tensor.shape]
    made.type = getattr(schema.TensorType, tensor.dtype.upper())
    made.name = tensor.name or f"t{index}"
    made.hasRank = True
    if tensor.data is not None:
        made.buffer = len(model.buffers)
        array = np.ascontiguousarray(np.asarray(tensor.data, DTYPES[tensor.dtype][0]))
        assert array.size == int(np.prod(tensor.shape, dtype=np.int64)), f"{made.name}: data and shape differ"
        buffer = _Buffer()
        buffer.data = array.tobytes()
        model.buffers.append(buffer)
    if tensor.scale is not None:
        made.quantization = _quantization(tensor)
    return made


def _quantization(tensor: T) -> schema.QuantizationParametersT:
    scales = np.atleast_1d(np.asarray(tensor.scale, np.float32))
    points = np.atleast_1d(np.asarray(tensor.zero_point, np.int64))
    made = schema.QuantizationParametersT()
    made.scale = scales.tolist()
    made.zeroPoint = (np.repeat(points, scales.size) if points.size == 1 else points).tolist()
    made.quantizedDimension = tensor.axis
    return made


def _operator(model: schema.ModelT, op: Op) -> schema.OperatorT:
    made = schema.OperatorT()
    made.opcodeIndex = _opcode(model, op.name)
    made.inputs, made.outputs = list(op.inputs), list(op.outputs)
    if op.name.startswith("CUSTOM:Signal"):
        made.customOptions = list(flexbuffers.Dumps(dict(sorted(op.options.items()))))
        return made
    if op.name not in OPTIONS:
        assert not op.options, f"{op.name} has no options here"
        return made
    table, attributes = OPTIONS[op.name]
    given = {**{name: DEFAULTS[name] for name in attributes if name in DEFAULTS}, **op.options}
    made.builtinOptionsType = getattr(schema.BuiltinOptions, table)
    made.builtinOptions = getattr(schema, f"{table}T")()
    for name, value in given.items():
        plain = ENUMS[name].index(value) if name in ENUMS and isinstance(value, str) else value
        setattr(made.builtinOptions, attributes[name], list(plain) if isinstance(plain, tuple) else plain)
    return made


def _opcode(model: schema.ModelT, name: str) -> int:
    builtin, _, custom = name.partition(":")
    code = schema.OperatorCodeT()
    code.builtinCode = getattr(schema.BuiltinOperator, builtin)
    code.deprecatedBuiltinCode = min(code.builtinCode, schema.BuiltinOperator.PLACEHOLDER_FOR_GREATER_OP_CODES)
    code.customCode = custom or None
    code.version = 1
    wanted = (code.builtinCode, code.customCode)
    for i, known in enumerate(model.operatorCodes):
        if (known.builtinCode, known.customCode) == wanted:
            return i
    model.operatorCodes.append(code)
    return len(model.operatorCodes) - 1
