from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from tests.unit.replay.projects import LABELS, PROJECTS
from tinypack.errors import TinypackError
from tinypack.replay.aligned import align
from tinypack.replay.curves import curves
from tinypack.replay.draw import draw_timeline
from tinypack.replay.drawing.figure import STYLE, draw
from tinypack.replay.lines import Row
from tinypack.replay.run import Replay, Timeline, replay

Replays = Callable[[str], Replay]
STARTS = {".png": b"\x89PNG", ".svg": b"<?xml", ".html": b"<!DOCTYPE html>"}
#: SVG for each project, as it is the fastest to draw.
PICTURES = [*((name, ".svg") for name in PROJECTS), ("imu", ".png"), ("imu", ".html")]


@pytest.fixture(scope="module")
def replays(tmp_path_factory: pytest.TempPathFactory) -> Replays:
    """Replay each project once."""
    known: dict[str, Replay] = {}

    def give(name: str) -> Replay:
        if name not in known:
            folder = tmp_path_factory.mktemp("project")
            known[name] = replay(folder, PROJECTS[name].write(folder))
        return known[name]

    return give


def wrong(found: Replay) -> Timeline:
    """Change the first result, and lose the last and some samples."""
    first, *rest = found.timeline.rows
    members = {**first.members, "is_new": "0"}
    return Timeline("mps2-an386", [Row(first.at, first.text + "!", members), *rest[:-1]], 1320)


def figure(found: Replay, *others: Timeline) -> Figure:
    with mpl.rc_context(STYLE):
        drawn = draw(found, [align(found.timeline, timeline) for timeline in (found.timeline, *others)])
        drawn.canvas.draw()
    return drawn


def texts(svg: bytes) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(svg).iter() if element.tag.endswith("}text")]


