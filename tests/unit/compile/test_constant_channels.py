from __future__ import annotations

import numpy as np
import pytest

from tests.support.constant_channels import CASES, Case
from tests.support.models import model_bytes
from tests.support.nets import Net, Stuck
from tinypack.compile import compile_graph
from tinypack.compile.constant_channels import drop_constant_channels
from tinypack.graph import Graph
from tinypack.importers.tflite import import_tflite
from tinypack.ops import OPS


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_channels_that_are_left(case: Case) -> None:
    model, wanted = case.make()
    source = import_tflite(model, case.name)
    graph = compile_graph(source).graph
    assert {key: graph.tensors[key].shape[-1] for key in wanted} == wanted
    for key in wanted:
        tensor, whole = graph.tensors[key], source.tensors[key]
        assert (tensor.channels is None) == (tensor.shape == whole.shape)
        assert tensor.channels is None or tensor.channels == tuple(sorted(set(tensor.channels)))
    for node in graph.nodes:
        assert OPS[node.op].output_shape(node, graph) == graph.output(node).shape


def test_a_part_of_a_tensor_has_its_channels() -> None:
    graph = small()
    part = drop_constant_channels(graph).tensors[3]
    assert part.channels is not None
    whole = np.arange(graph.tensors[3].elements).reshape(graph.tensors[3].shape)
    assert (part.part_of(whole.reshape(-1)) == whole[..., list(part.channels)]).all()
    assert (graph.tensors[3].part_of(whole.reshape(-1)) == whole).all()


def test_constants_of_the_file_stay_for_other_layers_that_read_them() -> None:
    graph = small()
    cut = drop_constant_channels(graph)
    assert all(cut.tensors[key] is graph.tensors[key] for key in graph.tensors if graph.tensors[key].is_constant)
    assert all(key not in graph.tensors for node in cut.nodes for key in node.inputs[1:])


def test_a_model_without_such_channels_is_left_as_it_is() -> None:
    net = Net(1, (1, 4, 4, 4))
    net.conv(0, 4)
    graph = import_tflite(net.built(), "nothing")
    assert drop_constant_channels(graph) is graph


def test_half_of_a_real_model_never_changes() -> None:
    source = import_tflite(model_bytes("vww_96_int8"), "vww")
    program = compile_graph(source)
    macs = sum(OPS[step.node.op].macs(step.node, program.graph) for step in program.steps)
    assert sum(OPS[node.op].macs(node, source) for node in source.nodes) == 7_489_664
    assert macs < 3_800_000


def small() -> Graph:
    net = Net(1, (1, 4, 4, 4))
    net.conv(net.conv(0, 12, 1, Stuck(low=range(5))), 4)
    return import_tflite(net.built(), "small")
