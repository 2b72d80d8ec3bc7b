from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.profiles import make_profile
from tinypack.errors import TinypackError
from tinypack.profile.draw import check_profiles, draw_profiles
from tinypack.profile.layers import Layer
from tinypack.profile.page import Cell, Comparison, html_page, layer_label, millions


def test_a_picture_is_a_png_or_a_page(tmp_path: Path) -> None:
    profiles = [make_profile(), make_profile(opt="-Os")]
    for name, begins in (("a.png", b"\x89PNG"), ("a.html", b"<!DOCTYPE html>")):
        draw_profiles(profiles, tmp_path / name)
        drawn = (tmp_path / name).read_bytes()
        assert drawn.startswith(begins)
        draw_profiles(profiles, tmp_path / name)
        assert (tmp_path / name).read_bytes() == drawn
    with pytest.raises(TinypackError, match=r"must end in \.png, \.html"):
        check_profiles(tmp_path / "a.pdf")


def test_a_page_shows_layers_memory_and_comparisons() -> None:
    rows = [[Cell("kws"), Cell("3 M", True), Cell("9 <M>", False)]]
    page = html_page([make_profile(), make_profile(opt="-Os", convolution=6_000), make_profile("ad")], [
        Comparison("Instructions", "Counted.", ("model", "required", "aim"), rows)
    ])  # fmt: skip
    for text in ("&lt;first&gt; &amp; $", "3,000<small>1.50</small>", "6,021", "width: 100.0%", "mps2-an386 -Os"):
        assert text in page, text
    assert '<td class="good">3 M ✓</td><td class="bad">9 &lt;M&gt; ✗</td>' in page
    assert page.count("<section>") == 2
    assert "http" not in page and "<script" not in page


def test_labels() -> None:
    first, _, around = make_profile().layers
    assert layer_label(first) == "0 conv_2d 5×5×8"
    assert layer_label(around) == "around the calls"
    assert layer_label(Layer(1, "ADD", "", (4,), 0, first.executions)) == "1 add 4"
    assert [millions(n) for n in (999, 1_234, 12_345_678)] == ["999", "1.23 k", "12.3 M"]
