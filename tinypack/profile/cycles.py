"""An estimate of a core's cycles, from how often each instruction was executed and what it had of flash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from tinypack.boards import Flash
from tinypack.profile.cores import Core, load_core
from tinypack.profile.counts import Executions
from tinypack.profile.disassembly import Instruction, disassemble
from tinypack.profile.flow import blocks, taken
from tinypack.profile.pipeline import branch_cost, costs


@dataclass(frozen=True)
class Cycles:
    """Cycles of the core by the address of the instruction, and those that it waited for flash."""

    by_address: Mapping[int, int]
    waiting: Mapping[int, int]

    @property
    def total(self) -> int:
        return sum(self.by_address.values()) + self.waiting_total

    @property
    def waiting_total(self) -> int:
        return sum(self.waiting.values())


def estimate(elf: Path, executions: Executions, core: str, flash: Flash | None = None) -> Cycles:
    """Estimate what executions of a program's instructions cost: `core` is one of cores/, as GCC's -mcpu has it.

    Without `flash` memory answers at once. With it the executions must have been counted with it, too.
    Raises: TinypackError (build-failed, missing-tool) if the program can't be disassembled
    """
    table = load_core(core)
    code, counts = _code(elf, elf.stat().st_mtime_ns, table.objdump), executions.by_address
    found: dict[int, int] = {}
    before: dict[int, Instruction] = {}
    from_flash = {address for address, use in executions.flash.items() if use.reads}
    for block in blocks(code, counts):
        repeated = block[-1].target == block[0].address
        for one, cycles in zip(block, costs(block, table, repeated, from_flash), strict=True):
            found[one.address] = cycles * counts[one.address]
        before |= {after.address: one for one, after in pairwise(block)}
    for address, times in taken(code, counts).items():
        found[address] += _branches(code, address, times, counts[address], before.get(address), table)
    states = flash.wait_states if flash else 0
    waiting = {place: states * (use.data_lines + use.code_lines) for place, use in executions.flash.items() if states}
    return Cycles(found, waiting)


@lru_cache(maxsize=8)
def _code(elf: Path, changed: int, objdump: tuple[str, ...]) -> Mapping[int, Instruction]:
    return disassemble(elf, objdump)


def _branches(
    code: Mapping[int, Instruction], address: int, times: int, executions: int, before: Instruction | None, core: Core
) -> int:
    branch = code[address]
    target = code.get(branch.target) if branch.target is not None else None
    cycles = times * branch_cost(branch, before, target, core)
    if branch.conditional and branch.kind != "loop_end":
        cycles += min(times, executions - times) * core.branches.mispredicted
    return cycles
