from __future__ import annotations

from pathlib import Path

import click

from tinypack.arduino_boards import FOLDER, board_package
from tinypack.cli.show import out
from tinypack.output import write_tree


@click.command("arduino-boards")
@click.argument("sketchbook", type=click.Path(file_okay=False, path_type=Path))
def command(sketchbook: Path) -> None:
    """Put the emulated boards into an Arduino SKETCHBOOK, for arduino-cli and the IDE.

    They appear as tinypack:emulator:<board>; "Upload" runs the sketch in the emulator.
    """
    folder = sketchbook / FOLDER
    write_tree(folder, board_package())
    out().print(f"wrote {folder}; try: arduino-cli compile -b tinypack:emulator:mps2_an386 SKETCH", markup=False)
