"""Kernels against the oracle, bit by bit, in every node.

All cases of one call share one program: each model is emitted under its own prefix into one source file, the kernels
they use are compiled once, under sanitizers. The program reads the inputs of one case after the other and writes
what every node and every output gave.
"""

from __future__ import annotations

import io
import multiprocessing
import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.support.machine import need
from tinypack.compile import Program, compile_graph
from tinypack.compile.emit import Identity, emit_model, kernel_sources
from tinypack.graph import DTYPES, Graph, Tensor
from tinypack.importers.tflite import import_tflite
from tinypack.names import Names
from tinypack.oracle import ENGINES, oracle_name
from tinypack.vectors import float_grid, vector

WARNINGS = ("-Wall", "-Wextra", "-Werror")
FLAGS = ("-std=c99", "-O1", *WARNINGS, "-Wconversion", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")
#: All -128, all 127, all 0, then noise.
SEEDS = (0x80, 0x7F, 0x00, 0x9E3779B9, 0x243F6A88, 0xB7E15162)
#: Elements' distance from one to the next in the ramps of the first, second, ... input.
STEPS = (1, 3, 7, 11)
TIME_LIMIT = 120  # seconds

#: Changes a kernel's source: (file name, text) -> text.
Edit = Callable[[str, str], str]


@dataclass(frozen=True, eq=False)
class Case:
    name: str
    model: bytes


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
        nodes = [self.program.graph.tensors[step.node.outputs[0]] for step in self.program.steps]
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


def compile_case(case: Case, prefix: str) -> Compiled:
    graph = import_tflite(case.model, case.name)
    return Compiled(case, Names(prefix, prefix.upper(), prefix.capitalize()), graph, compile_graph(graph))


def identity(name: str) -> Identity:
    return Identity(name, "1.0.0", "A kernel's test", "0", "", ())


def check(cases: Sequence[Case], folder: Path) -> None:
    """Fail with the first differing element of every case that differs from the oracle."""
    assert cases
    wrong = differences(cases, folder)
    assert not wrong, "\n".join([f"{len(wrong)} of {len(cases)} cases differ:", *wrong[:20]])


def differences(cases: Sequence[Case], folder: Path, edit: Edit = lambda _, text: text) -> list[str]:
    """Compile and run all cases, with edited kernels if so wished; describe each case that differs."""
    need("gcc")
    compiled = [compile_case(case, f"c{i}") for i, case in enumerate(cases)]
    stream = io.BytesIO(_run(_build(compiled, folder, edit), compiled))
    expected = _ask_oracle(compiled)
    found = (_difference(c, answers, stream) for c, answers in zip(compiled, expected, strict=True))
    return [text for text in found if text]


def _difference(compiled: Compiled, expected: Sequence[Sequence[np.ndarray]], stream: io.BytesIO) -> str | None:
    """Read one case's results and describe the first that differs."""
    first = None
    for number, answers in enumerate(expected):
        for tensor, want in zip(compiled.compared, answers, strict=True):
            got = np.frombuffer(stream.read(tensor.nbytes), DTYPES[tensor.dtype][0])
            want = want.astype(got.dtype).reshape(-1)
            if first is None and got.tobytes() != want.tobytes():
                at = int(np.flatnonzero(got.view(np.uint8) != want.view(np.uint8))[0]) // got.itemsize
                place = f'vector {number}, tensor {tensor.index} "{tensor.name}" element {at}'
                first = f"{compiled.case.name}: {place}: {got[at]}, the oracle says {want[at]}"
    return first


def _build(compiled: Sequence[Compiled], folder: Path, edit: Edit) -> Path:
    kernels = {name for c in compiled for name in c.program.kernels}
    sources = {name: edit(name, text) for name, text in kernel_sources(sorted(kernels)).items()}
    for c in compiled:
        emitted = emit_model(c.program, c.names, identity(c.case.name))
        # One source file for all: the names that are static in each of them get its prefix.
        sources |= {
            Path(name).name: re.sub(r"\bnode_(?=\d)", f"{c.names.prefix}_node_", emitted[name]) for name in emitted
        }
    sources["main.c"] = "".join(_program(compiled))
    for name, text in sources.items():
        (folder / name).write_text(text.replace('#include "../', '#include "'))
    program = folder / "program"
    units = ["main.c", *sorted(f"tp_{name}.c" for name in kernels)]
    subprocess.run(["gcc", *FLAGS, *units, "-o", str(program)], cwd=folder, check=True, timeout=TIME_LIMIT)
    return program


def _program(compiled: Sequence[Compiled]) -> Iterator[str]:
    yield "#include <stdio.h>\n#include <stdlib.h>\n"
    yield "static void get(void *to, size_t n) { if (fread(to, 1, n, stdin) != n) exit(2); }\n"
    yield "static void put(const void *from, size_t n) { if (fwrite(from, 1, n, stdout) != n) exit(3); }\n"
    for c in compiled:
        prefix, macro = c.names.prefix, c.names.macro
        inputs = [f"get({_port(c, 'input', i)});" for i in range(len(c.program.inputs))]
        outputs = [f"put({_port(c, 'output', i)});" for i in range(len(c.program.outputs))]
        yield f'\n#undef NODE_DONE\n#define {macro}_TRACE\n#include "{prefix}_model.c"\n'
        yield f"void {prefix}_trace(int node, const void *data, size_t n) {{ (void)node; put(data, n); }}\n"
        yield f"static void run_{prefix}(int vectors) {{\n  static {prefix}_t self;\n"
        yield f"  if ({prefix}_init(&self) != 0) exit(4);\n  while (vectors-- > 0) {{\n"
        yield f"    {' '.join(inputs)}\n    if ({prefix}_invoke(&self) != 0) exit(5);\n"
        yield f"    {' '.join(outputs)}\n  }}\n}}\n"
    yield "\nint main(void) {\n"
    yield "".join(f"  run_{c.names.prefix}({len(c.vectors())});\n" for c in compiled)
    yield "  return 0;\n}\n"


def _port(compiled: Compiled, kind: str, position: int) -> str:
    """Pointer and bytes of an input or output, as C arguments."""
    tensors = compiled.program.inputs if kind == "input" else compiled.program.outputs
    suffix = f"_{position}" if len(tensors) > 1 else ""
    return f"{compiled.names.prefix}_{kind}{suffix}(&self), {tensors[position].nbytes}"


def _run(program: Path, compiled: Sequence[Compiled]) -> bytes:
    given = b"".join(array.tobytes() for c in compiled for inputs in c.vectors() for array in inputs)
    done = subprocess.run([str(program)], input=given, capture_output=True, timeout=TIME_LIMIT, check=False)
    assert done.returncode == 0, f"{_reached(compiled, len(done.stdout))}:\n{done.stderr.decode(errors='replace')}"
    return done.stdout


def _reached(compiled: Sequence[Compiled], written: int) -> str:
    """Name the case in which a program stopped."""
    for c in compiled:
        written -= sum(tensor.nbytes for tensor in c.compared) * len(c.vectors())
        if written < 0:
            return c.case.name
    return "after the last case"


def _ask_oracle(compiled: Sequence[Compiled]) -> list[list[list[np.ndarray]]]:
    jobs = [(c.case.model, c.vectors(), [tensor.index for tensor in c.compared]) for c in compiled]
    answers: list[list[list[np.ndarray]]] = []
    # A process of its own: the oracle aborts on what it does not like.
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        try:
            answers.extend(pool.map(_oracle_job, jobs))
        except (BrokenProcessPool, RuntimeError, ValueError) as error:
            raise AssertionError(f"{compiled[len(answers)].case.name}: the oracle refuses it: {error}") from error
    return answers


def _oracle_job(job: tuple[bytes, list[list[np.ndarray]], list[int]]) -> list[list[np.ndarray]]:
    model, vectors, wanted = job
    engine = ENGINES[oracle_name().split()[0]](model)
    return [engine.run(inputs, wanted) for inputs in vectors]
