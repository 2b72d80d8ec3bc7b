"""What instructions can be counted for: an emulated board, or a core that another board's emulator stands in for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tinypack.boards import ALL, load_boards
from tinypack.errors import Problem, TinypackError
from tinypack.verify.board_tools import board_tools
from tinypack.verify.firmware import can_count


@dataclass(frozen=True)
class Target:
    """Code for one board's processor, and the emulated board that executes it."""

    id: str
    about: str
    machine: str
    processor: str


#: A Cortex-M4 executes Armv6-M code as it is, and its emulated board has the RAM that QEMU's Cortex-M0 lacks.
STAND_INS = {
    "cortex-m0": Target("cortex-m0", "Cortex-M0 (Armv6-M code on mps2-an386)", "mps2-an386", "microbit"),
}
DEFAULT = ("mps2-an386",)
#: What "all" stands for: one target for each kind of core.
EACH_CORE = ("mps2-an386", "mps2-an500", "mps3-an547", "riscv32-virt", "cortex-m0")


def chosen_targets(names: Sequence[str]) -> list[Target]:
    """Give targets by their ids, each once; no name stands for the default, "all" for EACH_CORE.

    Raises: TinypackError (unknown-board, missing-tool) with every problem
    """
    known = _known()
    ids = list(dict.fromkeys(id for name in names or DEFAULT for id in (EACH_CORE if name == ALL else (name,))))
    rule = f"instructions are counted for {', '.join(known)}"
    unknown = [Problem("unknown-board", name, rule, name) for name in ids if name not in known]
    lacks = [lack for name in ids if name in known and (lack := _lack(known[name]))]
    if unknown or lacks:
        raise TinypackError([*unknown, *lacks])
    return [known[name] for name in ids]


def _known() -> dict[str, Target]:
    emulated = [board for board in load_boards().values() if board.emulated and can_count(board.platformio.board)]
    return {board.id: Target(board.id, board.name, board.id, board.id) for board in emulated} | STAND_INS


def _lack(target: Target) -> Problem | None:
    """Say what this machine lacks, and what brings it."""
    tools = {tool.name: tool for board in (target.machine, target.processor) for tool in board_tools(board)}
    absent = [name for name, tool in tools.items() if tool.probe() is None]
    if not absent:
        return None
    boards = " ".join(f"--board {board}" for board in dict.fromkeys((target.machine, target.processor)))
    hint = f"`tinypack doctor {boards} --fix` brings it"
    return Problem("missing-tool", target.id, "compiler and emulator must be there", ", ".join(absent), hint)
