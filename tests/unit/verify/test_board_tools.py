from __future__ import annotations

import pytest

from tinypack.verify import board_tools
from tinypack.verify.board_tools import board_tools as tools_of
from tinypack.verify.board_tools import emulator_version, version_in


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("gcc (Debian 12.2.0-14) 12.2.0\nmore 9.9", "12.2.0"),
        ("arm-none-eabi-gcc (15:12.2.rel1-1) 12.2.1 20221205", "12.2.1"),
        ("QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg)", "7.2.22"),
        ("1.11.1", "1.11.1"),
        ("tool (2.0.1)", "2.0.1"),
        ("no number", "yes"),
        ("", "yes"),
    ],
)
def test_versions_are_found(text: str, version: str) -> None:
    assert version_in(text) == version


@pytest.mark.parametrize(
    ("board", "names"),
    [
        ("native", ["gcc", "g++"]),
        ("mps2-an386", ["arm-none-eabi-gcc", "C library of arm-none-eabi-gcc", "qemu-system-arm"]),
        (
            "b-l475e-iot01a",
            ["arm-none-eabi-gcc", "C library of arm-none-eabi-gcc", "qemu-system-arm of bookworm-backports"],
        ),
    ],
)
def test_a_board_needs_what_its_file_names(board: str, names: list[str]) -> None:
    assert [tool.name for tool in tools_of(board)] == names


def test_an_emulator_without_the_machine_is_not_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {"help": "Supported machines are:\nmps2-an385  one\n", "--version": "QEMU 7.2.0"}
    monkeypatch.setattr(board_tools, "_answer", lambda argv: answers[argv[-1]])
    assert emulator_version("mps2-an386") is None
    answers["help"] += "mps2-an386  other\n"
    assert emulator_version("mps2-an386") == "7.2.0"
