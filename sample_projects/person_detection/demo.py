"""Build and verify this sample, then classify its photographs on the emulated Cortex-M4F."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import numpy as np
from PIL import Image

from tinypack import verify_package
from tinypack.boards import board
from tinypack.cli.show import out, progress, show_table
from tinypack.cli.verify_command import show_attestation
from tinypack.errors import TinypackError
from tinypack.verify.core_dir import pio
from tinypack.verify.emulated import missing
from tinypack.verify.firmware import read_firmware, run_firmware

HERE = Path(__file__).resolve().parent
BOARD = "mps2-an386"


def photographs() -> dict[str, bytes]:
    """Read the photographs as the sketch takes them: one byte a pixel, top row first."""
    paths = sorted(HERE.glob("images/*.bmp"), reverse=True)
    return {path.name: np.asarray(Image.open(path).convert("L"), np.uint8).tobytes() for path in paths}


def classify(environment: str) -> list[tuple[object, ...]]:
    """Build the sketch as its platformio.ini says and run it once for each photograph."""
    done = pio(["run", "--silent", "-d", HERE, "-e", environment], time_limit=300)
    if not done.ok:
        raise TinypackError.one("build-failed", str(HERE), "PlatformIO must build the sketch", done.error_text[-2000:])
    firmware = read_firmware(HERE / ".pio" / "build" / environment / "firmware.elf", "_model.c")
    rows: list[tuple[object, ...]] = []
    for name, pixels in photographs().items():
        run, counted = run_firmware(environment, firmware.elf, pixels, 60, count=environment == BOARD)
        *scores, verdict = run.text.splitlines() or [run.error_text]
        measured = (firmware.flash_bytes, firmware.ram_bytes, counted[0] if counted else "-")
        rows.append((name, ", ".join(scores), verdict.removeprefix("=> "), environment, *measured))
    return rows


def main() -> int:
    console = out()
    with progress(quiet=False) as say:
        attestation = verify_package(HERE, progress=say)
        say("classify the photographs")
        lacks = missing(board(BOARD))
        rows = classify("native" if lacks else BOARD)
    show_attestation(attestation)
    console.print()
    columns = ("photograph", "scores", "verdict", "board", ">flash B", ">RAM B", ">instructions")
    show_table("Photographs", columns, rows)
    console.print("\nPackages", style="bold")
    for artifact in attestation.record["artifacts"]:
        console.print(f"  {attestation.path.parent / artifact['filename']}", markup=False)
    if lacks:
        console.print(f"\n{BOARD} did not run: {lacks}", style="yellow")
    wrong = [name for name, _, verdict, *_ in rows if verdict != Path(str(name)).stem.replace("_", " ")]
    if wrong:
        click.echo(f"wrong verdict: {', '.join(map(str, wrong))}", err=True)
    return int(bool(wrong) or not attestation.passed)


if __name__ == "__main__":
    sys.exit(main())
