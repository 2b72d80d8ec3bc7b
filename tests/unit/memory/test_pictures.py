"""Pictures of arenas."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.support.graphs import QUARTER, make_graph, node, tensor
from tinypack.compile import compile_graph
from tinypack.compile.memory_map import Block, MapStep, MemoryMap
from tinypack.errors import TinypackError
from tinypack.inspection import Inspection, inspect_program
from tinypack.memory.draw import draw_memory
from tinypack.memory.rows import BOTH, FREE, KEPT, READ, SCRATCH, WRITTEN, memory_rows
from tinypack.memory.scene import scene

STEP = MapStep((0,), ("RELU",), "y", (1, 8))


def inspection(name: str = "y") -> Inspection:
    tensors = [tensor((1, 2, 2, 4)), tensor((1, 2, 2, 4), QUARTER), tensor((1, 2, 2, 4), QUARTER, name=name)]
    graph = make_graph(tensors, [node("RELU", [0], 1), node("ADD", [0, 1], 2)], [2])
    return inspect_program("model", b"", graph, compile_graph(graph))


def test_rows_say_what_becomes_of_each_byte() -> None:
    blocks = (
        Block(0, "x", "input", 4, 8, -1, 0),
        Block(1, "kept", "activation", 12, 4, -1, 1),
        Block(2, "y", "output", 0, 8, 0, 1),
        Block(-1, "scratch", "scratch", 16, 1, 0, 0),
    )
    before, step, after = memory_rows(MemoryMap((STEP,), blocks), 32, 8)
    assert before.cells == (FREE, WRITTEN, WRITTEN, WRITTEN, FREE, FREE, FREE, FREE)
    assert step.cells == (WRITTEN, BOTH, READ, KEPT, SCRATCH, FREE, FREE, FREE)
    assert after.cells == (READ, READ, FREE, READ, FREE, FREE, FREE, FREE)
    assert [(row.used, row.peak) for row in (before, step, after)] == [(12, False), (17, True), (12, False)]


def test_shapes_slant_where_one_is_written_over_another() -> None:
    by_about = {shape.about.split()[1]: shape for shape in scene(inspection()).shapes}
    assert [(shape.grows, shape.shrinks) for shape in by_about.values()] == [
        (False, True),
        (False, False),
        (True, False),
    ]
    assert [(shape.begin, shape.end) for shape in by_about.values()] == [(0, 3), (1, 3), (2, 4)]


def test_svg_is_well_formed_and_the_same_each_time(tmp_path: Path) -> None:
    path = tmp_path / "memory.svg"
    found = inspection('<&"\x1b')
    draw_memory(found, path)
    first = path.read_bytes()
    root = ElementTree.fromstring(first)
    titles = [title.text for title in root.iter("{http://www.w3.org/2000/svg}title")]
    assert len(titles) == len(found.memory.blocks) and any('<&"' in str(title) for title in titles)
    draw_memory(found, path)
    assert path.read_bytes() == first


def test_page_lists_all_blocks(tmp_path: Path) -> None:
    found = inspection("<b>")
    draw_memory(found, tmp_path / "memory.html")
    page = (tmp_path / "memory.html").read_text(encoding="utf-8")
    assert page.count("<tr>") == 1 + len(found.memory.blocks) and "<svg" in page
    assert "<b>" not in page and "&lt;b&gt;" in page


def test_png_is_the_same_each_time(tmp_path: Path) -> None:
    pictures = []
    for name in ("a.png", "b.png"):
        draw_memory(inspection(), tmp_path / name)
        pictures.append((tmp_path / name).read_bytes())
    assert pictures[0] == pictures[1] and pictures[0].startswith(b"\x89PNG")


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TinypackError, match=r"must end in \.png, \.svg, \.html"):
        draw_memory(inspection(), tmp_path / "memory.jpg")


@pytest.mark.parametrize(("top", "ticks"), [(1, 2), (12, 7), (9056, 10), (55_296, 6), (100_000, 6)])
def test_axis_has_few_round_numbers(top: int, ticks: int) -> None:
    found = replace(scene(inspection()), top=top).ticks()
    assert len(found) == ticks and found[-1] <= top
