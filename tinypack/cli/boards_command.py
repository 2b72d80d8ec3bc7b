from __future__ import annotations

import click

from tinypack.boards import load_boards
from tinypack.cli.show import json_option, mark, show_json, show_table


@click.command("boards")
@json_option
def command(as_json: bool) -> None:
    """List the boards: processor, memory, names in PlatformIO and Zephyr."""
    boards = load_boards().values()
    if as_json:
        show_json([board.model_dump() for board in boards])
        return
    columns = ("board", "~name", "core", ">MHz", ">flash", ">RAM", ">PSRAM", "DSP", "emulated", "PlatformIO")
    rows = [
        (
            board.id,
            board.name,
            board.cpu.core,
            board.cpu.clock_hz // 1_000_000,
            board.first("flash"),
            board.first("ram"),
            board.first("psram") or "",
            mark(board.cpu.dsp or None),
            mark(board.emulated or None),
            board.platformio.platform,
        )
        for board in boards
    ]
    show_table("", columns, rows)
