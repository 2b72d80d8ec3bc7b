"""What the compiler says of models that can be read and can't be compiled: everything, in one run."""

from __future__ import annotations

import pytest

from tests.support.model_builder import Op, T, build, describe, pack, schema, single_op
from tests.support.models import OTHER_MODELS, model_bytes
from tinypack.compile import compile_graph
from tinypack.errors import Problem, TinypackError
from tinypack.importers.tflite import import_tflite

FLOAT = T((1, 4), "float32")
INT8 = T((1, 4), scale=0.5)
WEIGHTS = T((4, 4), scale=0.5, data=[[1] * 4] * 4)


def problems_of(data: bytes) -> tuple[Problem, ...]:
    with pytest.raises(TinypackError) as caught:
        compile_graph(import_tflite(data, "model.tflite"))
    return caught.value.problems


#: Name, model, and (code, what was found) of every finding.
ROWS: list[tuple[str, bytes, list[tuple[str, str]]]] = [
    (
        "float model",
        build(
            [FLOAT, T((4, 4), "float32", data=[[1.0] * 4] * 4), FLOAT, FLOAT],
            [Op("FULLY_CONNECTED", (0, 1), (2,)), Op("ELU", (2,), (3,))],
            [0],
            [3],
        ),
        [
            ("not-quantized", "float32 input 0, float32 input 1, float32 output 0"),
            ("not-quantized", "float32 input 0, float32 output 0"),
            ("unsupported-op", "ELU"),
        ],
    ),
    (
        "hybrid model",
        single_op("FULLY_CONNECTED", [FLOAT, WEIGHTS], FLOAT),
        [("not-quantized", "float32 input 0, float32 output 0")],
    ),
    (
        "two outputs",
        build([INT8, WEIGHTS, INT8, INT8], [Op("FULLY_CONNECTED", (0, 1), (2, 3))], [0], [2]),
        [("bad-model", "2")],
    ),
    (
        "no outputs",
        build([INT8, WEIGHTS, INT8], [Op("CALL_ONCE", (), ()), Op("FULLY_CONNECTED", (0, 1), (2,))], [0], [2]),
        [("unsupported-op", "CALL_ONCE")],
    ),
    (
        "ratio of scales beyond 32 bits",
        single_op("FULLY_CONNECTED", [INT8, WEIGHTS], T((1, 4), scale=1e-12)),
        [("bad-quantization", "a factor of 2.5e+11")],
    ),
    (
        "activation's limit beyond 32 bits",
        single_op("FULLY_CONNECTED", [T((1, 4), scale=1e-9), WEIGHTS], T((1, 4), scale=1e-9), {"activation": "RELU6"}),
        [("bad-quantization", "an activation's limit of 6.0 at scale 1e-09")],
    ),
]


@pytest.mark.parametrize(("data", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_findings(data: bytes, expected: list[tuple[str, str]]) -> None:
    assert [(problem.code, problem.found) for problem in problems_of(data)] == expected


def test_types_without_a_kernel() -> None:
    model = describe([INT8, WEIGHTS, INT8], [Op("FULLY_CONNECTED", (0, 1), (2,))], [0], [2])
    model.subgraphs[0].tensors[1].type = schema.TensorType.INT4
    ((code, found),) = [(problem.code, problem.found) for problem in problems_of(pack(model))]
    assert (code, found) == ("unsupported-op", "int4 input 1")


def test_floats_may_be_at_the_edges() -> None:
    ops = [Op("QUANTIZE", (0,), (1,)), Op("CUSTOM:Mine", (1,), (2,)), Op("DEQUANTIZE", (2,), (3,))]
    problems = problems_of(build([FLOAT, INT8, INT8, FLOAT], ops, [0], [3]))
    assert "CUSTOM:Mine" in [problem.found for problem in problems]
    assert {problem.code for problem in problems} == {"unsupported-op"}


def test_half_floats_are_no_edge() -> None:
    model = describe([INT8, T((1, 4), "int16", data=[[0] * 4]), FLOAT], [Op("DEQUANTIZE", (1,), (2,))], [0], [2])
    model.subgraphs[0].tensors[1].type = schema.TensorType.FLOAT16
    assert ("not-quantized", "float16 input 0") in [(p.code, p.found) for p in problems_of(pack(model))]


def test_what_the_importer_kept_comes_with_the_rest() -> None:
    model = describe([INT8, INT8, INT8], [Op("SVDF", (0, 1), (2,))], [0], [2])
    model.subgraphs[0].tensors[1].isVariable = True
    assert [problem.found for problem in problems_of(pack(model))] == ["a variable tensor", "SVDF"]


def test_quantisation_is_the_remedy_for_floats() -> None:
    (problem,) = problems_of(single_op("FULLY_CONNECTED", [FLOAT, WEIGHTS], FLOAT))
    assert "representative_dataset" in problem.hint


@pytest.mark.parametrize("name", OTHER_MODELS)
def test_real_models_beyond_us(name: str) -> None:
    data = model_bytes(name)
    found = [problem.found for problem in problems_of(data)]
    custom = [node.op for node in import_tflite(data, name).nodes if node.op.startswith("CUSTOM:")]
    assert found and set(custom) <= set(found)
