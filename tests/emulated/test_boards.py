"""A board is a file: what the files say agrees with itself, and a new one needs no code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.emulated.conftest import BOARDS, EMULATOR, SKETCHES, pio_run, read, run_elf
from tests.support.machine import need_board
from tinypack.boards import load_boards
from tinypack.verify.board_tools import board_tools
from tinypack.verify.debian import apt_packages

MACHINES = EMULATOR / "machine"


def test_every_board_is_tested() -> None:
    environments = (SKETCHES / "platformio.ini").read_text()
    assert all(f"\n[env:{board}]\nboard = {board}\n" in environments for board in BOARDS)


def test_every_board_is_one_of_tinypack() -> None:
    emulated = {board.platformio.board: board for board in load_boards().values() if board.emulated}
    assert emulated.keys() == set(BOARDS)
    for name, board in emulated.items():
        build = read(name)["build"]
        assert build["f_cpu"] == f"{board.cpu.clock_hz}L"
        for kind, memory in (("flash", "flash"), ("ram", "ram")) if build["symbols"] else ():
            region = next(region for region in board.regions if region.kind == kind)
            assert region.address == int(build["symbols"][f"machine_{memory}_origin"], 0)
            assert region.bytes == int(build["symbols"][f"machine_{memory}_bytes"], 0)


@pytest.mark.parametrize("board", [board for board in BOARDS if read(board)["build"]["symbols"]])
def test_an_instruction_takes_its_cycles(board: str) -> None:
    build = read(board)["build"]
    clock_hz = int(build["f_cpu"].rstrip("L"))
    assert int(build["symbols"]["machine_instruction_ps"]) == round(build["cycles_per_instruction"] * 1e12 / clock_hz)


@pytest.mark.parametrize("board", BOARDS)
def test_a_board_names_what_exists(board: str) -> None:
    build, emulation = read(board)["build"], read(board)["emulation"]
    for name in build["machine"]:
        assert list((MACHINES / name).glob("*.c")), name
    assert "linker_script" not in build or (MACHINES / build["linker_script"]).is_file()
    assert any("{elf}" in part for part in emulation["command"])
    assert emulation["console"] in ("stdout", "stderr")
    groups = (EMULATOR / "apt-packages.txt").read_text().splitlines()
    assert f"# group {build['toolchain_packages']}" in groups


@pytest.mark.parametrize("board", [board for board in BOARDS if read(board)["build"]["symbols"]])
def test_limits_are_those_of_the_linker(board: str) -> None:
    symbols = {name: int(value, 0) for name, value in read(board)["build"]["symbols"].items()}
    upload = read(board)["upload"]
    assert upload["maximum_size"] == symbols["machine_flash_bytes"]
    assert upload["maximum_ram_size"] == symbols["machine_ram_bytes"] - symbols["machine_stack_bytes"]


@pytest.mark.parametrize("board", BOARDS)
def test_what_a_board_needs_has_packages(board: str) -> None:
    assert {tool.name for tool in board_tools(board)} <= apt_packages().keys()


def add_board(folder: Path, name: str, data: dict[str, Any]) -> str:
    """Write a board into the project; give the name of a configuration that has it as an environment."""
    (folder / "boards").mkdir(exist_ok=True)
    (folder / "boards" / f"{name}.json").write_text(json.dumps(data))
    config = folder / f"{name}.ini"
    config.write_text((folder / "platformio.ini").read_text() + f"\n[env:{name}]\nboard = {name}\n")
    return config.name


@pytest.mark.tools
def test_another_board_needs_a_file_and_no_code(folder: Path) -> None:
    need_board("mps2-an386")
    data = read("mps2-an386")
    data["build"]["cpu_flags"] = ["-mcpu=cortex-m7", "-mthumb", "-mfpu=fpv5-d16", "-mfloat-abi=hard"]
    data["emulation"]["command"] = [part.replace("an386", "an500") for part in data["emulation"]["command"]]
    config = add_board(folder, "cortex-m7", data)
    done = pio_run(folder, "measure", "cortex-m7", "-c", config, "-t", "exec")
    assert done.ok, done.text + done.error_text
    found = run_elf(folder / "boards" / "cortex-m7.json", folder / "measure" / "build" / "cortex-m7" / "firmware.elf")
    assert "used=1000" in found.text


@pytest.mark.tools
def test_a_missing_compiler_is_said_with_the_remedy(folder: Path) -> None:
    data = read("mps2-an386")
    data["build"]["toolchain"] = "no-such-"
    done = pio_run(folder, "measure", "no-compiler", "-c", add_board(folder, "no-compiler", data))
    assert not done.ok
    assert "no-such-gcc, no-such-g++, no-such-size not found" in done.error_text
    assert "group cortex-m" in done.error_text
