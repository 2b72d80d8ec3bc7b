"""Convolve by F(2,3) beside tinypack's own kernel: instructions and estimated cycles on a Cortex-M4, flash, RAM.

python -m benchmarks.winograd [flags of gcc instead of -O2]

The layers are ResNet's with 3x3 filters and stride 1. Both give the same outputs, or nothing is printed.
docs/decisions/0011-winograd.md has what this printed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from elftools.elf.elffile import ELFFile

from benchmarks.winograd.layers import Layer, suitable
from benchmarks.winograd.program import BOARD, CODE, build
from benchmarks.winograd.ways import Direct, direct_ways, winograd_ways
from tinypack.boards import board
from tinypack.importers.tflite import import_tflite
from tinypack.profile.counts import run_counted
from tinypack.profile.cycles import estimate

MODEL = Path(__file__).parents[3] / "shared/models/pretrainedResnet_quant.tflite"
CORE, SILICON = "cortex-m4", "nucleo_l4r5zi"
HEAD = """
| node | weights | instructions | a MAC | cycles | with an L4R5's flash | flash, bytes | scratch, bytes |
|---|---|---:|---:|---:|---:|---:|---:|"""


def main() -> None:
    graph = import_tflite(MODEL.read_bytes(), MODEL.name)
    layers = [(layer, direct_ways(layer, graph)) for layer in suitable(graph)]
    with TemporaryDirectory() as name:
        folder = Path(name)
        elf = build(folder, layers, sys.argv[1:] or ["-O2"])
        costs = zip(_costs(elf, None), _costs(elf, SILICON), strict=True)
        print(f"Code of F(2,3): {sum(_code_bytes(folder / Path(c).with_suffix('.o')) for c in CODE):,} bytes\n{HEAD}")
        for layer, directs in layers:
            for way, flash, scratch in _ways(layer, directs):
                (instructions, cycles), (_, silicon) = next(costs)
                counts = f"{instructions:,} | {instructions / layer.macs:.2f} | {cycles:,} | {silicon:,}"
                print(f"| {layer.node.index} | {way} | {counts} | {flash:,} | {scratch:,} |")


def _ways(layer: Layer, directs: tuple[Direct, ...]) -> Iterator[tuple[str, int, int]]:
    """Give of each way: its name, flash of the layer's table, scratch memory."""
    packed = directs[0].packed.values.nbytes
    yield from ((way.name, packed, way.scratch) for way in directs)
    for way in winograd_ways(layer):
        yield f"F(2,3), {way.name}", layer.rows().nbytes if way.in_flash else packed, way.scratch(layer)


def _costs(elf: Path, silicon: str | None) -> Iterator[tuple[int, int]]:
    """Give instructions and estimated cycles between each pair of marks; with a board's flash, if given."""
    flash = board(silicon).flash if silicon else None
    counted = run_counted(elf, BOARD, flash=flash)
    if counted.done.code != 0:
        sys.exit("the outputs differ")
    for part in counted.parts:
        yield part.total, estimate(elf, part.executions, CORE, flash).total


def _code_bytes(path: Path) -> int:
    with path.open("rb") as file:
        sections = ELFFile(file).iter_sections()
        return sum(section.data_size for section in sections if section.name.startswith((".text", ".rodata")))


if __name__ == "__main__":
    main()
