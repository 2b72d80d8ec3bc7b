from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.models import model_bytes
from tinypack.boards import load_boards
from tinypack.compile import compile_graph
from tinypack.compile.emit import RUNTIME
from tinypack.costs import (
    COMMAND,
    FAMILIES,
    STATED_ERROR,
    chain_instructions,
    instructions,
    load_costs,
    program_instructions,
)
from tinypack.costs.work import DRIVERS, block_work
from tinypack.features.protocol import Array, Chain, Step
from tinypack.features.quantise import quantise
from tinypack.importers.tflite import import_tflite

README = Path(__file__).parents[3] / "README.md"
#: Heading of a column with measured instructions -> the core.
COLUMNS = {
    "instructions": "cortex-m4",
    "Cortex-M0": "cortex-m0",
    "Cortex-M7": "cortex-m7",
    "Cortex-M55": "cortex-m55",
    "RV32IMC": "rv32imc",
    "LX106": "lx106",
}

HINT = f"see that a layer or pipeline of scripts/costs/ calls each kernel, and run `{COMMAND}`"


def measured() -> Iterator[tuple[str, str, int]]:
    """Read the README's tables: model, core, instructions of one inference."""
    heads: list[str] = []
    for line in README.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        heads = cells if cells[0] == "model" else heads if line.startswith("|") else []
        for head, cell in zip(heads, cells, strict=False):
            if head in COLUMNS and re.fullmatch(r"[\d,]+", cell):
                yield cells[0], COLUMNS[head], int(cell.replace(",", ""))


@pytest.mark.parametrize("name", sorted({name for name, _, _ in measured()}))
def test_estimates_of_real_models_are_as_good_as_stated(name: str) -> None:
    program = compile_graph(import_tflite(model_bytes(name), name))
    found = {core: program_instructions(program, core) for model, core, _ in measured() if model == name}
    assert found == {core: pytest.approx(n, rel=STATED_ERROR) for model, core, n in measured() if model == name}


def test_the_readme_has_figures_of_all_families() -> None:
    assert {FAMILIES[core] for _, core, _ in measured()} == set(FAMILIES.values())


@pytest.mark.parametrize("family", sorted(set(FAMILIES.values())))
def test_every_kernel_has_costs(family: str) -> None:
    folders = ("kernels/portable", "features", "decisions")
    kernels = {path.stem.removeprefix("tp_") for folder in folders for path in (RUNTIME / folder).glob("tp_*.c")}
    costs = load_costs(family)
    missing, gone = sorted(kernels - costs.keys()), sorted(costs.keys() - kernels)
    assert not missing + gone, f"no costs of {missing}, no kernels {gone}: {HINT}"
    for kernel, found in costs.items():
        assert found and found.keys() <= DRIVERS.keys(), kernel
        assert all(cost > 0 for cost in found.values()), kernel


def test_every_board_has_a_family() -> None:
    assert {board.cpu.core for board in load_boards().values()} <= FAMILIES.keys()


def test_a_chain_costs_what_its_blocks_do() -> None:
    blocks = quantise(16, 0.5, 0.1, 0), quantise(400, 0.5, 0.1, 0)
    steps = Step(blocks[0], ("a",), ("x",)), Step(blocks[1], ("b",), ("y",))
    chain = Chain({"a": Array("int32_t", 16), "b": Array("int32_t", 400)}, steps, "y")
    each = [instructions(block.KERNEL, block_work(block), "cortex-m4") for block in blocks]
    assert chain_instructions(chain, "cortex-m4") == round(sum(each))
    assert chain_instructions(chain, "cortex-m4") == chain_instructions(chain, "cortex-m7")
