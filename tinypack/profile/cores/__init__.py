"""Cores: one table each, and the one typed loader. An estimate of cycles is made for these."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FOLDER = Path(__file__).parent


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Timing(_Table):
    """What a core does with one kind of instruction.

    Units: cycles
    """

    cycles: int = 1  # until the next instruction may begin
    per_register: float = 0  # of a list, in addition to `cycles`
    before_load: int | None = None  # until a load may begin that comes next, if not `cycles`
    before_store: int | None = None
    latency: int = 1  # until others may compute with the result
    latency_to: Mapping[str, int] = {}  # the same for some kinds of readers
    latency_first: int | None = None  # the same, if it is the older of a pair and its operands are there a cycle early
    early: int = 0  # how long before the begin operands are needed; below 0: after it
    address_early: int = 0  # the same for what an address is made of, or for what is shifted
    accumulator_early: int = 0  # the same for what the result is added to
    units: tuple[str, ...] = ()  # what only one instruction at a time may use
    busy: int = 1  # how long it uses them
    slot: Literal["both", "older", "younger", "alone"] = "both"  # where in a pair it may stand


class Branches(_Table):
    """What a branch costs beyond its own cycle.

    Units: cycles
    """

    taken: int  # to a target that the instruction names
    taken_by_register: int
    taken_by_load: int
    after_flags: int = 0  # more, if the instruction before it made the flags
    wide_target: int = 0  # more, if the target is 32 bits wide and lies across words
    mispredicted: int = 0  # of a core that predicts: each time the rarer way is taken


class Core(_Table):
    objdump: tuple[str, ...] = ()  # options
    pairs: Literal["no", "narrow", "all"]  # which instructions may begin together: none, 16-bit ones, or any
    one_memory_a_time: bool = False  # accesses to flash and to RAM don't follow each other as two to the same do
    wide_run: int = 0  # so many 32-bit instructions across words in a row cost a cycle; 0: they don't
    update: Timing = Timing()  # of a base register that an access moves on
    branches: Branches
    kinds: Mapping[str, Timing]

    def timing(self, kind: str) -> Timing:
        return self.kinds.get(kind, PLAIN)


PLAIN = Timing()


@cache
def load_core(name: str) -> Core:
    """Read a core's table; `name` is as GCC's -mcpu has it."""
    return Core.model_validate(tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8")))


def known_cores() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.toml"))
