"""Graphs of Signal operators as front ends; whole models that carry one, against the oracle over a stream."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from flatbuffers import flexbuffers

from tests.support.fused_model import ALONE, FEATURES, fused
from tests.support.machine import need
from tests.support.model_builder import Op, T, extend, pack, schema, single_op
from tests.support.models import model_bytes
from tests.support.mutants import by_bytes, outcome
from tests.support.sounds import frames, recording, synthetic
from tinypack.compile import compile_graph
from tinypack.compile.emit import Identity, emit_package
from tinypack.errors import TinypackError
from tinypack.features.extractor import FrontEnd
from tinypack.features.microfrontend import Options, front_end
from tinypack.graph import Graph
from tinypack.importers.signal import split_front_end
from tinypack.importers.tflite import import_tflite
from tinypack.names import c_names
from tinypack.oracle import run_oracle

HOP = 320


def split(data: bytes) -> tuple[FrontEnd, Graph]:
    front, rest = split_front_end(import_tflite(data, "test.tflite"), rate=16000, hop=HOP)
    assert front is not None
    return front, rest


def test_is_the_extractor() -> None:
    front, rest = split(model_bytes(ALONE))
    own = front_end(Options(type="microfrontend"))
    assert [step.block for step in front.chain.steps] == [step.block for step in own.chain.steps]
    assert (front.rate, front.frame, front.hop, front.shape) == (own.rate, own.frame, own.hop, own.shape)
    # What the graph can't say is that features are divided by 25.6.
    assert (front.unit, front.zero_point) == (pytest.approx(own.unit * 25.6), own.zero_point)
    assert (rest.nodes, rest.inputs, rest.outputs) == ((), (FEATURES,), (FEATURES,))


def test_models_without_signal_operators_stay_whole() -> None:
    graph = import_tflite(model_bytes("hello_world_int8"), "")
    assert split_front_end(graph) == (None, graph)


def test_fused_model_over_a_stream(tmp_path: Path) -> None:
    need("gcc")
    model = fused()
    graph = import_tflite(model, "fused")
    front, rest = split(model)
    assert (front.unit, front.zero_point) == (float(np.float32(0.1)), -128)
    sound = np.concatenate((recording("yes_1000ms"), synthetic()["noise"][:8000], synthetic()["zeros"][:4000]))
    cut = frames(sound, front.frame, front.hop)
    wanted = [FEATURES, *graph.outputs]
    answers = list(run_oracle(model, graph, ([frame[np.newaxis]] for frame in cut), wanted))
    features = front.chain.apply({"samples": cut[np.newaxis]}, front.chain.start(1))[0]
    assert (features == np.array([answer[0] for answer in answers])).all()
    assert (_run(rest, features, tmp_path) == np.concatenate([answer[1] for answer in answers])).all()
    assert len(np.unique([answer[1] for answer in answers], axis=0)) > 40


def _run(graph: Graph, features: np.ndarray, folder: Path) -> np.ndarray:
    """Run the network behind a front end in C."""
    sources = emit_package(compile_graph(graph), c_names("net"), Identity("net", "1.0.0", "", "0", "", ()))
    main = (
        '#include <stdio.h>\n#include "net.h"\nint main(void) {\n  static net_t net;\n  net_init(&net);\n'
        "  while (fread(net_input(&net), 1, NET_INPUT_LEN, stdin) == NET_INPUT_LEN) {\n    net_invoke(&net);\n"
        "    fwrite(net_output(&net), 1, NET_OUTPUT_LEN, stdout);\n  }\n  return 0;\n}\n"
    )
    for name, text in {**sources, "main.c": main}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    units = [str(path) for path in sorted(folder.rglob("*.c"))]
    subprocess.run(["gcc", "-std=c99", *units, "-o", "program"], cwd=folder, check=True)
    done = subprocess.run([folder / "program"], input=features.tobytes(), capture_output=True, check=True)
    return np.frombuffer(done.stdout, np.int8).reshape(len(features), -1)


def test_features_take_the_quantisation_of_the_network() -> None:
    (front, rest), (same, quantised) = (split(fused(quantised)) for quantised in (False, True))
    assert (front.unit, front.zero_point) == (same.unit, same.zero_point)
    assert rest.tensors[FEATURES].quantization == quantised.tensors[FEATURES].quantization is not None


def test_energies_need_no_zeros_where_no_filter_looks() -> None:
    """What the graph cuts out and fills up is what filters don't read anyway."""
    model = schema.ModelT.InitFromPackedBuf(model_bytes(ALONE))
    subgraph = model.subgraphs[0]
    (bank,) = (op for op in subgraph.operators if model.operatorCodes[op.opcodeIndex].customCode == b"SignalFilterBank")
    bank.inputs = [24, *bank.inputs[1:]]  # the output of SignalEnergy itself
    subgraph.operators = [op for op in subgraph.operators if not {25, 26, 27, 28} & {*op.outputs}]
    front, _ = split(pack(model))
    assert [step.block for step in front.chain.steps] == [
        step.block for step in split(model_bytes(ALONE))[0].chain.steps
    ]


Change = Callable[[schema.ModelT], None]


