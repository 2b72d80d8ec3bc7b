"""What instructions can be counted for: a board, emulated itself or by a machine that executes its code; or a core."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tinypack.boards import ALL, Board, Flash, load_boards
from tinypack.errors import Problem, TinypackError
from tinypack.verify.board_tools import board_tools
from tinypack.verify.compiled import CORES
from tinypack.verify.firmware import can_count, emulator_board


@dataclass(frozen=True)
class Target:
    """Code for one processor, and the emulated board that executes it."""

    id: str
    about: str
    machine: str
    cpu_flags: tuple[str, ...]
    core: str  # as GCC's -mcpu has it
    clock_hz: int | None = None  # None: a core by itself has none
    flash: Flash | None = None  # that the core waits for; None: it answers at once


#: Core -> the emulated board that executes its code as it is: QEMU's only Cortex-M0 has 16 KB of RAM, and a Cortex-M4
#: executes Armv6-M code, a Cortex-M55 that of a Cortex-M33.
MACHINES = {
    "cortex-m0": "mps2-an386",
    "cortex-m0plus": "mps2-an386",
    "cortex-m4": "mps2-an386",
    "cortex-m7": "mps2-an500",
    "cortex-m33": "mps3-an547",
}
BARE_CORES = {
    "cortex-m0": ("-mcpu=cortex-m0", "-mthumb", "-mfloat-abi=soft"),
    "cortex-m33": ("-mcpu=cortex-m33", "-mthumb", "-mfpu=fpv5-sp-d16", "-mfloat-abi=hard"),
}
DEFAULT = ("mps2-an386",)
#: What "all" stands for: one target for each kind of core.
EACH_CORE = ("mps2-an386", "mps2-an500", "mps3-an547", "riscv32-virt", *BARE_CORES)


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


def _known() -> Mapping[str, Target]:
    boards = load_boards().values()
    emulated = {board.id: _emulated(board) for board in boards if board.emulated and can_count(board.platformio.board)}
    real = {board.id: _real(board) for board in boards if not board.emulated and board.cpu.core in MACHINES}
    cores = {
        core: Target(core, f"{core} (its code on {MACHINES[core]})", MACHINES[core], flags, core)
        for core, flags in BARE_CORES.items()
    }
    return emulated | cores | real


def _emulated(board: Board) -> Target:
    flags = tuple(emulator_board(board.id)["build"]["cpu_flags"])
    return Target(board.id, board.name, board.id, flags, board.cpu.core, board.cpu.clock_hz, board.flash)


def _real(board: Board) -> Target:
    machine = MACHINES[board.cpu.core]
    flags = tuple(CORES["cortex-m"].flags(board.cpu))
    about = f"{board.name} (its code on {machine})"
    return Target(board.id, about, machine, flags, board.cpu.core, board.cpu.clock_hz, board.flash)


def _lack(target: Target) -> Problem | None:
    """Say what this machine lacks, and what brings it."""
    absent = [tool.name for tool in board_tools(target.machine) if tool.probe() is None]
    if not absent:
        return None
    hint = f"`tinypack doctor --board {target.machine} --fix` brings it"
    return Problem("missing-tool", target.id, "compiler and emulator must be there", ", ".join(absent), hint)
