"""Kernels against the oracle, bit by bit, in every node.

All cases of one call share one program: each model is emitted under its own prefix into one source file, the kernels
they use are compiled once. The program reads the inputs of one case after the other and writes what every node and
every output gave. Before each vector the whole arena is filled with a pattern, so that no kernel may count on zeros.

A test that takes the fixture `target` runs on each of targets.TARGETS: on this computer under sanitizers, and on
emulated boards, where guards lie around the arena. On one of them: `pytest tests/kernels -k "conv and cortex-m4"`.
The oracle is asked once for all targets.
"""

from __future__ import annotations

import io
import multiprocessing
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import numpy as np

from tests.kernels.targets import NATIVE, Target
from tinypack.compile import Program, compile_graph
from tinypack.compile.emit import Identity, emit_model, kernel_sources, program_headers
from tinypack.graph import DTYPES, Graph, Tensor
from tinypack.importers.tflite import import_tflite
from tinypack.names import Names
from tinypack.oracle import ENGINES, oracle_name
from tinypack.vectors import float_grid, vector

#: All -128, all 127, all 0, then noise.
SEEDS = (0x80, 0x7F, 0x00, 0x9E3779B9, 0x243F6A88, 0xB7E15162)
#: Elements' distance from one to the next in the ramps of the first, second, ... input.
STEPS = (1, 3, 7, 11)
PATTERN = 0xA5  # of memory before a kernel writes to it
EXITS = {2: "the input ended", 3: "can't write", 4: "init failed", 5: "invoke failed", 6: "wrote beyond the arena"}

#: Changes a kernel's source: (file name, text) -> text.
Edit = Callable[[str, str], str]


@dataclass(frozen=True)
class Case:
    name: str
    model: bytes
    compile: Callable[[Graph], Program] = compile_graph


@dataclass(frozen=True, eq=False)
class Compiled:
    """A case under its C prefix."""

    case: Case
    names: Names
    graph: Graph
    program: Program

    @property
    def compared(self) -> list[Tensor]:
        """What the program writes for each vector: every node's output, then the model's outputs."""
        nodes = [self.program.graph.tensors[step.node.outputs[0]] for step in self.program.whole_steps]
        return [*nodes, *self.program.outputs]

    def vectors(self) -> list[list[np.ndarray]]:
        ramps = [self._ramp(start) for start in (0, 0x55)]
        return [*(vector(self.graph, seed) for seed in SEEDS), *ramps]

    def _ramp(self, start: int) -> list[np.ndarray]:
        arrays = []
        for position, key in enumerate(self.graph.inputs):
            tensor = self.graph.tensors[key]
            ramp = start + STEPS[position % len(STEPS)] * np.arange(tensor.elements)
            if tensor.dtype == "float32":  # halves of steps, so that ties occur, and some beyond the range
                values = (ramp % 1024 - 512) * np.float32(float_grid(self.graph, tensor)[0] / 2)
            else:
                values = (ramp % 256).astype(np.uint8).view(DTYPES[tensor.dtype][0])
            arrays.append(values.astype(DTYPES[tensor.dtype][0]).reshape(tensor.shape))
        return arrays


@lru_cache(maxsize=512)  # more than any test has
def compile_case(case: Case, prefix: str) -> Compiled:
    graph = import_tflite(case.model, case.name)
    return Compiled(case, Names(prefix, prefix.upper(), prefix.capitalize()), graph, case.compile(graph))


def identity(name: str) -> Identity:
    return Identity(name, "1.0.0", "A kernel's test", "0", "", ())


def check(cases: Sequence[Case], folder: Path, target: Target = NATIVE) -> None:
    """Fail with the first differing element of every case that differs from the oracle."""
    assert cases
    wrong = differences(cases, folder, target=target)
    assert not wrong, "\n".join([f"{len(wrong)} of {len(cases)} cases differ:", *wrong[:20]])


def differences(
    cases: Sequence[Case], folder: Path, edit: Edit = lambda _, text: text, target: Target = NATIVE
) -> list[str]:
    """Compile and run all cases, with edited kernels if so wished; describe each case that differs."""
    target.need()
    compiled = _compiled(cases)
    stream = io.BytesIO(_run(target, _build(target, compiled, folder, edit), compiled))
    expected = _ask_oracle(tuple(cases))
    found = (_difference(c, answers, stream) for c, answers in zip(compiled, expected, strict=True))
    return [text for text in found if text]


def _compiled(cases: Sequence[Case]) -> list[Compiled]:
    return [compile_case(case, f"c{i}") for i, case in enumerate(cases)]


def _difference(compiled: Compiled, expected: Sequence[Sequence[np.ndarray]], stream: io.BytesIO) -> str | None:
    """Read one case's results and describe the first that differs."""
    first = None
    for number, answers in enumerate(expected):
        for tensor, want in zip(compiled.compared, answers, strict=True):
            got = np.frombuffer(stream.read(tensor.nbytes), DTYPES[tensor.dtype][0])
            want = tensor.part_of(want.astype(got.dtype)).reshape(-1)
            if first is None and got.tobytes() != want.tobytes():
                at = int(np.flatnonzero(got.view(np.uint8) != want.view(np.uint8))[0]) // got.itemsize
                place = f'vector {number}, tensor {tensor.index} "{tensor.name}" element {at}'
                first = f"{compiled.case.name}: {place}: {got[at]}, the oracle says {want[at]}"
    return first


