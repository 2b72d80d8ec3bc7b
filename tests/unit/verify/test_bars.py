from __future__ import annotations

from tinypack.verify.bars import GAP, LONGEST, NAMES, ROW, chart


def test_the_longest_bar_has_all_the_room_and_others_their_share() -> None:
    drawn = chart("a title", {"one": [1_000], "two": [4_000, 2_000]})
    one, two = drawn.bars
    assert (one.figures, two.figures) == ("1,000", "2,000 – 4,000")
    assert (one.least, one.most) == (LONGEST / 4, LONGEST / 4)
    assert (two.least, two.most) == (LONGEST / 2, LONGEST)
    assert (one.y, two.y, drawn.height) == (0, ROW, 2 * ROW)
    assert two.end == NAMES + LONGEST + GAP < drawn.width


def test_nothing_and_zero_are_drawn_too() -> None:
    assert chart("a title", {}).height == 0
    assert chart("a title", {"one": [0]}).bars[0].most == 0
