"""Tables in terminals."""

from __future__ import annotations

import pytest
from rich.text import Text

from tinypack.cli.show import counted, show_table

COLUMNS = ("board", ">flash B", "~formats")
ROW = ("native", 1234567, "arduino, platformio, cmake, esp-idf, cmsis-pack")


@pytest.mark.parametrize("width", [8, 40, 80])
def test_no_figure_and_no_head_is_cut(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("FORCE_COLOR", "1")  # a terminal
    show_table("Boards", COLUMNS, [ROW])
    shown = Text.from_ansi(capsys.readouterr().out).plain
    for words in ("flash B", "1,234,567", "native", "cmsis-pack"):
        assert words in shown
    assert max(map(len, shown.splitlines())) <= max(width, 40)


@pytest.mark.parametrize("number, said", [(0, "0 versions"), (1, "1 version"), (1234, "1,234 versions")])
def test_counts(number: int, said: str) -> None:
    assert counted(number, "version") == said
