"""Runs chains of blocks in C and in NumPy on the same frames: one program for a whole table of cases.

A test that takes the fixture `target` runs on this computer under sanitizers, and on emulated boards.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.kernels.targets import NATIVE, Target
from tinypack.compile.chain import ChainText, chain_text
from tinypack.compile.emit import kernel_sources
from tinypack.compile.tables import Tables
from tinypack.features.protocol import Block, Chain, Step


@dataclass(frozen=True, eq=False)
class Case:
    """A chain and the frames of one stream that it is given.

    Shapes: frames name -> [frames, length]
    """

    name: str
    chain: Chain
    frames: Mapping[str, np.ndarray]


def block_case(name: str, block: Block, *inputs: np.ndarray) -> Case:
    """Make a case of a single block; its first output is compared.

    Shapes: inputs [frames, length]
    """
    reads = tuple(f"in{i}" for i in range(len(block.inputs)))
    writes = tuple(f"out{i}" for i in range(len(block.outputs)))
    given = dict(zip(reads, block.inputs, strict=True))
    return Case(name, Chain(given, (Step(block, reads, writes),), writes[0]), dict(zip(reads, inputs, strict=True)))


def assert_same(cases: Sequence[Case], folder: Path, target: Target = NATIVE) -> None:
    """Compile all chains, run them frame by frame, and compare every bit with NumPy's."""
    target.need()
    stream = io.BytesIO(_run(cases, folder, target))
    for case in cases:
        output = case.chain.arrays[case.chain.output]
        arrays = {
            name: np.ascontiguousarray(frames, case.chain.inputs[name].dtype)[np.newaxis]
            for name, frames in case.frames.items()
        }
        expected = case.chain.apply(arrays, case.chain.start(1))[0]
        got = np.frombuffer(stream.read(output.nbytes * len(expected)), output.dtype).reshape(expected.shape)
        wrong = np.argwhere(got != expected)
        if len(wrong):
            frame, at = wrong[0]
            found = f"C gives {got[frame, at]}, NumPy {expected[frame, at]}"
            raise AssertionError(f"{case.name}: {len(wrong)} differ, first in frame {frame}, element {at}: {found}")
    assert stream.read() == b""


def chain_source(chain: Chain, label: str) -> tuple[str, ChainText]:
    """Write a chain as a static C function `run_<label>(<label>_t *self, inputs..., output)`."""
    tables = Tables()
    given = {name: f"{name}_given" for name in chain.inputs}
    text = chain_text(chain, label, tables, given)
    fields = [f"  {field.ctype} {field.name}[{field.length}];\n" for field in text.fields] or ["  char none;\n"]
    arguments = "".join(f", const {array.ctype} *{name}_given" for name, array in chain.inputs.items())
    output = chain.arrays[chain.output]
    lines = [
        *(f'#include "tp_{kernel}.h"\n' for kernel in text.kernels),
        *(f"{table}\n" for table in tables.text),
        f"typedef struct {{\n{''.join(fields)}}} {label}_t;\n",
        f"static void run_{label}({label}_t *self{arguments}, {output.ctype} *output) {{\n",
        f"  static union {{ uint64_t aligned; uint8_t bytes[{max(text.scratch.size, 1)}]; }} memory;\n",
        "  uint8_t *scratch = memory.bytes;\n  (void)self;\n",
        *(f"  /* {call.comment} */\n  {call.text}\n" for call in text.calls),
        f"  memcpy(output, scratch + {text.scratch.offsets[chain.output]}, {output.nbytes});\n}}\n",
    ]
    return "".join(lines), text


def _run(cases: Sequence[Case], folder: Path, target: Target) -> bytes:
    kernels: set[str] = set()
    parts: list[str] = []
    largest = 0
    for i, case in enumerate(cases):
        source, text = chain_source(case.chain, f"c{i}")
        kernels |= set(text.kernels)
        parts += [source, *_driver(case, f"c{i}")]
        states = (array.nbytes for step in case.chain.steps for array in step.block.state)
        largest = max(largest, 8 + sum(8 + nbytes for nbytes in states))
    head = f'#include <stddef.h>\n#include <stdint.h>\n#define LARGEST_ARENA {largest}\n#include "target.h"\n'
    calls = "".join(f"  drive_c{i}();\n" for i in range(len(cases)))
    sources = {
        **kernel_sources(sorted(kernels)),
        "main.c": head + "".join(parts) + f"int main(void) {{\n  start();\n{calls}  return 0;\n}}\n",
        "target.h": target.header.read_text(),
    }
    for name, content in sources.items():
        (folder / name).write_text(content)
    program = target.build(folder, "main.c", [name for name in sources if re.fullmatch(r"tp_\w+\.c", name)])
    done = target.run(program, b"".join(_frames(case) for case in cases))
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout


def _frames(case: Case) -> bytes:
    """Give the inputs of a case, frame by frame."""
    arrays = [np.ascontiguousarray(case.frames[name], array.dtype) for name, array in case.chain.inputs.items()]
    for rows, array in zip(arrays, case.chain.inputs.values(), strict=True):
        assert rows.shape[1] == array.length, f"{case.name}: {rows.shape} frames for {array}"
    return b"".join(row.tobytes() for rows in zip(*arrays, strict=True) for row in rows)


def _driver(case: Case, label: str) -> Iterator[str]:
    count = len(next(iter(case.frames.values())))
    output = case.chain.arrays[case.chain.output]
    yield f"static void drive_{label}(void) {{\n  STATE({label}_t);\n  memset(self, 0, sizeof *self);\n"
    for name, array in case.chain.inputs.items():
        yield f"  static {array.ctype} {name}[{array.length}];\n"
    yield f"  static {output.ctype} output[{output.length}];\n  for (int i = 0; i < {count}; i++) {{\n"
    for name, array in case.chain.inputs.items():
        yield f"    get({name}, {array.nbytes});\n"
    yield f"    run_{label}(self, {', '.join(case.chain.inputs)}, output);\n"
    yield f"    check_guards((const uint8_t *)self, sizeof *self);\n    put(output, {output.nbytes});\n  }}\n}}\n"
