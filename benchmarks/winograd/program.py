"""One C program that computes each layer in all ways, each between the counting marks, and compares the outputs."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.winograd.layers import Layer
from benchmarks.winograd.ways import Direct, winograd_ways
from tinypack.compile.ctext import array
from tinypack.compile.emit import Identity, emit_model, kernel_sources
from tinypack.compile.program import Program
from tinypack.names import Names
from tinypack.verify.core_dir import EMULATOR
from tinypack.verify.firmware import emulator_board

HERE = Path(__file__).parent
BOARD = "mps2-an386"
CODE = ("winograd.c", "winograd_block.c")
HEAD = """\
#include <stdlib.h>
#include <string.h>
#include <tinypack_emulator.h>
#include "winograd.h"
"""
FILL = """\
static void fill(int8_t *to, int n) {
  static uint32_t seed = 1;
  for (; n > 0; n--, to++) {
    seed = seed * 1664525u + 1013904223u;
    *to = (int8_t)(seed >> 24);
  }
}
void setup(void) {}
"""

Layers = Sequence[tuple[Layer, Sequence[Direct]]]


def build(folder: Path, layers: Layers, flags: Sequence[str]) -> Path:
    """Compile the program: it ends with 1 if outputs differ."""
    build = emulator_board(BOARD)["build"]
    machines = [EMULATOR / "machine" / name for name in (".", *build["machine"])]
    for name, content in _sources(layers).items():
        (folder / name).write_text(content)
    common = [f"{build['toolchain']}gcc", "-std=gnu11", *flags, "-ffunction-sections", *build["cpu_flags"]]
    includes = [f"-DF_CPU={build['f_cpu']}", *(f"-I{EMULATOR / part}" for part in ("include", "machine")), "-I."]
    units = [*sorted(folder.glob("*.c")), *(path for place in machines for path in sorted(place.glob("*.c")))]
    subprocess.run([*common, "-Wall", "-Wextra", *includes, "-c", *units], cwd=folder, check=True)
    script = f"-T{EMULATOR / 'machine' / build['linker_script']}"
    symbols = [f"-Wl,--defsym={name}={value}" for name, value in build["symbols"].items()]
    options = ["-Wl,--gc-sections", *build["link_flags"], script, *symbols, "-o", "program.elf"]
    subprocess.run([*common, *sorted(folder.glob("*.o")), *options], cwd=folder, check=True)
    return folder / "program.elf"


def _sources(layers: Layers) -> dict[str, str]:
    sources = {name: (HERE / name).read_text("utf-8") for name in ("winograd.h", *CODE)}
    named = {
        f"n{layer.node.index}_{i}": way.program for layer, directs in layers for i, way in enumerate(directs)
    }  # prefix -> program
    for prefix, program in named.items():
        names = Names(prefix, prefix.upper(), prefix.title())
        emitted = emit_model(program, names, Identity(prefix, "1", "", "", "", ()))
        sources |= {Path(path).name: text.replace('#include "../', '#include "') for path, text in emitted.items()}
    tensor = max(layer.height * layer.width * max(layer.depth, layer.out_depth) for layer, _ in layers)
    scratch = max(way.scratch(layer) for layer, _ in layers for way in winograd_ways(layer))
    main = [
        HEAD,
        *(f'#include "{prefix}.h"\nstatic {prefix}_t {prefix};\n' for prefix in named),
        *(f"{table}\n" for layer, directs in layers for table in _tables(layer, directs[0])),
        f"static int32_t input_words[{tensor // 4}], output_words[{tensor // 4}], scratch[{scratch // 4 + 1}];\n",
        "static int8_t *const input = (int8_t *)input_words, *const output = (int8_t *)output_words;\n",
        FILL,
        "int main(void) {\n",
        *(run for layer, directs in layers for run in _runs(layer, len(directs))),
        "  exit(0);\n}\n",
    ]
    return {**kernel_sources(sorted(_kernels(named))), **sources, "main.c": "".join(main)}


def _kernels(named: Mapping[str, Program]) -> set[str]:
    return {kernel for program in named.values() for kernel in program.kernels}


def _tables(layer: Layer, direct: Direct) -> Iterator[str]:
    name = f"n{layer.node.index}"
    yield array("int32_t", f"{name}_rows", layer.rows())
    yield array("int32_t", f"{name}_weights", direct.packed.values)
    shape = f"{layer.width}, {layer.height}, {layer.depth}, {layer.out_depth}"
    points = f"{layer.in_zero_point}, {layer.out_zero_point}"
    params = [
        f"  {{{f'{name}_rows' if way.in_flash else 'NULL'}, {name}_weights, {shape}, "
        f"{way.at_once}, {way.strip}, {way.kept}, {points}}},\n"
        for way in winograd_ways(layer)
    ]
    yield f"static const winograd_t {name}[] = {{\n{''.join(params)}}};"


def _runs(layer: Layer, directs: int) -> Iterator[str]:
    name = f"n{layer.node.index}"
    size, outputs = layer.height * layer.width * layer.depth, layer.height * layer.width * layer.out_depth
    yield f"  fill(input, {size});\n"
    for prefix in (f"{name}_{i}" for i in range(directs)):
        yield f"  memcpy({prefix}_input(&{prefix}), input, {size});\n"
        yield f"  bench_begin();\n  {prefix}_invoke(&{prefix});\n  bench_end();\n"
    for i, _ in enumerate(winograd_ways(layer)):
        yield f"  memset(output, 0, {outputs});\n"
        yield f"  bench_begin();\n  winograd(&{name}[{i}], input, output, scratch);\n  bench_end();\n"
        yield f"  if (memcmp(output, {name}_0_output(&{name}_0), {outputs}) != 0) exit(1);\n"
