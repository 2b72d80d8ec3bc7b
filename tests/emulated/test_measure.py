"""What the emulator measures is exact: instructions, stack, time, flash and RAM."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.emulated.conftest import TOOLS, Build, pio_run, run_elf
from tinypack.verify.tools import run

pytestmark = pytest.mark.tools

BOARD = "mps2-an386"
YARDSTICK = Path(__file__).parents[3] / "shared" / "tools" / "count_instructions.py"
NOTHING = 1  # the call of bench_end
ROUNDS = 1000


def counts(elf: Path, tmp_path: Path) -> list[int]:
    file = tmp_path / "counts, of it"
    done = run_elf(BOARD, elf, "--count", file)
    assert done.code == 0, done.error_text
    return [int(line) for line in file.read_text().splitlines()]


def values(text: str) -> dict[str, int]:
    return {name: int(value) for name, value in re.findall(r"(\w+)=(\d+)", text)}


def test_instructions_are_counted_exactly(build: Build, tmp_path: Path) -> None:
    elf = build("measure", BOARD)
    nothing, rounds, mixed = counts(elf, tmp_path)
    assert nothing == NOTHING
    assert rounds == NOTHING + 3 * ROUNDS + 1  # the load of the number of rounds
    assert mixed > 100
    assert counts(elf, tmp_path) == [nothing, rounds, mixed]


def test_the_count_agrees_with_a_callback_per_instruction(build: Build, tmp_path: Path) -> None:
    pytest.importorskip("elftools")
    if not YARDSTICK.is_file():
        pytest.skip(f"no {YARDSTICK}")
    elf = build("measure", BOARD)
    done = run([sys.executable, YARDSTICK, "--engine", "qemu", elf], time_limit=120.0)
    assert [int(n) for n in re.findall(r"instructions\[\d+\]=(\d+)", done.text)] == counts(elf, tmp_path)


def test_only_what_can_be_counted_is(build: Build, tmp_path: Path) -> None:
    done = run_elf("native", build("measure", "native"), "--count", tmp_path / "counts")
    assert done.code == 69
    assert "can't count" in done.error_text
    done = run_elf(BOARD, build("ending", BOARD), "--count", tmp_path / "counts")
    assert done.code == 69
    assert "never calls bench_begin" in done.error_text


def test_the_stack_is_measured(build: Build) -> None:
    found = values(run_elf(BOARD, build("measure", BOARD)).text)
    assert found["unused"] == 0
    assert 1000 <= found["used"] <= 1032
    assert values(run_elf("native", build("measure", "native")).text)["used"] == 0


def test_emulated_time_is_the_same_in_every_run(build: Build) -> None:
    elf = build("measure", BOARD)
    times = {values(run_elf(BOARD, elf).text)["micros"] for _ in range(3)}
    assert len(times) == 1
    assert times.pop() > 100


@pytest.mark.parametrize("board", TOOLS)
def test_flash_and_ram_are_reported_and_flags_honoured(build: Build, board: str, folder: Path) -> None:
    build("measure", board)
    flags = "-O2 -DEXTRA=1"
    done = pio_run(folder, "measure", board, "-v", PLATFORMIO_BUILD_FLAGS=flags, PLATFORMIO_BUILD_UNFLAGS="-Os")
    compiled = next(line for line in done.text.splitlines() if "-DEXTRA=1" in line and "measure.ino.cpp" in line)
    assert "-O2" in compiled and "-Os" not in compiled
    assert "-DTINYPACK_EMULATOR" in compiled
    used = {name: int(n) for name, n in re.findall(r"(RAM|Flash): .*used (\d+) bytes", done.text)}
    assert 1000 < used["Flash"] < 50_000
    assert 0 < used["RAM"] < 50_000
