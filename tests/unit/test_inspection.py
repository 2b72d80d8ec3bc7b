from __future__ import annotations

from tests.support.nets import Net, Stuck
from tinypack.compile import compile_graph
from tinypack.importers.tflite import import_tflite
from tinypack.inspection import inspect_program


def test_what_is_not_computed_is_counted() -> None:
    net = Net(1, (1, 4, 4, 8))
    net.conv(net.depthwise(net.conv(0, 12, 1, Stuck(low=range(5)))), 4)
    graph = import_tflite(net.built(), "small")
    found = inspect_program("small", net.built(), graph, compile_graph(graph))
    first, second, third = found.layers
    assert [layer.constant_channels for layer in found.layers] == [4, 4, 0]
    assert (first.macs, first.model_macs) == (16 * 8 * 8, 16 * 8 * 12)
    assert (second.macs, second.model_macs) == (4 * 9 * 8, 4 * 9 * 12)
    assert (third.macs, third.model_macs) == (4 * 8 * 4, 4 * 12 * 4)
    assert (found.constant_channels, found.macs) == (8, first.macs + second.macs + third.macs)
    assert found.to_json()["model_macs"] == found.model_macs == 16 * 8 * 12 + 4 * 9 * 12 + 4 * 12 * 4
