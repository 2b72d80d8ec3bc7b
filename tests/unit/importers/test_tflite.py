"""The importer against an independent reader, and what it makes of sound but unusual models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.support.model_builder import ENUMS, OPTIONS, Op, T, build, describe, pack, schema, single_op
from tests.support.models import INT8_MODELS, OTHER_MODELS, model_bytes
from tinypack.graph import Graph, Quantization
from tinypack.importers import tflite, tflite_schema
from tinypack.importers.flatbuffer import Reader
from tinypack.importers.tflite import import_tflite

X = T((1, 4), scale=0.5, zero_point=3, name="x")
Y = T((1, 4), scale=0.25, zero_point=-7, name="y")


def load(data: bytes) -> Graph:
    return import_tflite(data, "test.tflite")


def constants(cls: type) -> dict[int, str]:
    return {value: name for name, value in vars(cls).items() if not name.startswith("_")}


def listed(values: Any) -> list[Any]:
    return [] if values is None else [value.item() for value in np.asarray(values)]


def test_codes_are_the_schemas() -> None:
    operators, types = constants(schema.BuiltinOperator), constants(schema.TensorType)
    assert dict(enumerate(tflite_schema.OPERATORS)) == operators
    assert dict(enumerate(tflite_schema.TENSOR_TYPES)) == {code: name.lower() for code, name in types.items()}


@pytest.mark.parametrize("op", tflite_schema.OPTIONS)
def test_option_tables_are_the_schemas(op: str) -> None:
    table, attributes = OPTIONS[op]
    assert tflite_schema.OPTIONS[op].union_type == getattr(schema.BuiltinOptions, table)
    assert set(attributes) == set(tflite_schema.OPTIONS[op].fields)


@pytest.mark.parametrize("name", [*INT8_MODELS, *OTHER_MODELS])
def test_real_model_equals_the_schema_classes(name: str) -> None:
    data = model_bytes(name)
    graph, model = load(data), schema.ModelT.InitFromPackedBuf(data)
    (subgraph,) = model.subgraphs
    assert list(graph.inputs) == listed(subgraph.inputs)
    assert list(graph.outputs) == listed(subgraph.outputs)
    types = constants(schema.TensorType)
    for key, tensor in graph.tensors.items():
        given = subgraph.tensors[key]
        assert (tensor.index, tensor.name) == (key, given.name.decode())
        assert (list(tensor.shape), tensor.dtype) == (listed(given.shape), types[given.type].lower())
        assert list(tensor.quantization.scales if tensor.quantization else ()) == listed(given.quantization.scale)
        assert list(tensor.quantization.zero_points if tensor.quantization else ()) == listed(
            given.quantization.zeroPoint
        )
        raw = model.buffers[given.buffer].data
        assert (None if tensor.data is None else tensor.data.tobytes()) == (None if raw is None else raw.tobytes())
        assert tensor.data is None or tensor.data.shape == tensor.shape
        assert tensor.data is None or not tensor.data.flags.writeable
    operators = constants(schema.BuiltinOperator)
    for node, operator in zip(graph.nodes, subgraph.operators, strict=True):
        code = model.operatorCodes[operator.opcodeIndex]
        builtin = operators[max(code.builtinCode, code.deprecatedBuiltinCode)]
        assert node.op == (f"CUSTOM:{code.customCode.decode()}" if builtin == "CUSTOM" else builtin)
        assert (list(node.inputs), list(node.outputs)) == (listed(operator.inputs), listed(operator.outputs))


@pytest.mark.parametrize("name", [*INT8_MODELS, *OTHER_MODELS])
def test_honest_file_spends_less_than_its_size(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = model_bytes(name)
    readers: list[Reader] = []

    def recorded(data: bytes, where: str) -> Reader:
        readers.append(Reader(data, where))
        return readers[-1]

    monkeypatch.setattr(tflite, "Reader", recorded)
    load(data)
    (reader,) = readers
    assert 0 < reader.budget - reader.left < len(data)


#: Operator, options as they are written: read back, they are the same.
OPTION_ROWS: list[tuple[str, dict[str, Any]]] = [
    ("CONV_2D", {"padding": "SAME", "stride_h": 2, "stride_w": 3, "dilation_h": 4, "dilation_w": 5}),
    ("CONV_2D", {"padding": "VALID", "activation": "RELU6"}),
    ("DEPTHWISE_CONV_2D", {"padding": "SAME", "stride_h": 2, "stride_w": 3, "dilation_h": 4, "dilation_w": 5}),
    ("DEPTHWISE_CONV_2D", {"depth_multiplier": 7, "activation": "RELU_N1_TO_1"}),
    ("AVERAGE_POOL_2D", {"padding": "SAME", "stride_h": 2, "stride_w": 3, "filter_h": 4, "filter_w": 5}),
    ("MAX_POOL_2D", {"padding": "VALID", "filter_h": 6, "activation": "RELU"}),
    ("FULLY_CONNECTED", {"activation": "RELU", "weights_format": "SHUFFLED4x16INT8", "keep_num_dims": True}),
    ("ADD", {"activation": "RELU", "pot_scale_int16": False}),
    ("SUB", {"activation": "RELU6", "pot_scale_int16": True}),
    ("MUL", {"activation": "TANH"}),
    ("CONCATENATION", {"axis": -1, "activation": "SIGN_BIT"}),
    ("SOFTMAX", {"beta": 0.5}),
    ("MEAN", {"keep_dims": True}),
    ("RESHAPE", {"new_shape": (2, -1)}),
    ("SQUEEZE", {"squeeze_dims": (0, 2)}),
    ("STRIDED_SLICE", {"begin_mask": 1, "end_mask": 2, "ellipsis_mask": 3, "new_axis_mask": 4, "shrink_axis_mask": 5}),
    ("STRIDED_SLICE", {"offset": True}),
    ("PACK", {"axis": 2, "values_count": 3}),
]


@pytest.mark.parametrize(("op", "options"), OPTION_ROWS)
def test_options(op: str, options: Mapping[str, Any]) -> None:
    read = load(single_op(op, [X], Y, options)).nodes[0].options
    assert {name: read[name] for name in options} == dict(options)


@pytest.mark.parametrize("op", OPTIONS)
@pytest.mark.parametrize("absent", [True, False])
def test_options_that_are_not_given_have_the_schemas_defaults(op: str, absent: bool) -> None:
    table, attributes = OPTIONS[op]
    defaults = getattr(schema, f"{table}T")()
    model = describe([X, Y], [Op(op, (0,), (1,))], [0], [1])
    (operator,) = model.subgraphs[0].operators
    operator.builtinOptions = None if absent else defaults
    operator.builtinOptionsType = 0 if absent else operator.builtinOptionsType
    expected = {
        name: ENUMS[name][getattr(defaults, attribute)] if name in ENUMS else getattr(defaults, attribute)
        for name, attribute in attributes.items()
    }
    read = load(pack(model)).nodes[0].options
    assert read == {name: () if value is None else value for name, value in expected.items()}


QUANTIZATIONS: list[tuple[str, T, Quantization | None]] = [
    ("none", T((4,)), None),
    ("per tensor", T((4,), scale=0.1, zero_point=3), Quantization((float(np.float32(0.1)),), (3,))),
    ("axis means nothing with one scale", T((4,), scale=0.5, axis=9), Quantization((0.5,), (0,))),
    (
        "per channel",
        T((2, 3), scale=(0.5, 1.0, 2.0), zero_point=(1, 2, 3), axis=1),
        Quantization((0.5, 1.0, 2.0), (1, 2, 3), 1),
    ),
    ("old bias", T((2,), "int32", scale=(0.5, 1.0), axis=3), Quantization((0.5, 1.0), (0, 0))),
    ("floats have none", T((4,), "float32", scale=0.5), None),
]


@pytest.mark.parametrize(
    ("tensor", "expected"), [row[1:] for row in QUANTIZATIONS], ids=[row[0] for row in QUANTIZATIONS]
)
def test_quantization(tensor: T, expected: Quantization | None) -> None:
    assert load(single_op("ABS", [tensor], Y)).tensors[0].quantization == expected


def test_scales_without_zero_points_are_none() -> None:
    model = describe([X, Y], [Op("ABS", (0,), (1,))], [0], [1])
    model.subgraphs[0].tensors[0].quantization.zeroPoint = None
    assert load(pack(model)).tensors[0].quantization is None


def test_one_zero_point_serves_all_scales() -> None:
    model = describe([T((2,), scale=(0.5, 1.0)), Y], [Op("ABS", (0,), (1,))], [0], [1])
    model.subgraphs[0].tensors[0].quantization.zeroPoint = [5]
    quantization = load(pack(model)).tensors[0].quantization
    assert quantization is not None and quantization.zero_points == (5, 5)


CONSTANTS: list[tuple[str, Sequence[Any]]] = [
    ("int8", [-128, 127, 0]),
    ("uint8", [0, 255, 1]),
    ("int16", [-32768, 32767, 1]),
    ("int32", [-(2**31), 2**31 - 1, 1]),
    ("int64", [-(2**63), 2**63 - 1, 1]),
    ("float32", [0.5, -1.0, 3.0]),
    ("bool", [True, False, True]),
]


@pytest.mark.parametrize(("dtype", "values"), CONSTANTS)
def test_constants(dtype: str, values: Sequence[Any]) -> None:
    constant = load(single_op("ABS", [X, T((3, 1), dtype, data=values)], Y)).tensors[1]
    assert constant.dtype == dtype and constant.shape == (3, 1)
    assert constant.data is not None and constant.data.reshape(-1).tolist() == list(values)


def test_constants_at_odd_bytes() -> None:
    data = single_op("ABS", [X, T((2,), "int32", data=[1, -2])], Y)
    for shift in range(1, 4):
        # Everything but the root offset is relative, so the rest may move as a whole.
        root = int.from_bytes(data[:4], "little") + shift
        moved = root.to_bytes(4, "little") + data[4:8] + b"\0" * shift + data[8:]
        constant = load(moved).tensors[1]
        assert constant.data is not None and constant.data.tolist() == [1, -2]


def test_scalar_has_one_element() -> None:
    assert load(single_op("ABS", [X, T((), "int32", data=5)], Y)).tensors[1].elements == 1


def test_absent_inputs_stay_absent() -> None:
    assert load(single_op("ABS", [X, None], Y)).nodes[0].inputs == (0, -1)


def test_unused_tensors_are_left_out() -> None:
    unused = replace(X, shape=(0, -1), name="unused")
    assert set(load(build([X, unused, Y], [Op("ABS", (0,), (2,))], [0], [2])).tensors) == {0, 2}


OPERATOR_NAMES = ("CONV_2D", "CUMSUM", "STABLEHLO_CASE", "CUSTOM:MyOp", "CUSTOM:")


@pytest.mark.parametrize("name", OPERATOR_NAMES)
def test_operators_keep_their_names(name: str) -> None:
    assert load(single_op(name, [X], Y)).nodes[0].op == name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (b"caf\xc3\xa9", "café"),
        (b"a\xffb", "a\ufffdb"),
        (b"\x1b[31mred\n", "\ufffd[31mred\ufffd"),
        (b"n" * 999, "n" * 512),
    ],
)
def test_names_are_fit_to_print(name: bytes, expected: str) -> None:
    model = describe([X, Y], [Op("ABS", (0,), (1,))], [0], [1])
    model.subgraphs[0].tensors[0].name = name
    assert load(pack(model)).tensors[0].name == expected


def test_open_batch_is_one() -> None:
    model = describe([X, Y], [Op("ABS", (0,), (1,))], [0], [1])
    model.subgraphs[0].tensors[0].shapeSignature = [-1, 4]
    assert load(pack(model)).tensors[0].shape == (1, 4)


def test_what_is_beyond_us_is_kept_for_the_compiler() -> None:
    model = describe([X, X, Y], [Op("ABS", (0, 1), (2,))], [0], [2])
    model.subgraphs[0].tensors[1].isVariable = True
    model.subgraphs[0].tensors[1].sparsity = schema.SparsityParametersT()
    branch = schema.SubGraphT()
    branch.name = "branch"
    model.subgraphs.append(branch)
    unsupported = load(pack(model)).unsupported
    assert [problem.found for problem in unsupported] == ["[main, branch]", "a variable tensor", "a sparse tensor"]
    assert {problem.code for problem in unsupported} == {"unsupported-op"}
