"""A crash, a hang and every exit code are told apart, and bytes pass unharmed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.emulated.conftest import BOARDS, EMULATOR, Build, pio_run, run_elf
from tinypack.verify.core_dir import environment

pytestmark = [pytest.mark.tools, pytest.mark.parametrize("board", BOARDS)]

HANG = 124
CORTEX_M = ("mps2-an386", "mps2-an500", "mps3-an547", "b-l475e-iot01a")


def cortex_m(words: str) -> dict[str, str]:
    return dict.fromkeys(CORTEX_M, words)


#: first byte of input, exit code, and what each board says of it
ENDINGS = {
    "success": (b"o", 0, {}),
    "code 7": (b"7", 7, {}),
    "code 255": (b"m", 255, {}),
    "write to null": (
        b"w",
        70,
        {"native": "SIGSEGV", "riscv32-virt": "mtval=0x00000000", "lx106-sim": "excvaddr=0x00000000"}
        | cortex_m("cfsr=0x00000082"),
    ),
    "read of null": (
        b"r",
        70,
        {"native": "SIGSEGV", "riscv32-virt": "mcause=0x00000005", "lx106-sim": "excvaddr=0x00000000"}
        | cortex_m("cfsr=0x00000082"),
    ),
    "call of null": (
        b"c",
        70,
        {"native": "SIGSEGV", "riscv32-virt": "pc=0x00000000", "lx106-sim": "pc=0x00000000"}
        | {"microbit": "pc=0x00000000"}
        | cortex_m("pc=0x00000000"),
    ),
    "write to flash": (
        b"f",
        70,
        {"native": "SIGSEGV", "riscv32-virt": "mcause=0x00000007", "microbit": "crash: pc=0x0"}
        | cortex_m("cfsr=0x00000082"),
    ),
    "trap": (
        b"t",
        70,
        {"native": "crash: SIG", "riscv32-virt": "mcause=0x00000003", "lx106-sim": "exccause=0x00000000"}
        | {"microbit": "crash: pc=0x0"}
        | cortex_m("cfsr=0x00010000"),
    ),
    "abort": (b"a", 70, dict.fromkeys(BOARDS, "crash: abort") | {"native": "crash: SIGABRT"}),
    "stack overflow": (b"s", 70, dict.fromkeys(BOARDS, "crash: stack overflow") | {"native": "SIGSEGV"}),
}
#: What a core without memory protection does not notice; its program goes on.
UNNOTICED = {("microbit", "write to null"), ("microbit", "read of null"), ("lx106-sim", "write to flash")}


@pytest.mark.parametrize("ending", ENDINGS)
def test_endings_are_told_apart(build: Build, board: str, ending: str) -> None:
    stdin, code, words = ENDINGS[ending]
    unnoticed = (board, ending) in UNNOTICED
    done = run_elf(board, build("ending", board), stdin=stdin, time_limit="1" if unnoticed else "60")
    assert done.code == (HANG if unnoticed else code), done.text + done.error_text
    assert words.get(board, "") in done.text
    assert ("crash: " in done.text) == (code == 70 and not unnoticed)


def test_a_hang_is_stopped(build: Build, board: str) -> None:
    done = run_elf(board, build("ending", board), stdin=b"h", time_limit="0.5")
    assert done.code == 124
    assert done.text.strip() == "waiting"
    assert "hang: stopped after 0.5 s" in done.error_text


def test_input_and_output_pass_every_byte(build: Build, board: str) -> None:
    data = bytes(range(256)) * 40
    done = run_elf(board, build("ending", board), stdin=b"e" + data)
    assert done.stdout == data
    assert done.code == 0


@pytest.mark.parametrize("limit", ["never", "0", "-1", "nan", "inf"])
def test_a_wrong_time_limit_is_refused(build: Build, board: str, limit: str) -> None:
    done = run_elf(board, build("ending", board), stdin=b"o", time_limit=limit)
    assert done.code == 69
    assert "TINYPACK_TIME_LIMIT" in done.error_text


def test_a_missing_program_is_said(board: str, tmp_path: Path) -> None:
    done = run_elf(board, tmp_path / "none.elf")
    assert done.code == 69
    assert "none.elf does not exist" in done.error_text


def test_platformio_builds_and_runs(build: Build, board: str, folder: Path) -> None:
    build("ending", board)
    passed = pio_run(folder, "ending", board, "-t", "exec", stdin=b"ea line\nanother\n")
    assert passed.ok, passed.error_text
    assert "a line\nanother\n" in passed.text
    failed = pio_run(folder, "ending", board, "-t", "exec", stdin=b"7")
    assert failed.code == 1
    assert "[exec] Error 7" in failed.text + failed.error_text


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_the_runner_takes_its_program_along(build: Build, board: str) -> None:
    runner = EMULATOR / "builder" / "run.py"
    file = EMULATOR / "boards" / f"{board}.json"
    argv = [sys.executable, str(runner), "--board", str(file), "--elf", str(build("ending", board))]
    env = {**os.environ, **environment()}
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env) as process:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(b"h")
        process.stdin.flush()
        assert process.stdout.readline().strip() == b"waiting"
        process.terminate()
        assert process.stdout.read() == b""  # ends only when no process holds the pipe any more
    assert process.returncode == 128 + signal.SIGTERM
