"""One C program that runs all cases on an emulated board, each kernel call between the counting marks."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

import tinypack
from scripts.costs.fit import Measured
from tinypack.compile.chain import chain_text
from tinypack.compile.ctext import array
from tinypack.compile.emit import Identity, emit_model, kernel_sources
from tinypack.compile.program import Program
from tinypack.compile.tables import Tables
from tinypack.costs.work import DRIVERS, block_work, step_work
from tinypack.features.protocol import Chain
from tinypack.names import Names

EMULATOR = Path(tinypack.__file__).parent / "emulator"
FRAMES = 4  # of each chain; stages that remember settle meanwhile
FRAME_BYTES = 640  # from one frame to the next
FLAGS = ("-Os", "-std=gnu11", "-ffunction-sections", "-fdata-sections", "-Wl,--gc-sections")  # as the Arduino cores


@dataclass(frozen=True)
class Target:
    """A family's machine, and the board whose processor the code is compiled for.

    Code for Armv6-M runs on a Cortex-M4 as well, whose emulated board has more memory than any of a Cortex-M0.
    """

    machine: str
    processor: str


TARGETS = {
    "armv6-m": Target("mps2-an386", "microbit"),
    "armv7e-m": Target("mps2-an386", "mps2-an386"),
    "armv8.1-m": Target("mps3-an547", "mps3-an547"),
    "rv32imc": Target("riscv32-virt", "riscv32-virt"),
    "xtensa": Target("lx106-sim", "lx106-sim"),
}


def measure(target: Target, programs: Sequence[Program], chains: Sequence[Chain]) -> list[Measured]:
    """Compile and run all cases; give each kernel call, of chains the average of its frames."""
    with TemporaryDirectory() as name:
        counts = _counts(target, _sources(programs, chains), Path(name))
    given = iter(counts)
    found = []
    for program in programs:
        for step in program.steps:
            works = step_work(step, program)
            total = {driver: sum(work.get(driver, 0) for work in works) for driver in DRIVERS}
            found.append(Measured(step.calls[0].kernel, total, next(given)))
        next(given)  # how an inference ends
    for chain in chains:
        frames = np.array(list(islice(given, FRAMES * len(chain.steps)))).reshape(FRAMES, -1)
        for step, mean in zip(chain.steps, frames.mean(axis=0), strict=True):
            found.append(Measured(step.block.KERNEL, block_work(step.block), float(mean)))
    assert next(given, None) is None
    return found


def compiler(target: Target) -> str:
    """Say which compiler it is, with its version."""
    gcc = f"{_board(target.processor)['build']['toolchain']}gcc"
    return f"{gcc} {subprocess.run([gcc, '-dumpversion'], capture_output=True, text=True, check=True).stdout.strip()}"


def signal(nbytes: int) -> np.ndarray:
    """Make a sweep with noise, loud and soft by turns."""
    t = np.arange(nbytes // 2)
    noise = np.random.default_rng(7).normal(0, 300, len(t))
    loudness = 2000 + 6000 * (t // 800 % 3)
    return np.round(loudness * np.sin(t * (0.02 + t * 4e-6)) + noise).astype(np.int16)


def _sources(programs: Sequence[Program], chains: Sequence[Chain]) -> dict[str, str]:
    """Write the program's files, by their paths."""
    sources: dict[str, str] = {}
    kernels = {kernel for program in programs for kernel in program.kernels}
    kernels |= {step.block.KERNEL for chain in chains for step in chain.steps}
    labels = [f"m{i}" for i in range(len(programs))], [f"c{i}" for i in range(len(chains))]
    for program, label in zip(programs, labels[0], strict=True):
        identity = Identity(label, "1.0.0", "a layer", "0", "", ())
        sources |= emit_model(program, Names(label, label.upper(), label.title()), identity)
    texts = [_chain(chain, label) for chain, label in zip(chains, labels[1], strict=True)]
    most = max([0, *(program.arena_bytes for program in programs), *(_given_bytes(chain) for chain in chains)])
    states = "".join(f"  {label}_t {label};\n" for label in (*labels[0], *labels[1]))
    main = [
        "#include <stdint.h>\n#include <stdlib.h>\n#include <string.h>\n#include <tinypack_emulator.h>\n",
        *(f'#include "{label}.h"\n' for label in labels[0]),
        *(f'#include "tp_{kernel}.h"\n' for kernel in sorted(kernels)),
        f"__attribute__((aligned(16)))\n{array('int16_t', 'given', signal(most + FRAMES * FRAME_BYTES))}\n",
        *texts,
        f"static union {{\n{states}}} self;\n",
        *(_model_driver(program, label) for program, label in zip(programs, labels[0], strict=True)),
        "void setup(void) {}\nint main(void) {\n",
        *(f"  memset(&self, 0, sizeof self);\n  run_{label}(&self.{label});\n" for label in (*labels[0], *labels[1])),
        "  exit(0);\n}\n",
    ]
    return {**sources, **kernel_sources(sorted(kernels)), "main.c": "".join(main)}


