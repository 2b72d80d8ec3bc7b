from __future__ import annotations

import json
from pathlib import Path

import pytest

import tinypack
from tinypack.boards import board, load_boards

EMULATED = Path(tinypack.__file__).parent / "emulator" / "boards"
REAL = {
    "nano33ble",
    "disco_l475vg_iot01a",
    "nucleo_l4r5zi",
    "nucleo_h743zi",
    "portenta_h7_m7",
    "esp32-s3-devkitc-1",
    "bbcmicrobit_v2",
    "pico",
}

#: Board, bytes of flash and RAM that are needed, what the refusal must say ("" if it fits).
FITS = [
    ("nano33ble", 887_856, 219_688, ""),  # what an empty sketch leaves
    ("nano33ble", 887_857, 219_688, "887,857 B of flash, 887,856 B are left"),
    ("nano33ble", 0, 219_689, "219,689 B of RAM, 219,688 B are left"),
    ("esp32-s3-devkitc-1", 0, 8_388_608, ""),  # in PSRAM
    ("pico", 3_000_000, 300_000, "flash, 2,097,152 B are left and 300,000 B of RAM"),
]


def test_the_boards_that_matter() -> None:
    boards = load_boards()
    assert {name for name, b in boards.items() if not b.emulated} == REAL
    assert {"native", "mps2-an386"} <= boards.keys()
    assert all(b.id == name for name, b in boards.items())


@pytest.mark.parametrize("path", sorted(EMULATED.glob("*.json")), ids=lambda path: path.stem)
def test_emulated_boards_agree_with_the_emulator(path: Path) -> None:
    ours, theirs = board(path.stem), json.loads(path.read_text(encoding="utf-8"))
    assert ours.emulated
    assert ours.platformio.board == path.stem
    assert ours.cpu.clock_hz == int(theirs["build"]["f_cpu"].rstrip("L"))
    assert ours.cpu.cycles_per_instruction == theirs["build"].get("cycles_per_instruction", 1.0)  # a host states none
    assert ours.first("flash") == theirs["upload"]["maximum_size"]


@pytest.mark.parametrize(("name", "flash", "ram", "found"), FITS)
def test_fit(name: str, flash: int, ram: int, found: str) -> None:
    problem = board(name).fit(flash, ram)
    assert (problem is None) == (found == "")
    assert problem is None or found in problem.found


def test_seconds_of_instructions() -> None:
    assert board("mps2-an386").cpu.seconds(25_000_000) == pytest.approx(1.4)
