from __future__ import annotations

import re

import numpy as np
import pytest

from tests.support.content import make_content
from tests.support.graphs import HALF, constant, make_graph, node, tensor
from tests.support.models import INT8_MODELS, model_bytes
from tinypack.compile import Program, compile_graph
from tinypack.compile.emit import Identity, emit_model
from tinypack.compile.sizes import ELEMENT_BYTES, avr_excess, step_bytes, table_bytes
from tinypack.importers.tflite import import_tflite
from tinypack.names import c_names

IDENTITY = Identity("kws", "1.0.0", "A sentence.", "0.1.0", "", ())


def emitted_bytes(program: Program) -> int:
    """Count the tables in the C text, not in the program."""
    model = emit_model(program, c_names("kws"), IDENTITY)["kws/kws_model.c"]
    tables = re.findall(r"^static const (\w+) node_\w+\[(\d+)\](?: \w+)? = {$", model, re.MULTILINE)
    return sum(ELEMENT_BYTES[ctype] * int(count) for ctype, count in tables)


@pytest.mark.parametrize("name", INT8_MODELS)
def test_figures_are_those_of_the_emitted_text(name: str) -> None:
    program = compile_graph(import_tflite(model_bytes(name), name))
    assert table_bytes(program) == emitted_bytes(program) > 0


def test_one_dense_layer() -> None:
    program = make_content().program
    weights, bias, multiplier, shift = 18, 3 * 4, 4, 4
    assert table_bytes(program) == emitted_bytes(program)
    assert weights + bias <= table_bytes(program) <= weights + bias + multiplier + shift
    assert step_bytes(program.steps[0]) == table_bytes(program)


def test_equal_tables_count_once() -> None:
    x, weights = tensor((1, 4)), constant(np.eye(4), "int8", HALF)
    nodes = [node("FULLY_CONNECTED", [0, 1], 2), node("FULLY_CONNECTED", [2, 1], 3)]
    program = compile_graph(make_graph([x, weights, x, x], nodes, [3]))
    first, second = map(step_bytes, program.steps)
    assert first == second == table_bytes(program) == emitted_bytes(program)


@pytest.mark.parametrize(
    ("sizes", "found"),
    [
        ((127, 127), ""),
        ((200,), "the largest 40,000"),
        ((150, 151, 152), "tables of 70,222 bytes"),
    ],
    ids=["all within reach", "one too large", "together too large"],
)
def test_what_avr_reaches(sizes: tuple[int, ...], found: str) -> None:
    """Dense layers of n * n weights, side by side."""
    tensors, nodes, inputs = [], [], []
    for n in sizes:
        key = len(tensors)
        tensors += [tensor((1, n)), constant(np.full((n, n), 3), "int8", HALF), tensor((1, n))]
        nodes.append(node("FULLY_CONNECTED", [key, key + 1], key + 2))
        inputs.append(key)
    program = compile_graph(make_graph(tensors, nodes, [key + 2 for key in inputs], inputs))
    assert found in avr_excess(program) and bool(found) == bool(avr_excess(program))
    model = emit_model(program, c_names("kws"), IDENTITY)["kws/kws_model.c"]
    assert ("#error" in model) == bool(found)
