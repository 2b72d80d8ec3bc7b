"""What a package must compute: the oracle's output of every node, hashed, for every test vector."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tinypack.compile import Program
from tinypack.oracle import run_oracle
from tinypack.vectors import BUILT_IN_SEEDS, digest, vector
from tinypack.verify.transcript import Transcript

FIRST_SEED, SEED_STEP = 0x2545F491, 0x9E3779B9


@dataclass(frozen=True)
class Reference:
    """Expected hashes, and the bytes of the vectors that the host feeds in after the built-in ones."""

    digests: tuple[int, ...]  # of all outputs, one a vector
    nodes: tuple[Mapping[int, int], ...]  # node index -> hash of its output, one mapping a vector
    names: Mapping[int, str]  # node index -> how messages call it
    stdin: bytes


def make_reference(
    model: bytes, program: Program, count: int, inputs: Sequence[Sequence[np.ndarray]] = ()
) -> Reference:
    """Ask the oracle for the built-in vectors, `count` further random ones, and given inputs.

    Shapes: inputs [vector][model input]
    Raises: TinypackError (bad-model, missing-tool)
    """
    graph = program.graph
    seeds = [(FIRST_SEED + i * SEED_STEP) % 2**32 | 0x100 for i in range(count)]
    further = [vector(graph, seed) for seed in seeds] + [list(arrays) for arrays in inputs]
    vectors = [vector(graph, seed) for seed in BUILT_IN_SEEDS] + further
    keys = {step.node.index: step.node.outputs[0] for step in program.steps}
    wanted = sorted({*keys.values(), *graph.outputs})
    found = [dict(zip(wanted, arrays, strict=True)) for arrays in run_oracle(model, graph, vectors, wanted)]
    return Reference(
        digests=tuple(digest(*(tensors[key] for key in graph.outputs)) for tensors in found),
        nodes=tuple({node: digest(tensors[key]) for node, key in keys.items()} for tensors in found),
        names={step.node.index: graph.describe(step.node) for step in program.steps},
        stdin=b"".join(np.ascontiguousarray(array).tobytes() for arrays in further for array in arrays),
    )


def differences(reference: Reference, plain: Transcript, traced: Transcript) -> list[str]:
    """Name everything that differs from the oracle or is missing, in the order of execution.

    `plain` is the package as users build it; `traced` has the hash of every node too.
    """
    found = []
    for i, (wanted, expected) in enumerate(zip(reference.digests, reference.nodes, strict=True)):
        found += [
            f"{reference.names[node]} (vector {i})"
            for node, crc in expected.items()
            if traced.nodes.get((i, node)) != crc
        ]
        found += [
            f"outputs of vector {i} ({build})" for build, t in _builds(plain, traced) if t.digests.get(i) != wanted
        ]
    return found


def _builds(plain: Transcript, traced: Transcript) -> tuple[tuple[str, Transcript], ...]:
    return ("with trace", traced), ("as installed", plain)
