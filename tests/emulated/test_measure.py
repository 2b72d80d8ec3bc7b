"""What the emulator measures is exact: instructions, stack, time, flash and RAM."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.emulated.conftest import BOARDS, Build, pio_run, read, run_elf
from tinypack.verify.tools import run

pytestmark = pytest.mark.tools

BOARD = "mps2-an386"
EMULATED = [name for name in BOARDS if name != "native"]
YARDSTICK = Path(__file__).parents[3] / "shared" / "tools" / "count_instructions.py"
#: Instructions that call bench_end, and that load a number of rounds: one each, or two where the core needs them.
CALL, LOAD = (1, 2), (1, 2)
ROUNDS = 1000


def counts(elf: Path, tmp_path: Path, board: str = BOARD) -> list[int]:
    file = tmp_path / "counts, of it"
    done = run_elf(board, elf, "--count", file)
    assert done.code == 0, done.error_text
    return [int(line) for line in file.read_text().splitlines()]


def values(text: str) -> dict[str, int]:
    return {name: int(value) for name, value in re.findall(r"(\w+)=(\d+)", text)}


@pytest.mark.parametrize("board", EMULATED)
def test_instructions_are_counted_exactly(build: Build, tmp_path: Path, board: str) -> None:
    elf = build("measure", board)
    nothing, rounds, mixed = counts(elf, tmp_path, board)
    assert nothing in CALL
    assert rounds - 3 * ROUNDS - nothing in LOAD
    assert mixed > 100
    assert counts(elf, tmp_path, board) == [nothing, rounds, mixed]


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


@pytest.mark.parametrize("board", EMULATED)
def test_the_stack_is_measured(build: Build, board: str) -> None:
    found = values(run_elf(board, build("measure", board)).text)
    assert found["unused"] <= 16  # the two functions' frames differ
    assert 1000 <= found["used"] <= 1032


def test_a_host_has_no_stack_to_measure(build: Build) -> None:
    assert values(run_elf("native", build("measure", "native")).text)["used"] == 0


@pytest.mark.parametrize("board", EMULATED)
def test_emulated_time_counts_cycles(build: Build, board: str) -> None:
    elf, made = build("measure", board), read(board)["build"]
    times = {(found["micros"], found["rounds"]) for found in (values(run_elf(board, elf).text) for _ in range(3))}
    assert len(times) == 1
    micros, rounds = times.pop()
    assert micros > 100
    cycles = 3_000_000 * made["cycles_per_instruction"]
    assert rounds == pytest.approx(cycles / int(made["f_cpu"].rstrip("L")) * 1e6, rel=0.001)


@pytest.mark.parametrize("board", BOARDS)
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
