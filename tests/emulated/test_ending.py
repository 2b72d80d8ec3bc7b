"""A crash, a hang and every exit code are told apart, and bytes pass unharmed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.emulated.conftest import EMULATOR, TOOLS, Build, pio_run, run_elf

pytestmark = [pytest.mark.tools, pytest.mark.parametrize("board", TOOLS)]

#: first byte of input, exit code, and what each board says of it
ENDINGS = {
    "success": (b"o", 0, {}),
    "code 7": (b"7", 7, {}),
    "code 255": (b"m", 255, {}),
    "write to null": (b"w", 70, {"native": "crash: SIGSEGV", "mps2-an386": "crash: pc=0x"}),
    "read of null": (b"r", 70, {"native": "crash: SIGSEGV", "mps2-an386": "cfsr=0x00000082"}),
    "call of null": (b"c", 70, {"native": "crash: SIGSEGV", "mps2-an386": "crash: pc=0x00000000"}),
    "write to flash": (b"f", 70, {"native": "crash: SIGSEGV", "mps2-an386": "cfsr=0x00000082"}),
    "trap": (b"t", 70, {"native": "crash: SIG", "mps2-an386": "cfsr=0x00010000"}),
    "abort": (b"a", 70, {"native": "crash: SIGABRT", "mps2-an386": "crash: abort"}),
    "stack overflow": (b"s", 70, {"native": "crash: SIGSEGV", "mps2-an386": "crash: stack overflow"}),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_endings_are_told_apart(build: Build, board: str, ending: str) -> None:
    stdin, code, words = ENDINGS[ending]
    done = run_elf(board, build("ending", board), stdin=stdin)
    assert done.code == code, done.text + done.error_text
    assert words.get(board, "") in done.text
    assert words or "crash" not in done.text


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
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(b"h")
        process.stdin.flush()
        assert process.stdout.readline().strip() == b"waiting"
        process.terminate()
        assert process.stdout.read() == b""  # ends only when no process holds the pipe any more
    assert process.returncode == 128 + signal.SIGTERM
