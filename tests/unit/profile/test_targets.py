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
    stand_in = chosen_targets(["cortex-m0"])[0]
    assert (stand_in.machine, stand_in.processor) == ("mps2-an386", "microbit")


def test_all_problems_are_told(tools: dict[str, str | None]) -> None:
    tools["emulator of microbit"] = None
    with pytest.raises(TinypackError) as raised:
        chosen_targets(["native", "nano33ble", "cortex-m0", "mps2-an386"])
    found = [(problem.code, problem.where) for problem in raised.value.problems]
    assert found == [("unknown-board", "native"), ("unknown-board", "nano33ble"), ("missing-tool", "cortex-m0")]
    assert "tinypack doctor --board mps2-an386 --board microbit --fix" in raised.value.problems[-1].hint
