"""Convolve 3x3 filters directly and by F(2,3): instructions and estimated cycles on a Cortex-M4, working memory.

python -m benchmarks.winograd [flags of gcc instead of -O2]

The layers are those of ResNet for which there is the kernel. All ways give the same outputs, or nothing is printed.
docs/decisions/0013-winograd.md has what this printed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.winograd.program import Layer, build
from tinypack.boards import board
from tinypack.compile.arena import plan_arena
from tinypack.compile.lower import lower_graph
from tinypack.compile.program import Program
from tinypack.graph import Graph
from tinypack.importers.tflite import import_tflite
from tinypack.ops.winograd import KERNEL
from tinypack.profile.counts import run_counted
from tinypack.profile.cycles import estimate

MODEL = Path(__file__).parents[3] / "shared/models/pretrainedResnet_quant.tflite"
MACHINE, CORE, SILICON = "mps2-an386", "cortex-m4", "nucleo_l4r5zi"
NAMES = {"conv_2d_packed_s8": "direct", KERNEL: "F(2,3)"}
HEAD = """\
| node | kernel | weights in RAM | instructions | a MAC | cycles | with an L4R5's flash | scratch, bytes |
|---|---|---|---:|---:|---:|---:|---:|"""


def main() -> None:
    layers = list(_layers(import_tflite(MODEL.read_bytes(), MODEL.name)))
    with TemporaryDirectory() as folder:
        elf = build(Path(folder), layers, MACHINE, sys.argv[1:] or ["-O2"])
        costs = zip(_costs(elf, None), _costs(elf, SILICON), strict=True)
        print(HEAD)
        for layer in layers:
            for program in layer.ways:
                (instructions, cycles), (_, silicon) = next(costs)
                counts = f"{instructions:,} | {instructions / program.steps[0].macs:.2f} | {cycles:,} | {silicon:,}"
                print(f"| {layer.node.index} | {_name(program)} | {counts} | {program.steps[0].scratch:,} |")


def _layers(graph: Graph) -> Iterator[Layer]:
    lowered, steps = lower_graph(graph)
    for step in steps:
        node, ways = step.node, step.calls[0].ways
        if KERNEL in {way.kernel for way in ways}:
            alone = Graph("alone", lowered.tensors, (node,), node.inputs[:1], node.outputs)
            yield Layer(node, [plan_arena(alone, (replace(step, calls=(way,)),), save_ram=False) for way in ways])


def _name(program: Program) -> str:
    call = program.steps[0].calls[0]
    channels = dict(call.params)["in_ram"]
    of_all = f"{channels} channels" if call.kernel == KERNEL else "all" if channels else "none"
    return f"{NAMES[call.kernel]} | {of_all}"


def _costs(elf: Path, silicon: str | None) -> Iterator[tuple[int, int]]:
    """Give instructions and estimated cycles between each pair of marks; with a board's flash, if given."""
    flash = board(silicon).flash if silicon else None
    counted = run_counted(elf, MACHINE, flash=flash)
    if counted.done.code != 0:
        sys.exit("the outputs differ")
    for part in counted.parts:
        yield part.total, estimate(elf, part.executions, CORE, flash).total


if __name__ == "__main__":
    main()