def _option(node: int, **options: int) -> Change:
    def change(model: schema.ModelT) -> None:
        operator = model.subgraphs[0].operators[node]
        given = flexbuffers.Loads(bytes(bytearray(operator.customOptions)))
        operator.customOptions = list(flexbuffers.Dumps({**given, **options}))

    return change


def _constant(tensor: int, values: list[int], dtype: str = "<i4") -> Change:
    def change(model: schema.ModelT) -> None:
        buffer = model.buffers[model.subgraphs[0].tensors[tensor].buffer]
        data = np.frombuffer(bytes(bytearray(buffer.data)), dtype).copy()
        data[: len(values)] = values
        buffer.data = list(data.tobytes())

    return change


def _custom(node: int, data: bytes) -> Change:
    def change(model: schema.ModelT) -> None:
        model.subgraphs[0].operators[node].customOptions = list(data)

    return change


def _inputs(node: int, *keys: int) -> Change:
    def change(model: schema.ModelT) -> None:
        model.subgraphs[0].operators[node].inputs = list(keys)

    return change


def _no_outputs(model: schema.ModelT) -> None:
    model.subgraphs[0].operators[5].outputs = []
    model.subgraphs[0].operators[6].inputs = [24, 7, 6, 5]


REFUSED: dict[str, tuple[Change, str]] = {
    "no outputs": (_no_outputs, "must have an output"),
    "options that are no map": (_custom(0, b"\x05\x04\x01"), "a map of whole numbers"),
    "options cut off": (_custom(2, b"\x24\x01"), "a map of whole numbers"),
    "no options": (_custom(0, b""), "option shift must be 0 to 31"),
    "shift": (_option(0, shift=32), "option shift must be 0 to 31"),
    "length of the transform": (_option(3, fft_length=480), "a power of 2 that holds the frame"),
    "transform shorter than a frame": (_option(3, fft_length=256), "a power of 2 that holds the frame"),
    "another transform than bins": (_option(3, fft_length=1024), "shapes must go together"),
    "bins": (_option(4, end_index=258), "option end_index"),
    "bins in reverse": (_option(4, end_index=4), "option end_index"),
    "slice beyond the energies": (_option(4, end_index=240), "stay within bins 5:240"),
    "slice by stride": (_constant(5, [2]), "by stride 1"),
    "no zeros around": (_constant(3, [1]), "zeros around"),
    "bins moved": (_inputs(7, 2, 26, 3), "stay in their places"),
    "channels": (_option(9, num_channels=41), "one more than channels"),
    "negative weight": (_constant(13, [-1], "<i2"), "0 or more"),
    "weights beyond the table": (_constant(10, [400], "<i2"), "within the weights"),
    "negative start": (_constant(11, [-1], "<i2"), "within the weights"),
    "bins beyond the spectrum": (_constant(11, [256], "<i2"), "within bins 0:257"),
    "computed weights": (_inputs(0, 0, 0), "must be constant int16"),
    "root of something else": (_inputs(10, 24, 22), "from the samples or a Signal operator"),
    "smoothing": (_option(11, smoothing=-1), "option smoothing"),
    "other channels of noise": (_option(11, num_channels=39), "shapes must go together"),
    "gain": (_option(12, snr_shift=-1), "option snr_shift"),
    "logarithm": (_option(13, output_scale=2048), "option output_scale"),
    "multiplication beyond 32 bits": (_constant(17, [1 << 20]), "beyond 32 bits"),
    "multiplication by 0": (_constant(17, [0]), "not above 0"),
    "division by 0": (_constant(18, [0]), "not above 0"),
    "limits beyond int8": (_constant(14, [128]), "held between -128 and 127"),
    "limits below int8": (_constant(16, [-129]), "held between -128 and 127"),
}


@pytest.mark.parametrize(("change", "rule"), REFUSED.values(), ids=REFUSED)
def test_refusals(change: Change, rule: str) -> None:
    model = schema.ModelT.InitFromPackedBuf(model_bytes(ALONE))
    change(model)
    with pytest.raises(TinypackError) as error:
        split(pack(model))
    assert rule in str(error.value) and "node" in str(error.value)


def test_refuses_another_operator_on_the_way() -> None:
    x, y = T((1, 480), "int16", name="x"), T((1, 480), "int16", name="y")
    with pytest.raises(TinypackError, match="may have: SignalWindow"):
        split(single_op("CUSTOM:SignalFramer", [x], y, {"frame_size": 480}))


def test_refuses_to_end_before_features() -> None:
    x, y = T((1, 480), "int16", name="x"), T((1, 480), "int16", name="y")
    with pytest.raises(TinypackError, match="must end in int8"):
        split(single_op("CUSTOM:SignalWindow", [x, T((480,), "int16", data=np.ones(480))], y, {"shift": 12}))


def test_refuses_networks_that_read_inside() -> None:
    outside = extend(model_bytes(ALONE), [T((40,), "int8", name="out")], [Op("CAST", (34,), (43,))], [43])
    with pytest.raises(TinypackError, match="only its features may be read"):
        split(pack(outside))


def test_damaged_models_give_errors_or_front_ends() -> None:
    rng = random.Random(11)
    found = {outcome(by_bytes(ALONE, rng)) for _ in range(300)}
    assert {"a front end", "refused by the importer", "refused by the compiler"} <= found
