"""How often each instruction of a program is executed between its markers, as the emulator counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from tinypack.boards import Flash
from tinypack.errors import TinypackError
from tinypack.verify.firmware import CANNOT_RUN, CRASHED, TIMED_OUT, run_firmware
from tinypack.verify.tools import Done

TIME_LIMIT = 180  # seconds
OUTSIDE = 0  # the site of what is executed before the function's first instruction
#: Exit code of the emulator's runner -> code of the error, and the rule.
STOPS = {
    CANNOT_RUN: ("missing-tool", "the emulator must be able to count"),
    CRASHED: ("run-failed", "the program must not crash"),
    TIMED_OUT: ("run-failed", f"the program must end within {TIME_LIMIT} s"),
}


@dataclass(frozen=True)
class FlashUse:
    """What an instruction had of flash: its reads as data, and lines that no cache held."""

    reads: int
    data_lines: int
    code_lines: int

    def __add__(self, other: FlashUse) -> FlashUse:
        sums = (self.reads + other.reads, self.data_lines + other.data_lines, self.code_lines + other.code_lines)
        return FlashUse(*sums)


@dataclass(frozen=True)
class Executions:
    """How often each instruction was executed. A Thumb address is even."""

    by_address: Mapping[int, int]
    flash: Mapping[int, FlashUse] = field(default_factory=dict)  # by address, where a board's flash was asked for

    @property
    def total(self) -> int:
        return sum(self.by_address.values())


@dataclass(frozen=True)
class Part:
    """What was executed between one pair of markers.

    `sites` tells it apart by instructions of one function: each has its own execution and all that follow until the
    function's next one, so that the site of a call has what the callee executed. OUTSIDE has what came before.
    """

    total: int  # counted by itself: the executions' sum must equal it
    sites: Mapping[int, Executions]

    @property
    def executions(self) -> Executions:
        return add(self.sites.values())


@dataclass(frozen=True)
class Counted:
    done: Done  # the program's output and exit code
    parts: tuple[Part, ...]  # a pair of markers each, in order


def run_counted(elf: Path, board_id: str, within: str = "", flash: Flash | None = None) -> Counted:
    """Run a program on an emulated board; `within` names the function that tells sites apart.

    `flash` is that of a real board, whose caches are then followed as the program reads the emulated board's flash.

    The program's own exit code is the caller's to judge.
    Raises: TinypackError (missing-tool, run-failed) if it can't run, or does not end by itself
    """
    with TemporaryDirectory(prefix="tinypack-") as name:
        profile = Path(name) / "profile"
        options: list[str | Path] = ["--profile", profile]
        options += ["--within", within] if within else []
        options += ["--flash", f"{flash.line_bytes}:{flash.data_lines}:{flash.code_lines}"] if flash else []
        done, totals = run_firmware(board_id, elf, b"", TIME_LIMIT, True, options)
        if done.timed_out or done.code in STOPS:
            code, rule = STOPS[TIMED_OUT if done.timed_out else done.code]
            said = f"{done.text}\n{done.error_text}".strip().splitlines()  # a crash's line is the program's own
            last = said[-1] if said else f"exit code {done.code}"
            raise TinypackError.one(code, f"{elf.name} on {board_id}", rule, last, "see `tinypack doctor`")
        with profile.open(encoding="ascii") as lines:
            parts = tuple(_parts(lines, totals))
    return Counted(done, parts)


def add(several: Iterable[Executions]) -> Executions:
    """Give the sums, address by address."""
    total: Counter[int] = Counter()
    flash: dict[int, FlashUse] = {}
    for executions in several:
        total.update(executions.by_address)
        for address, use in executions.flash.items():
            flash[address] = flash[address] + use if address in flash else use
    return Executions(dict(total), flash)


def _parts(lines: Iterable[str], totals: list[int]) -> Iterator[Part]:
    """Read the plug-in's lines "part site address times", which may go on with what was had of flash.

    A loop comes to the same site several times.
    """
    sites: list[dict[int, list[Executions]]] = [{} for _ in totals]
    for line in lines:
        part, site, address, times, *flash = line.split()
        if int(part) == len(totals):  # the program ended before its marker
            break
        place = int(address, 16)
        use = {place: FlashUse(*map(int, flash))} if any(map(int, flash)) else {}
        sites[int(part)].setdefault(int(site, 16), []).append(Executions({place: int(times)}, use))
    for total, found in zip(totals, sites, strict=True):
        part_ = Part(total, {site: add(several) for site, several in found.items()})
        assert part_.executions.total == total
        yield part_