class Page(HTMLParser):
    """What a page loads, and the cells of its tables by their class."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.cells: list[tuple[str, str]] = []
        self.tags: set[str] = set()
        self.inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.loaded += [value or "" for name, value in attrs if name in ("src", "href", "xlink:href")]
        self.inside |= tag == "td"
        if tag == "td":
            self.cells.append((dict(attrs).get("class") or "", ""))

    def handle_endtag(self, tag: str) -> None:
        self.inside &= tag != "td"

    def handle_data(self, data: str) -> None:
        if self.inside:
            kind, text = self.cells[-1]
            self.cells[-1] = (kind, text + data)


@pytest.mark.parametrize(("name", "ending"), PICTURES)
def test_the_same_results_give_the_same_picture(name: str, ending: str, tmp_path: Path, replays: Replays) -> None:
    found = replays(name)
    with mpl.rc_context({"axes.facecolor": "red", "svg.hashsalt": "mine"}):  # as a user's matplotlibrc may say
        draw_timeline(found, [wrong(found)], tmp_path / f"a{ending}")
    draw_timeline(found, [wrong(found)], tmp_path / f"b{ending.upper()}")
    first, second = ((tmp_path / name).read_bytes() for name in (f"a{ending}", f"b{ending.upper()}"))
    assert first.startswith(STARTS[ending])
    assert first == second


def test_texts_are_as_they_were_given(tmp_path: Path, replays: Replays) -> None:
    found = replays("imu")
    draw_timeline(found, [wrong(found)], tmp_path / "a.svg")
    written = texts((tmp_path / "a.svg").read_bytes())
    assert {LABELS[0], LABELS[1], LABELS[2][:19] + "…", "motion.csv", "ax", "ay", "az", "time, s"} <= set(written)
    assert "1,320 samples lost" in " ".join(written)


def test_the_page_holds_all_results_and_loads_nothing(tmp_path: Path, replays: Replays) -> None:
    found = replays("imu")
    draw_timeline(found, [replace(found.timeline, place="native"), wrong(found)], tmp_path / "a.html")
    page = Page((tmp_path / "a.html").read_text(encoding="utf-8"))
    assert page.loaded
    assert all(place.startswith(("#", "data:")) for place in page.loaded)
    assert {"b", "script"} & page.tags == set()
    count = len(found.timeline.rows)
    same = [text for kind, text in page.cells if kind == "same"]
    assert same == ["✓ the same", *["✓"] * (2 * count - 2)]
    assert [text for kind, text in page.cells if kind == "wrong"] == [
        "✗ 1 different, 1 missing, 1,320 samples lost",
        f"✗ {found.timeline.rows[0].text}!",
        "✗ missing",
    ]
    assert [text for kind, text in page.cells if text in LABELS] == [
        row.members["label"] for row in found.timeline.rows
    ]


def test_everything_stands_at_its_time(replays: Replays) -> None:
    """Recordings of 1 s and 0.5 s; frames of 30 ms, 20 ms apart, four of them a window; a result each 100 ms."""
    found = replays("audio")
    samples, features, scores, decisions, *_ = figure(found, wrong(found)).axes
    assert samples.get_xlim() == pytest.approx((0, 1.59))
    assert [line.get_xdata()[0] for line in samples.lines if line.get_linestyle() == "-"] == [1.0]
    low, high, *_ = features.images[0].get_extent()
    assert (low, high) == pytest.approx((0.005, 0.005 + 0.020 * len(found.found.features)))
    times = [0.09 + 0.1 * i for i in range(15)]
    assert all(line.get_xdata() == pytest.approx(times) for line in scores.lines if len(line.get_xdata()) > 2)
    boxes = [patch for patch in decisions.patches if isinstance(patch, Rectangle)]
    for y in range(2):
        strip = sorted((box.get_x(), box.get_x() + box.get_width()) for box in boxes if round(box.get_y()) == y)
        assert [strip[0][0], *(end for _, end in strip)] == pytest.approx([*(start for start, _ in strip), 1.59])
    differing = [(box.get_x(), box.get_width()) for box in boxes if box.get_hatch()]
    assert differing == [pytest.approx((0.09, 0.1)), pytest.approx((1.49, 0.1))]


def test_only_what_differs_is_marked(replays: Replays) -> None:
    found = replays("pictures")
    decisions = figure(found, replace(found.timeline, place="native")).axes[3]
    assert decisions.patches
    assert not any(patch.get_hatch() for patch in decisions.patches)
    assert [tick.get_text() for tick in decisions.get_yticklabels()] == ["python", "native: the same"]
    assert decisions.get_xlim() == (-0.5, 3.5)


def test_curves_are_what_the_decision_looks_at(replays: Replays) -> None:
    found = replays("imu")
    assert found.content.stream is not None
    drawn = curves(found.content.stream, found.found)
    assert [(curve.name, curve.threshold) for curve in drawn] == [
        (LABELS[0], 0.5),
        (LABELS[1], pytest.approx(0.6, abs=1e-5)),
        (LABELS[2], 0.5),
    ]
    highest = np.max([curve.values for curve in drawn], axis=0)
    assert [f"{value:.4f}" for value in highest] == [row.members["score"] for row in found.timeline.rows]


#: Project -> names, thresholds and units of its curves.
CURVES = {
    "anomaly": [("anomaly", 1.0, "")],
    "regress": [("speed", None, "m/s"), ("angle", None, "deg")],
}


@pytest.mark.parametrize(("name", "expected"), CURVES.items(), ids=CURVES)
def test_curves_have_thresholds_or_units(
    name: str, expected: Sequence[tuple[str, float | None, str]], replays: Replays
) -> None:
    found = replays(name)
    assert found.content.stream is not None
    drawn = curves(found.content.stream, found.found)
    assert [(curve.name, curve.threshold, curve.unit) for curve in drawn] == expected
    member = "score" if name == "anomaly" else "speed"
    values = [float(row.members[member]) for row in found.timeline.rows]
    assert drawn[0].values == pytest.approx(values, abs=1e-4)
    assert len(set(values)) > 3


def test_high_scores_of_anomalies_leave_the_threshold_in_sight(tmp_path: Path) -> None:
    project = PROJECTS["anomaly"]
    strict = replace(project, features=project.features.replace("threshold = 0.3", "threshold = 0.01"))
    scores = figure(replay(tmp_path, strict.write(tmp_path))).axes[2]
    low, high = scores.get_ylim()
    assert high > 20
    assert scores.transData.transform((0, 1))[1] - scores.bbox.y0 > 0.15 * scores.bbox.height
    assert low == 0


def test_another_ending_is_refused(tmp_path: Path, replays: Replays) -> None:
    with pytest.raises(TinypackError, match=r"must end in \.png, \.svg, \.html"):
        draw_timeline(replays("imu"), [], tmp_path / "a.pdf")
    assert list(tmp_path.iterdir()) == []


def test_the_message_says_how_to_get_matplotlib(
    tmp_path: Path, replays: Replays, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(TinypackError, match=r"missing-tool(.|\n)*pip install 'tinypack\[draw\]'"):
        draw_timeline(replays("imu"), [], tmp_path / "a.png")


def test_matplotlib_is_loaded_only_to_draw() -> None:
    code = "import sys, tinypack.replay.draw; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