def _given_bytes(chain: Chain) -> int:
    return max(array.nbytes for array in chain.inputs.values()) + 16


def _model_driver(program: Program, label: str) -> str:
    return (
        f"void {label}_trace(int node, const void *data, size_t bytes) {{\n"
        "  (void)node;\n  (void)data;\n  (void)bytes;\n  bench_end();\n  bench_begin();\n}\n"
        f"static void run_{label}({label}_t *state) {{\n  memcpy(state, given, {program.arena_bytes});\n"
        f"  bench_begin();\n  {label}_invoke(state);\n  bench_end();\n}}\n"
    )


def _chain(chain: Chain, label: str) -> str:
    tables = Tables()
    inputs = {
        name: f"((const {array.ctype} *)(const void *)(from + frame * {FRAME_BYTES}))"
        for name, array in chain.inputs.items()
    }
    text = chain_text(chain, label, tables, inputs)
    fields = [f"  {field.ctype} {field.name}[{field.length}];\n" for field in text.fields]
    calls = [f"    bench_begin();\n    {call.text}\n    bench_end();\n" for call in text.calls]
    memory = f"  uint64_t scratch_memory[{text.scratch.size // 8 + 1}];\n"
    return (
        "".join(f"{table}\n" for table in tables.text)
        + f"typedef struct {{\n{''.join(fields)}{memory}}} {label}_t;\n"
        + f"static void run_{label}({label}_t *self) {{\n"
        + "  const uint8_t *from = (const uint8_t *)given;\n  uint8_t *scratch = (uint8_t *)self->scratch_memory;\n"
        + f"  for (int frame = 0; frame < {FRAMES}; frame++) {{\n{''.join(calls)}  }}\n}}\n"
    )


def _counts(target: Target, sources: dict[str, str], folder: Path) -> Iterator[int]:
    for path, text in sources.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text)
    machine, processor = (_board(name)["build"] for name in (target.machine, target.processor))
    symbols = [f"-Wl,--defsym={name}={value}" for name, value in machine["symbols"].items()]
    machines = [EMULATOR / "machine" / name for name in (".", *machine["machine"])]
    command = [
        *(f"{processor['toolchain']}gcc", *FLAGS, *processor["cpu_flags"], *processor["link_flags"]),
        *(f"-T{EMULATOR / 'machine' / machine['linker_script']}", *symbols),
        *(f"-D{Path(path).stem.removesuffix('_model').upper()}_TRACE" for path in sources if "/" in path),
        *(
            f"-DF_CPU={machine['f_cpu']}",
            "-DTINYPACK_EMULATOR",
            f"-I{EMULATOR / 'include'}",
            f"-I{EMULATOR / 'machine'}",
        ),
        *("-I.", *(path for path in sources if path.endswith(".c"))),
        *(str(path) for place in machines for path in sorted(place.glob("*.c"))),
        *("-lm", "-o", "program.elf"),
    ]
    subprocess.run(command, cwd=folder, check=True)
    run = [sys.executable, EMULATOR / "builder" / "run.py", "--board", EMULATOR / "boards" / f"{target.machine}.json"]
    subprocess.run([*run, "--elf", "program.elf", "--count", "counts"], cwd=folder, check=True)
    return iter([int(line) for line in (folder / "counts").read_text().splitlines()])


def _board(name: str) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = json.loads((EMULATOR / "boards" / f"{name}.json").read_text("utf-8"))
    return found
