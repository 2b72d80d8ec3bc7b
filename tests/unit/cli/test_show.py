"""Tables in terminals."""

from __future__ import annotations

import pytest

from tinypack.cli.show import show_table

COLUMNS = ("board", ">flash B", "~formats")
ROW = ("native", 1234567, "arduino, platformio, cmake, esp-idf, cmsis-pack")


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    return monkeypatch


@pytest.mark.parametrize("width", [8, 40, 80])
def test_no_figure_and_no_head_is_cut(
    width: int, terminal: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal.setenv("COLUMNS", str(width))
    show_table("Boards", COLUMNS, [ROW])
    shown = capsys.readouterr().out
    for words in ("flash B", "1,234,567", "native", "cmsis-pack"):
        assert words in shown
    assert max(map(len, shown.splitlines())) <= max(width, 40)
