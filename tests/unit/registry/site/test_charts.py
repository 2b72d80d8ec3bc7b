from __future__ import annotations

from tests.support.registry_site import results
from tinypack.registry.entries import BoardResult
from tinypack.registry.site.charts import HEIGHT, WIDTH, over_boards, over_versions


def test_lines_have_gaps_where_nothing_was_measured() -> None:
    chart = over_versions("Memory", "bytes", ["1.0.0", "1.1.0", "2.0.0", "3.0.0"], {"RAM": [0, None, 50, 100]})
    (curve,) = chart.curves
    assert curve.path == f"M30 {HEIGHT}M657 150L970 0"
    assert curve.dots == f"M30 {HEIGHT}h0M657 150h0M970 0h0"
    assert curve.figures == ["0", "–", "50", "100"]
    assert chart.top == "100"


def test_axes_end_with_round_figures() -> None:
    tops = [over_versions("", "", ["1"], {"": [value]}).top for value in (0, 1, 7, 101, 22_698, 930_000, 1 << 62)]
    assert tops == ["1", "1", "8", "150", "30,000", "1,000,000", "5,000,000,000,000,000,000"]
    assert "nan" not in over_versions("", "", ["1"], {"": [None]}).curves[0].path


def test_only_right_answers_are_compared() -> None:
    wrong = BoardResult(board="pico", status="failed", instructions=1, flash_bytes=1)
    known = {result.board: result for result in [*results(), wrong]}
    bars = {each.chart.title: [(bar.name, bar.figures) for bar in each.chart.bars] for each in over_boards(known)}
    assert bars["Instructions of one inference"] == [("mps2-an386", "931,363"), ("microbit", "2,412,806")]
    assert [name for name, _ in bars["Flash of the whole self-test, bytes"]] == ["microbit", "mps2-an386", "native"]
    assert "Stack of one inference, bytes" not in bars
    assert WIDTH > HEIGHT
