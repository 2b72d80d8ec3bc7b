"""What a package must compute: the oracle's output of every node, hashed, for every test vector."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np

from tinypack.compile import Program
from tinypack.errors import Problem, TinypackError
from tinypack.graph import DTYPES, Graph
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
    results: int = 0  # that a stream must give of the signal that the self-test makes
    wrong: tuple[str, ...] = ()  # differences that no board can mend

    def outputs_only(self) -> Reference:
        """Leave out what another version of the compiler may do in another way: nodes, and the test signal."""
        return replace(self, nodes=tuple({} for _ in self.nodes), results=0)


#: Nobody asked the oracle: an archive's own self-test is all there is to go by.
NO_REFERENCE = Reference((), (), {}, b"")


def check_inputs(graph: Graph, inputs: Sequence[Sequence[np.ndarray]]) -> None:
    """Refuse test inputs that the model can't take; the first bad vector is reported, with each bad array.

    Shapes: inputs [vector][model input]
    Raises: TinypackError (bad-input)
    """
    tensors = [graph.tensors[key] for key in graph.inputs]
    for i, arrays in enumerate(inputs):
        if len(arrays) != len(tensors):
            rule = "a vector must hold one array for each input of the model"
            raise TinypackError.one("bad-input", f"inputs[{i}]", rule, f"{len(arrays)} arrays, {len(tensors)} inputs")
        problems = []
        for j, (array, tensor) in enumerate(zip(map(np.asarray, arrays), tensors, strict=True)):
            if (array.shape, array.dtype) != (tensor.shape, np.dtype(DTYPES[tensor.dtype][0])):
                rule = f'the array for input {j} "{tensor.name}" must be {tensor.dtype} of shape {tensor.shape}'
                found = f"{array.dtype} of shape {array.shape}"
                problems.append(Problem("bad-input", f"inputs[{i}][{j}]", rule, found))
        if problems:
            raise TinypackError(problems)


def make_reference(
    model: bytes, program: Program, count: int, inputs: Sequence[Sequence[np.ndarray]] = (), results: int = 0
) -> Reference:
    """Ask the oracle for the built-in vectors, `count` further random ones, and given inputs.

    Of each vector only the hashes are kept, and the bytes of the further ones.
    Shapes: inputs [vector][model input]
    Raises: TinypackError (bad-model, missing-tool)
    """
    graph = program.graph
    seeds = [(FIRST_SEED + i * SEED_STEP) % 2**32 | 0x100 for i in range(count)]
    stdin = bytearray()

    def vectors() -> Iterator[Sequence[np.ndarray]]:
        yield from (vector(graph, seed) for seed in BUILT_IN_SEEDS)
        for arrays in chain((vector(graph, seed) for seed in seeds), inputs):
            stdin.extend(b"".join(np.asarray(array).tobytes() for array in arrays))
            yield arrays

    keys = {step.node.index: step.node.outputs[0] for step in program.whole_steps}
    wanted = sorted({*keys.values(), *graph.outputs})
    digests, nodes = [], []
    for found in run_oracle(model, graph, vectors(), wanted):
        tensors = dict(zip(wanted, found, strict=True))
        digests.append(digest(*(tensors[key] for key in graph.outputs)))
        nodes.append({node: digest(tensors[key]) for node, key in keys.items()})
    names = {step.node.index: graph.describe(step.node) for step in program.whole_steps}
    return Reference(tuple(digests), tuple(nodes), names, bytes(stdin), results)


def differences(reference: Reference, plain: Transcript, traced: Transcript) -> list[str]:
    """Name everything that differs from the oracle or is missing, in the order of execution.

    `plain` is the package as users build it; `traced` has the hash of every node too.
    """
    found = [*reference.wrong]
    for i, (wanted, expected) in enumerate(zip(reference.digests, reference.nodes, strict=True)):
        found += [
            f"{reference.names[node]} (vector {i})"
            for node, crc in expected.items()
            if traced.nodes.get((i, node)) != crc
        ]
        found += [
            f"outputs of vector {i} ({build})" for build, t in _builds(plain, traced) if t.digests.get(i) != wanted
        ]
    for i in range(reference.results):
        found += [f"result {i} of the stream ({build})" for build, t in _builds(plain, traced) if not t.streams.get(i)]
    return found


def _builds(plain: Transcript, traced: Transcript) -> tuple[tuple[str, Transcript], ...]:
    return ("with trace", traced), ("as installed", plain)
