"""A whole package's content without a file, an importer or an oracle: dense layers whose results are plain sums."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypack import __version__
from tinypack.compile import compile_graph
from tinypack.compile.emit import Identity, emit_package, emit_selftest
from tinypack.graph import Graph, Node, Quantization, Tensor
from tinypack.manifest import Manifest, Model, Package
from tinypack.names import c_names
from tinypack.package import Content
from tinypack.vectors import BUILT_IN_SEEDS, digest, vector

INPUTS, CLASSES = 6, 3
LABELS = ("left", "right", "a | b")
ONE = Quantization((1.0,), (0,))  # a scale of one everywhere: nothing is rounded
OPTIONS = {"activation": "NONE", "weights_format": "DEFAULT", "keep_num_dims": False}


def make_content(name: str = "kws-ref", labels: tuple[str, ...] = LABELS, ports: int = 1, **package: Any) -> Content:
    """Make the content of a package with `ports` inputs, each with a dense layer and an output of its own."""
    graph = make_graph(ports)
    program = compile_graph(graph)
    described = {"license": "Apache-2.0", "authors": ["Ada <ada@example.org>", "Bob"], **package}
    manifest = Manifest(package=Package(name=name, **described), model=Model(file="a.tflite", labels=list(labels)))
    names = c_names(name)
    identity = Identity(
        name=name,
        version=manifest.package.version,
        description=manifest.package.description,
        tinypack=__version__,
        model_sha256="ab" * 32,
        labels=labels,
    )
    expected = [(seed, digest(*results(graph, seed))) for seed in BUILT_IN_SEEDS]
    return Content(
        manifest=manifest,
        names=names,
        program=program,
        model_sha256=identity.model_sha256,
        oracle="sums by hand",
        sources=emit_package(program, names, identity),
        selftest=emit_selftest(program, names, identity, "sums by hand", expected),
    )


def make_graph(ports: int) -> Graph:
    """Lay out tensors: inputs from 0, outputs from 10, weights from 20, biases from 30."""
    noise = np.random.default_rng(1)
    tensors: list[Tensor] = []
    nodes: list[Node] = []
    for i in range(ports):
        weights = noise.integers(-3, 4, (CLASSES, INPUTS)).astype(np.int8)
        bias = noise.integers(-20, 21, CLASSES).astype(np.int32)
        tensors += [
            Tensor(i, f"in{i}", (1, INPUTS), "int8", ONE),
            Tensor(10 + i, f"out`{i}` | */", (1, CLASSES), "int8", ONE),
            Tensor(20 + i, f"weights{i}", weights.shape, "int8", ONE, weights),
            Tensor(30 + i, f"bias{i}", bias.shape, "int32", ONE, bias),
        ]
        nodes.append(Node(i, "FULLY_CONNECTED", (i, 20 + i, 30 + i), (10 + i,), OPTIONS))
    inputs, outputs = tuple(range(ports)), tuple(range(10, 10 + ports))
    return Graph("hand-made", {tensor.index: tensor for tensor in tensors}, tuple(nodes), inputs, outputs)


def results(graph: Graph, seed: int) -> list[np.ndarray]:
    """Say what the model must give for a seed's inputs."""
    given = []
    for i, x in enumerate(vector(graph, seed)):
        weights, bias = graph.tensors[20 + i].data, graph.tensors[30 + i].data
        assert weights is not None and bias is not None
        sums = weights.astype(np.int32) @ x.reshape(-1).astype(np.int32) + bias
        given.append(np.clip(sums, -128, 127).astype(np.int8))
    return given
