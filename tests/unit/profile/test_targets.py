from __future__ import annotations

import pytest

from tinypack.errors import TinypackError
from tinypack.profile import targets
from tinypack.profile.targets import DEFAULT, EACH_CORE, chosen_targets
from tinypack.verify.board_tools import Tool


@pytest.fixture
def tools(monkeypatch: pytest.MonkeyPatch) -> dict[str, str | None]:
    """What a tool answers, by its name; the compiler of every board, and an emulator of each."""
    there: dict[str, str | None] = {}

    def board_tools(board: str) -> list[Tool]:
        return [Tool(name, lambda name=name: there.get(name, "1.0")) for name in ("gcc", f"emulator of {board}")]

    monkeypatch.setattr(targets, "board_tools", board_tools)
    return there


def test_names(tools: dict[str, str | None]) -> None:
    assert [target.id for target in chosen_targets([])] == list(DEFAULT)
    assert [target.id for target in chosen_targets(["riscv32-virt", "all"])] == [
        "riscv32-virt",
        *(name for name in EACH_CORE if name != "riscv32-virt"),
    ]


MACHINES = {"mps3-an547": "mps3-an547", "nano33ble": "mps2-an386", "pico": "mps2-an386", "cortex-m33": "mps3-an547"}


@pytest.mark.parametrize(("name", "machine"), MACHINES.items())
def test_code_runs_on_an_emulated_board_for_its_own_processor(
    tools: dict[str, str | None], name: str, machine: str
) -> None:
    target = chosen_targets([name])[0]
    assert target.machine == machine
    assert f"-mcpu={target.core}" in target.cpu_flags
    assert (target.clock_hz is None) == (name == target.core)


def test_a_board_brings_its_flash(tools: dict[str, str | None]) -> None:
    assert [bool(target.flash) for target in chosen_targets(["nucleo_l4r5zi", "mps2-an386"])] == [True, False]


def test_all_problems_are_told(tools: dict[str, str | None]) -> None:
    tools["emulator of mps3-an547"] = None
    with pytest.raises(TinypackError) as raised:
        chosen_targets(["native", "esp32-s3-devkitc-1", "cortex-m33", "mps2-an386"])
    found = [(problem.code, problem.where) for problem in raised.value.problems]
    assert found == [
        ("unknown-board", "native"),
        ("unknown-board", "esp32-s3-devkitc-1"),
        ("missing-tool", "cortex-m33"),
    ]
    assert "tinypack doctor --board mps3-an547 --fix" in raised.value.problems[-1].hint
