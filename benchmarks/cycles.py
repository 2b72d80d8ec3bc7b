"""Estimate the cycles of programs, beside the times that were measured of them on silicon.

python -m benchmarks.cycles PROGRAM.elf[=MILLISECONDS]... [--board B] [--core CORE --clock HZ]

A program is linked for the emulated board of the core and has its work between calls of two empty functions,
bench_begin() and bench_end(); the first pair counts. --board gives core, clock and flash; --core and --clock stand for
a board that tinypack does not know, and whose memory then answers at once. docs/cycles.md has what this printed.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from tinypack.boards import Flash, board
from tinypack.errors import TinypackError
from tinypack.profile.cores import known_cores
from tinypack.profile.counts import run_counted
from tinypack.profile.cycles import estimate
from tinypack.profile.targets import MACHINES

MACHINE = "mps3-an547"  # executes what no entry of MACHINES is for


@dataclass(frozen=True)
class Row:
    name: str
    instructions: int
    core: int  # cycles
    waiting: int
    measured: float | None  # cycles

    @property
    def total(self) -> int:
        return self.core + self.waiting


@click.command(help="Estimate the cycles of PROGRAMs, beside measured times: kws.elf=99.8 is 99.8 ms.")
@click.argument("programs", nargs=-1, required=True, metavar="PROGRAM[=MS]...")
@click.option("--board", "board_id", default="nucleo_l4r5zi", show_default=True)
@click.option("--core", type=click.Choice(known_cores()), help="In place of the board's; with --clock.")
@click.option("--clock", type=click.IntRange(min=1), help="Hz; with --core.")
def main(programs: tuple[str, ...], board_id: str, core: str | None, clock: int | None) -> None:
    if (core is None) != (clock is None):
        raise click.UsageError("--core and --clock go together")
    try:
        known = board(board_id)
        name, hertz, flash = (
            (core, clock, None) if core and clock else (known.cpu.core, known.cpu.clock_hz, known.flash)
        )
        rows = [measure(*program.partition("=")[::2], name, hertz, flash) for program in programs]
    except TinypackError as error:
        sys.exit(str(error))
    show(rows, hertz, f"{name} at {hertz / 1e6:g} MHz" + (f", flash of {board_id}" if flash else ""))


def measure(program: str, milliseconds: str, core: str, hertz: int, flash: Flash | None) -> Row:
    elf = Path(program)
    part = run_counted(elf, MACHINES.get(core, MACHINE), flash=flash).parts[0]
    found = estimate(elf, part.executions, core, flash)
    measured = float(milliseconds) / 1000 * hertz if milliseconds else None
    return Row(elf.stem, part.total, sum(found.by_address.values()), sum(found.waiting.values()), measured)


def show(rows: list[Row], hertz: int, title: str) -> None:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    table.add_column("program")
    for column in ("instructions", "core cycles", "waiting", "estimate", "ms", "measured ms", "error"):
        table.add_column(column, justify="right")
    for row in rows:
        counts = (row.instructions, row.core, row.waiting, row.total)
        times = (row.total, row.measured) if row.measured else (row.total,)
        error = f"{100 * (row.total / row.measured - 1):+.1f} %" if row.measured else ""
        table.add_row(row.name, *(f"{n:,}" for n in counts), *(f"{1000 * n / hertz:.2f}" for n in times), error)
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
