from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.machine import need
from tests.support.packages import call
from tinypack.verify import firmware
from tinypack.verify.core_dir import EMULATOR
from tinypack.verify.firmware import CRASHED, TIMED_OUT, read_firmware, run_firmware

SOURCE = """\
static const unsigned char table[5000] = {1};
static unsigned char state[3000];
static unsigned char pile[7000] __attribute__((section(".stack")));
int main(int argc, char **argv) {
  (void)argv;
  state[0] += (unsigned char)argc;
  pile[0] = state[0];
  return table[argc] + state[argc] + pile[argc];
}
"""


def script(folder: Path, text: str) -> Path:
    """Write what stands for a native program."""
    path = folder / "program"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("exit 0", 0),
        ("exit 7", 7),
        ("kill -SEGV $$", CRASHED),
        ("kill -KILL $$", CRASHED),
        ("exec sleep 60", TIMED_OUT),
    ],
)
def test_ends_are_told_apart(text: str, code: int, tmp_path: Path) -> None:
    done, instructions = run_firmware("native", script(tmp_path, f"echo begun\n{text}"), b"", 1.0, count=False)
    assert (done.code, instructions) == (code, [])
    assert done.text == "begun\n"


def test_the_program_gets_the_vectors(tmp_path: Path) -> None:
    data = bytes(range(256)) * 100
    done, _ = run_firmware("native", script(tmp_path, "exec cat"), data, 10.0, count=False)
    assert done.stdout == data


def test_counting_where_nothing_counts_is_an_error(tmp_path: Path) -> None:
    done, instructions = run_firmware("native", script(tmp_path, "exit 0"), b"", 10.0, count=True)
    assert (done.code, instructions) == (69, [])
    assert "can't count" in done.error_text


def test_boards_are_those_of_the_emulator() -> None:
    counting = {path.stem: firmware.can_count(path.stem) for path in (EMULATOR / "boards").glob("*.json")}
    assert counting["mps2-an386"] and not counting["native"]
    text = (EMULATOR / "boards" / "native.json").read_text()
    assert firmware.emulator_board("native") == json.loads(text)


@pytest.mark.tools
@pytest.mark.parametrize("flags", [("-g", "-O2"), ("-O2",)], ids=["debug", "no debug"])
def test_an_elf_is_measured(flags: tuple[str, ...], tmp_path: Path) -> None:
    need("gcc")
    (tmp_path / "a_model.c").write_text(SOURCE)
    call("gcc", *flags, "-fno-common", "a_model.c", "-o", "program", cwd=tmp_path)
    found = read_firmware(tmp_path / "program", "_model.c")
    assert 5000 < found.flash_bytes < 20_000
    # The stack is reserved, not used.
    assert 3000 <= found.ram_bytes < 7000
    debug = "-g" in flags
    assert found.compiler.startswith("GNU C") is debug
    assert ("-O2" in found.flags.split()) is debug


@pytest.mark.tools
def test_flags_are_those_of_the_source_that_is_asked_for(tmp_path: Path) -> None:
    need("gcc")
    (tmp_path / "main.c").write_text("int model(void);\nint main(void) { return model(); }\n")
    (tmp_path / "a_model.c").write_text("int model(void);\nint model(void) { return 0; }\n")
    call("gcc", "-g", "-O1", "-c", "main.c", cwd=tmp_path)
    call("gcc", "-g", "-O3", "-c", "a_model.c", cwd=tmp_path)
    call("gcc", "main.o", "a_model.o", "-o", "program", cwd=tmp_path)
    assert "-O3" in read_firmware(tmp_path / "program", "_model.c").flags.split()
    assert "-O1" in read_firmware(tmp_path / "program", "main.c").flags.split()
