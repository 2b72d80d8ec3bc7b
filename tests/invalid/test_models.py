"""Damaged and contradictory models, one defect a row: each gives its own clear error."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.model_builder import Op, T, describe, pack, schema
from tests.support.models import model_bytes
from tinypack.errors import TinypackError
from tinypack.importers import tflite, tflite_schema, tflite_tensors
from tinypack.importers.tflite import import_tflite

NAN, INFINITY = float("nan"), float("inf")


def sound() -> schema.ModelT:
    """Two operators: a dense layer (tensors 0 to 3) and another that reads it (4)."""
    return describe(
        [
            T((1, 4), scale=0.5, zero_point=3, name="x"),
            T((2, 4), scale=(0.25, 0.5), data=range(8), name="w"),
            T((2,), "int32", scale=(0.125, 0.25), data=[1, 2], name="b"),
            T((1, 2), scale=1.0, name="dense"),
            T((1, 2), scale=1.0, name="y"),
        ],
        [Op("FULLY_CONNECTED", (0, 1, 2), (3,)), Op("RELU", (3,), (4,))],
        [0],
        [4],
    )


def test_the_model_to_break_is_sound() -> None:
    assert len(import_tflite(pack(sound()), "sound").nodes) == 2


def on_tensor(index: int, **attributes: Any) -> Callable[[schema.ModelT], None]:
    return lambda model: vars(model.subgraphs[0].tensors[index]).update(attributes)


def on_quantization(index: int, **attributes: Any) -> Callable[[schema.ModelT], None]:
    return lambda model: vars(model.subgraphs[0].tensors[index].quantization).update(attributes)


def on_node(index: int, **attributes: Any) -> Callable[[schema.ModelT], None]:
    return lambda model: vars(model.subgraphs[0].operators[index]).update(attributes)


def on_options(**attributes: Any) -> Callable[[schema.ModelT], None]:
    return lambda model: vars(model.subgraphs[0].operators[0].builtinOptions).update(attributes)


def on_subgraph(**attributes: Any) -> Callable[[schema.ModelT], None]:
    return lambda model: vars(model.subgraphs[0]).update(attributes)


def on_model(**attributes: Any) -> Callable[[schema.ModelT], None]:
    return lambda model: vars(model).update(attributes)


def on_buffer(**attributes: Any) -> Callable[[schema.ModelT], None]:
    return lambda model: vars(model.buffers[1]).update(attributes)


def on_code(**attributes: Any) -> Callable[[schema.ModelT], None]:
    return lambda model: vars(model.operatorCodes[0]).update(attributes)


#: Name, what breaks the model, error code, and a piece of the message.
DEFECTS: list[tuple[str, Callable[[schema.ModelT], None], str, str]] = [
    ("old version", on_model(version=2), "bad-model", "schema version must be 3"),
    ("no subgraphs", on_model(subgraphs=[]), "bad-model", "needs a subgraph"),
    ("no operator codes", on_model(operatorCodes=[]), "bad-model", "0 of 0"),
    ("no buffers", on_model(buffers=[]), "bad-model", "buffer 0 of 0"),
    ("unknown operator", on_code(builtinCode=9999), "bad-model", "operator code 0"),
    ("negative operator", on_code(builtinCode=-5, deprecatedBuiltinCode=-5), "bad-model", "found: -5"),
    ("operator code outside", on_node(0, opcodeIndex=7), "bad-model", "7 of 2"),
    ("operator code far outside", on_node(0, opcodeIndex=2**32 - 1), "bad-model", "4294967295 of 2"),
    ("no inputs", on_subgraph(inputs=[]), "bad-model", "at least one input"),
    ("no outputs", on_subgraph(outputs=[]), "bad-model", "at least one output"),
    ("no operators", on_subgraph(operators=[]), "bad-model", "a node must write each of them"),
    ("no tensors", on_subgraph(tensors=[]), "bad-model", "must be below 0"),
    ("input outside", on_subgraph(inputs=[5]), "bad-model", "model's inputs"),
    ("input absent", on_subgraph(inputs=[-1]), "bad-model", "model's inputs"),
    ("output outside", on_subgraph(outputs=[99]), "bad-model", "model's outputs"),
    ("input twice", on_subgraph(inputs=[0, 0]), "bad-model", "tensor 0 twice"),
    ("input is constant", on_subgraph(inputs=[0, 1]), "bad-model", 'tensor 1 "w"'),
    ("input is computed", on_subgraph(inputs=[0, 3]), "bad-model", "must write tensors of its own"),
    ("output is constant", on_subgraph(outputs=[1]), "bad-model", "tensors [1]"),
    ("output is an input", on_subgraph(outputs=[0]), "bad-model", "tensors [0]"),
    ("node's input outside", on_node(0, inputs=[0, 1, 77]), "bad-model", "node 0 FULLY_CONNECTED: inputs"),
    ("node's input far below", on_node(0, inputs=[-2, 1, 2]), "bad-model", "found: [-2]"),
    ("node's output outside", on_node(1, outputs=[2**31 - 1]), "bad-model", "[2147483647]"),
    ("node's output absent", on_node(1, outputs=[-1]), "bad-model", "node 1 RELU: outputs"),
    ("cycle", on_node(0, inputs=[4, 1, 2]), "bad-model", "tensors [4]"),
    ("cycle of one", on_node(1, inputs=[4]), "bad-model", "tensors [4]"),
    ("never computed", on_subgraph(inputs=[2]), "bad-model", "tensors [0]"),
    ("written twice", on_node(1, outputs=[3, 4]), "bad-model", "must write tensors of its own"),
    ("written twice by one", on_node(1, outputs=[4, 4]), "bad-model", "must write tensors of its own"),
    ("writes a constant", on_node(0, outputs=[3, 1]), "bad-model", "must write tensors of its own"),
    ("unknown type", on_tensor(0, type=100), "bad-model", "type must be one of the schema"),
    ("negative type", on_tensor(0, type=-1), "bad-model", "type must be one of the schema"),
    ("buffer outside", on_tensor(1, buffer=3), "bad-model", "buffer 3 of 3"),
    ("size 0", on_tensor(0, shape=[1, 0]), "bad-model", "fixed and positive"),
    ("open size", on_tensor(0, shape=[-1, 4]), "bad-model", "without None"),
    ("open size in the signature", on_tensor(0, shape=[1, 1], shapeSignature=[-1, -1]), "bad-model", "without None"),
    ("2**31 - 1 twice", on_tensor(0, shape=[2**31 - 1] * 2), "bad-model", "up to 16777216 bytes"),
    ("product of 2**64", on_tensor(3, shape=[2**16] * 4), "bad-model", "up to 16777216 bytes"),
    ("nine dimensions", on_tensor(0, shape=[1] * 9), "bad-model", "up to 8 dimensions"),
    ("very many dimensions", on_tensor(0, shape=[1] * 10**5), "bad-model", "up to 8 dimensions"),
    ("too little data", on_buffer(data=b"\0" * 7), "bad-model", "must have 8 bytes of data"),
    ("too much data", on_buffer(data=b"\0" * 9), "bad-model", "found: 9 bytes"),
    ("no data", on_buffer(data=None), "bad-model", "tensors [1]"),
    ("data outside the flatbuffer", on_buffer(data=None, offset=4096, size=8), "bad-model", "more than 2 GB"),
    ("data in another file", on_tensor(1, externalBuffer=1), "bad-model", "inside the flatbuffer"),
    ("NaN scale", on_quantization(0, scale=[NAN]), "bad-quantization", "found: [nan]"),
    ("infinite scale", on_quantization(1, scale=[0.5, INFINITY]), "bad-quantization", "found: [inf]"),
    ("scale 0", on_quantization(0, scale=[0.0]), "bad-quantization", "found: [0.0]"),
    ("negative scale", on_quantization(0, scale=[-1.0]), "bad-quantization", "found: [-1.0]"),
    ("zero point too big", on_quantization(0, zeroPoint=[128]), "bad-quantization", "range of int8"),
    ("zero point far too small", on_quantization(0, zeroPoint=[-(2**63)]), "bad-quantization", "range of int8"),
    ("zero points missing", on_quantization(1, zeroPoint=[0, 0, 0]), "bad-quantization", "3 for 2 scales"),
    ("scales missing", on_quantization(1, scale=[1.0] * 3, zeroPoint=[0] * 3), "bad-quantization", "of [2, 4]"),
    ("wrong dimension", on_quantization(1, quantizedDimension=1), "bad-quantization", "dimension 1 of [2, 4]"),
    ("dimension outside", on_quantization(1, quantizedDimension=2), "bad-quantization", "dimension 2 of [2, 4]"),
    ("negative dimension", on_quantization(1, quantizedDimension=-1), "bad-quantization", "dimension -1 of"),
    ("custom quantisation", on_quantization(0, detailsType=1, details=schema.CustomQuantizationT()),
     "bad-quantization", "another scheme"),
    ("unknown activation", on_options(fusedActivationFunction=6), "bad-model", "option activation"),
    ("negative activation", on_options(fusedActivationFunction=-1), "bad-model", "option activation"),
    ("unknown weights format", on_options(weightsFormat=2), "bad-model", "option weights_format"),
    ("another option table", on_node(0, builtinOptionsType=1), "bad-model", "option table must be of type 8"),
]  # fmt: skip


def problems_of(data: bytes) -> list[tuple[str, str]]:
    with pytest.raises(TinypackError) as caught:
        import_tflite(data, "broken.tflite")
    assert all("broken.tflite" in problem.where for problem in caught.value.problems)
    return [(problem.code, str(problem)) for problem in caught.value.problems]


@pytest.mark.parametrize(("break_it", "code", "piece"), [row[1:] for row in DEFECTS], ids=[row[0] for row in DEFECTS])
def test_defect(break_it: Callable[[schema.ModelT], None], code: str, piece: str) -> None:
    model = sound()
    break_it(model)
    found = problems_of(pack(model))
    assert any(code == given and piece in text for given, text in found), found


def test_every_defect_is_reported_at_once() -> None:
    model = sound()
    breakers = (
        on_quantization(0, scale=[NAN]),
        on_quantization(1, quantizedDimension=1),
        on_tensor(2, buffer=9),
        on_options(fusedActivationFunction=9),
        on_subgraph(outputs=[4, 17]),
    )
    for break_it in breakers:
        break_it(model)
    assert len(problems_of(pack(model))) == len(breakers)


def test_option_that_is_no_number() -> None:
    tensors = [T((1, 4), scale=0.5), T((1, 4), scale=0.5)]
    model = describe(tensors, [Op("SOFTMAX", (0,), (1,), {"beta": NAN})], [0], [1])
    ((code, text),) = problems_of(pack(model))
    assert code == "bad-model" and "option beta" in text and "nan" in text


LIMITS: list[tuple[Any, str, int, str]] = [
    (tflite, "MOST_CONSTANT_BYTES", 15, "up to 15 bytes of constants"),  # there are 8 of weights and 8 of biases
    (tflite, "MOST_TENSOR_BYTES", 5, "inputs and outputs together may have up to 5 bytes"),
    (tflite_tensors, "MOST_TENSOR_BYTES", 3, "a computed tensor may have up to 3 bytes"),
]


@pytest.mark.parametrize(("module", "name", "limit", "piece"), LIMITS)
def test_limit(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, limit: int, piece: str) -> None:
    monkeypatch.setattr(module, name, limit + 1)
    import_tflite(pack(sound()), "sound")
    monkeypatch.setattr(module, name, limit)
    ((code, text),) = problems_of(pack(sound()))
    assert code == "bad-model" and piece in text


#: Files that are no model at all.
FILES: list[tuple[str, bytes, str]] = [
    ("empty", b"", "an empty file"),
    ("seven bytes", b"\0\0\0\0TFL", "b'TFL'"),
    ("only the head", b"\x08\0\0\0TFL3", "byte 8 of 8"),
    ("a zip", b"PK\3\4" + b"\0" * 100, "identifier TFL3"),
    ("text", b"not a model " * 100, "identifier TFL3"),
    ("identifier and noise", b"\x10\0\0\0TFL3" + b"\xff" * 100, "vtable"),
    ("root at itself", b"\0\0\0\0TFL3" + b"\0" * 100, "offset at byte 0"),
]


@pytest.mark.parametrize(("data", "piece"), [row[1:] for row in FILES], ids=[row[0] for row in FILES])
def test_file(data: bytes, piece: str) -> None:
    ((code, text),) = problems_of(data)
    assert code == "bad-model" and piece in text


def test_every_truncation_is_refused() -> None:
    data = model_bytes("hello_world_int8")
    for end in range(0, len(data), 7):
        assert {code for code, _ in problems_of(data[:end])} == {"bad-model"}, end


def test_huge_counts_of_every_vector_are_refused() -> None:
    """Of each word that could be a count, the largest values: an error or the same model, and never much memory."""
    data = pack(sound())
    refused = 0
    for position in range(8, len(data) - 3, 4):
        for count in (2**32 - 1, 2**31, 2**30 - 1, 2**24):
            broken = data[:position] + struct.pack("<I", count) + data[position + 4 :]
            try:
                import_tflite(broken, "broken.tflite")
            except TinypackError:
                refused += 1
    assert refused > 100


def test_many_offsets_to_one_table_are_refused() -> None:
    """17 kB that describe 2000 operators of 2000 inputs each: the same operator, over and over."""
    count = 2000
    data = pack(sound())
    subgraph = schema.Model.GetRootAs(data, 0).Subgraphs(0)._tab
    field = subgraph.Pos + subgraph.Offset(4 + 2 * tflite_schema.SUBGRAPH_OPERATORS)
    vtable_at = len(data) + 4 * (1 + count)
    offsets = [vtable_at + 8 - (len(data) + 4 * (1 + i)) for i in range(count)]
    tail = struct.pack(f"<I{count}I", count, *offsets)
    tail += struct.pack("<4H", 8, 8, 0, 4) + struct.pack("<iI", 8, 4) + struct.pack(f"<I{count}i", count, *[0] * count)
    ((_, text),) = problems_of(data[:field] + struct.pack("<I", len(data) - field) + data[field + 4 :] + tail)
    assert "over and over" in text
