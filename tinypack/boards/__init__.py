"""Boards: one TOML file each, and the one typed loader."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tinypack.errors import Problem, TinypackError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FOLDER = Path(__file__).parent
DEFAULT = ("native", "mps2-an386")  # what `make setup` brings the tools for
ALL = "all"  # in a choice of boards: every emulated one; in one of formats: every format


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Flash(_Part):
    """Flash that the core waits for, but for what caches hold."""

    wait_states: int = Field(gt=0)  # cycles that a line takes in addition if no cache holds it
    line_bytes: int = Field(gt=0)
    data_lines: int = Field(ge=0)  # that a cache holds; 0 without one
    code_lines: int = Field(ge=0)


class Cpu(_Part):
    core: str  # as GCC's -mcpu names it
    fpu: str = ""  # as GCC's -mfpu names it; "" without one
    dsp: bool = False  # SIMD on halfwords, such as SMLAD
    clock_hz: int = Field(gt=0)
    cycles_per_instruction: float = Field(gt=0)  # of typical code, its memory's waiting included

    def seconds(self, instructions: int) -> float:
        """Say how long typical code takes for so many instructions."""
        return instructions * self.cycles_per_instruction / self.clock_hz


class Region(_Part):
    """Memory that lies in one piece. Static data go to the first region of kind "ram"."""

    name: str
    kind: Literal["flash", "ram", "psram"]
    address: int
    bytes: int = Field(gt=0)


class CoreUses(_Part):
    """What an empty sketch takes with the board's own Arduino core; None where nobody measured it."""

    flash_bytes: int | None = None
    ram_bytes: int | None = None


class PlatformIO(_Part):
    platform: str
    board: str


class Board(_Part):
    id: str
    name: str
    emulated: bool = False
    platformio: PlatformIO
    zephyr: str = ""
    cpu: Cpu
    flash: Flash | None = None  # None: it answers at once, or nobody has looked it up
    regions: tuple[Region, ...] = Field(strict=False)
    core_uses: CoreUses = CoreUses()

    def first(self, kind: str) -> int:
        """Bytes of the first region of a kind; 0 if there is none."""
        return next((region.bytes for region in self.regions if region.kind == kind), 0)

    def room(self) -> tuple[int, int]:
        """Flash and RAM that the board's own core leaves.

        Units: bytes
        """
        flash = self.first("flash") - (self.core_uses.flash_bytes or 0)
        return flash, self.first("ram") - (self.core_uses.ram_bytes or 0)

    def fit(self, flash_bytes: int, ram_bytes: int) -> Problem | None:
        """Compare needs with what is left; an arena may also lie in PSRAM.

        Units: bytes
        """
        flash_room, ram_room = self.room()
        lacking = []
        if flash_bytes > flash_room:
            lacking.append(f"{flash_bytes:,} B of flash, {flash_room:,} B are left")
        if ram_bytes > max(ram_room, self.first("psram")):
            lacking.append(f"{ram_bytes:,} B of RAM, {ram_room:,} B are left")
        if not lacking:
            return None
        rule = "weights and arena must fit beside the board's own core"
        return Problem("does-not-fit", f"board {self.id}", rule, "needs " + " and ".join(lacking))


@cache
def load_boards() -> dict[str, Board]:
    """Load all boards, the emulated ones first, then by name."""
    boards = [Board.model_validate(tomllib.loads(path.read_text("utf-8"))) for path in FOLDER.glob("*.toml")]
    return {board.id: board for board in sorted(boards, key=lambda b: (not b.emulated, b.id))}


def board(name: str) -> Board:
    """Give a board by its id.

    Raises: TinypackError (unknown-board)
    """
    boards = load_boards()
    if name not in boards:
        raise TinypackError.one("unknown-board", name, f"a board is one of {', '.join(boards)}", name)
    return boards[name]


def chosen_boards(names: Sequence[str]) -> list[Board]:
    """Give boards by their ids, each once; "all" stands for the emulated ones, no name for the default.

    Raises: TinypackError (unknown-board)
    """
    emulated = [known.id for known in load_boards().values() if known.emulated]
    ids = (id for name in names or DEFAULT for id in (emulated if name == ALL else [name]))
    return [board(id) for id in dict.fromkeys(ids)]