def _build(target: Target, compiled: Sequence[Compiled], folder: Path, edit: Edit) -> Path:
    kernels = {name for c in compiled for name in program_headers(c.program)}
    sources = {name: edit(name, text) for name, text in kernel_sources(sorted(kernels)).items()}
    for c in compiled:
        emitted = emit_model(c.program, c.names, identity(c.case.name))
        # One source file for all: the names that are static in each of them get its prefix.
        sources |= {
            Path(name).name: re.sub(r"\bnode_(?=\d)", f"{c.names.prefix}_node_", emitted[name]) for name in emitted
        }
    sources |= {"main.c": "".join(_program(compiled)), "target.h": target.header.read_text()}
    for name, text in sources.items():
        (folder / name).write_text(text.replace('#include "../', '#include "'))
    return target.build(folder, "main.c", [name for name in sources if re.fullmatch(r"tp_\w+\.c", name)])


def _program(compiled: Sequence[Compiled]) -> Iterator[str]:
    yield "#include <stddef.h>\n#include <stdint.h>\n"
    yield f'#define LARGEST_ARENA {max(c.program.arena_bytes for c in compiled)}\n#include "target.h"\n'
    for c in compiled:
        prefix, macro = c.names.prefix, c.names.macro
        inputs = [f"get({_port(c, 'input', i)});" for i in range(len(c.program.inputs))]
        outputs = [f"put({_port(c, 'output', i)});" for i in range(len(c.program.outputs))]
        yield f'\n#undef NODE_DONE\n#define {macro}_TRACE\n#include "{prefix}_model.c"\n'
        yield f"void {prefix}_trace(int node, const void *data, size_t n) {{ (void)node; put(data, n); }}\n"
        yield f"static void run_{prefix}(int vectors) {{\n  STATE({prefix}_t);\n"
        yield f"  if ({prefix}_init(self) != 0) exit(4);\n  while (vectors-- > 0) {{\n"
        yield f"    memset(self->arena, {PATTERN}, sizeof self->arena);\n"
        yield f"    {' '.join(inputs)}\n    if ({prefix}_invoke(self) != 0) exit(5);\n"
        yield f"    {' '.join(outputs)}\n    check_guards(self->arena, sizeof self->arena);\n  }}\n}}\n"
    yield "\nint main(void) {\n  start();\n"
    yield "".join(f"  run_{c.names.prefix}({len(c.vectors())});\n" for c in compiled)
    yield "  return 0;\n}\n"


def _port(compiled: Compiled, kind: str, position: int) -> str:
    """Pointer and bytes of an input or output, as C arguments."""
    tensors = compiled.program.inputs if kind == "input" else compiled.program.outputs
    suffix = f"_{position}" if len(tensors) > 1 else ""
    return f"{compiled.names.prefix}_{kind}{suffix}(self), {tensors[position].nbytes}"


def _run(target: Target, program: Path, compiled: Sequence[Compiled]) -> bytes:
    given = b"".join(array.tobytes() for c in compiled for inputs in c.vectors() for array in inputs)
    done = target.run(program, given)
    if done.returncode != 0:
        reason = EXITS.get(done.returncode, f"exit code {done.returncode}")
        text = done.stderr.decode(errors="replace")
        raise AssertionError(f"{_reached(compiled, len(done.stdout))}: {reason}\n{text}")
    return done.stdout


def _reached(compiled: Sequence[Compiled], written: int) -> str:
    """Name the case in which a program stopped."""
    for c in compiled:
        written -= sum(tensor.nbytes for tensor in c.compared) * len(c.vectors())
        if written < 0:
            return c.case.name
    return "after the last case"


@lru_cache(maxsize=8)  # more than any file has tests
def _ask_oracle(cases: tuple[Case, ...]) -> list[list[list[np.ndarray]]]:
    compiled = _compiled(cases)
    jobs = [(c.case.model, c.vectors(), [tensor.index for tensor in c.compared]) for c in compiled]
    answers: list[list[list[np.ndarray]]] = []
    try:
        answers.extend(_oracle().map(_oracle_job, jobs))
    except (BrokenProcessPool, RuntimeError, ValueError) as error:
        _oracle.cache_clear()
        raise AssertionError(f"{compiled[len(answers)].case.name}: the oracle refuses it: {error}") from error
    return answers


@cache
def _oracle() -> ProcessPoolExecutor:
    """Start a process of its own, for all tests: the oracle aborts on what it does not like."""
    return ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))


def _oracle_job(job: tuple[bytes, list[list[np.ndarray]], list[int]]) -> list[list[np.ndarray]]:
    model, vectors, wanted = job
    engine = ENGINES[oracle_name().split()[0]](model)
    return [engine.run(inputs, wanted) for inputs in vectors]
