"""A C program that computes layers in several ways, each between the counting marks, and compares their outputs."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tinypack.compile.emit import Identity, emit_model, kernel_sources
from tinypack.compile.program import Program
from tinypack.graph import Node
from tinypack.names import Names
from tinypack.verify.core_dir import EMULATOR
from tinypack.verify.firmware import emulator_board

HEAD = "#include <stdlib.h>\n#include <string.h>\n#include <tinypack_emulator.h>\n"
FILL = """\
static void fill(int8_t *to, int n) {
  uint32_t seed = 1;
  for (; n > 0; n--, to++) {
    seed = seed * 1664525u + 1013904223u;
    *to = (int8_t)(seed >> 24);
  }
}
void setup(void) {}
"""


@dataclass(frozen=True)
class Layer:
    node: Node
    ways: Sequence[Program]  # of one layer each; the first one's outputs are what the others must give

    def prefix(self, way: int) -> str:
        return f"n{self.node.index}_{way}"


def build(folder: Path, layers: Sequence[Layer], machine: str, flags: Sequence[str]) -> Path:
    """Compile the program for an emulated board: it ends with 1 if outputs differ."""
    build = emulator_board(machine)["build"]
    machines = [EMULATOR / "machine" / name for name in (".", *build["machine"])]
    for name, content in _sources(layers).items():
        (folder / name).write_text(content)
    common = [f"{build['toolchain']}gcc", "-std=gnu11", *flags, "-ffunction-sections", *build["cpu_flags"]]
    includes = [f"-DF_CPU={build['f_cpu']}", *(f"-I{EMULATOR / part}" for part in ("include", "machine")), "-I."]
    units = [*sorted(folder.glob("*.c")), *(path for place in machines for path in sorted(place.glob("*.c")))]
    script = f"-T{EMULATOR / 'machine' / build['linker_script']}"
    symbols = [f"-Wl,--defsym={name}={value}" for name, value in build["symbols"].items()]
    options = ["-Wl,--gc-sections", *build["link_flags"], script, *symbols, "-o", "program.elf"]
    subprocess.run([*common, *includes, *units, *options], cwd=folder, check=True)
    return folder / "program.elf"


def _sources(layers: Sequence[Layer]) -> dict[str, str]:
    sources: dict[str, str] = {}
    for layer in layers:
        for way, program in enumerate(layer.ways):
            prefix = layer.prefix(way)
            names = Names(prefix, prefix.upper(), prefix.title())
            emitted = emit_model(program, names, Identity(prefix, "1", "", "", "", ()))
            sources |= {Path(path).name: text.replace('#include "../', '#include "') for path, text in emitted.items()}
    prefixes = [layer.prefix(way) for layer in layers for way in range(len(layer.ways))]
    main = [
        HEAD,
        *(f'#include "{prefix}.h"\nstatic {prefix}_t {prefix};\n' for prefix in prefixes),
        f"{FILL}int main(void) {{\n",
        *(run for layer in layers for run in _runs(layer)),
        "  exit(0);\n}\n",
    ]
    kernels = {kernel for layer in layers for program in layer.ways for kernel in program.kernels}
    return {**kernel_sources(sorted(kernels)), **sources, "main.c": "".join(main)}


def _runs(layer: Layer) -> Iterator[str]:
    first = layer.prefix(0)
    for way, program in enumerate(layer.ways):
        prefix = layer.prefix(way)
        yield f"  fill({prefix}_input(&{prefix}), {program.inputs[0].nbytes});\n"
        yield f"  bench_begin();\n  {prefix}_invoke(&{prefix});\n  bench_end();\n"
        outputs = f"{first}_output(&{first}), {prefix}_output(&{prefix}), {program.outputs[0].nbytes}"
        yield f"  if (memcmp({outputs}) != 0) exit(1);\n"
