"""The timeline of a release as a page draws it: what was heard, the score, and what was decided when."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tinypack.replay.card import MOST_RESULTS, PAIRS
from tinypack.replay.curves import ANOMALY, USUAL

WIDTH, HEIGHT = 1000, 100  # of a panel's own units
COLOURS = 5
LEAST_WIDTH = 8.0  # of a decision
MOST_CHANNELS = 8
MOST_COLUMNS = 12
FEW = 60  # results that are drawn as dots, too
Number = Annotated[int | float, Field(ge=-1e15, le=1e15)]
Value = str | bool | Number | list[Number]


class _Recording(BaseModel):
    model_config = ConfigDict(allow_inf_nan=False)

    name: str
    duration_ms: int = Field(0, ge=0, le=1 << 31)
    images: int = Field(0, ge=0, le=1 << 31)
    envelope: list[list[tuple[Number, Number]]] = Field([], max_length=MOST_CHANNELS)


class _File(BaseModel):
    model_config = ConfigDict(allow_inf_nan=False)

    recording: _Recording
    results: list[dict[str, Value]] = Field(max_length=MOST_RESULTS)


@dataclass(frozen=True)
class Span:
    """A stretch in which the same was decided; number: of its colour, 0 for what is never detected."""

    x: float
    width: float
    text: str
    number: int


@dataclass(frozen=True)
class Timeline:
    """What a page draws.

    waves     SVG paths, one a channel
    score     SVG path; "" where results have none
    dots      the same, a dot a result, where they are few
    top       what the score's panel ends with, above
    colours   what is detected -> number of its colour
    marks     x of each new detection
    detected  what was detected, and when, in words
    columns, rows  all results
    """

    recording: str
    streaming: bool
    seconds: str
    waves: Sequence[str]
    score: str
    dots: str
    top: str
    spans: Sequence[Span]
    colours: Mapping[str, int]
    marks: Sequence[float]
    detected: Sequence[str]
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    width: int = WIDTH
    height: int = HEIGHT


def read_timeline(data: bytes) -> Timeline | None:
    """Read a timeline, which may be hostile; None if it is none."""
    try:
        file = _File.model_validate(json.loads(data))
    except (ValueError, ValidationError, RecursionError):
        return None
    about, results = file.recording, file.results
    streaming = about.duration_ms > 0
    clock = "time_ms" if streaming else "image"
    if not results or not all(type(row.get(clock)) is int for row in results):
        return None
    last = max(about.duration_ms if streaming else about.images, *(_at(row, clock) for row in results), 1)
    scores = [row.get("score") for row in results]
    top = max([1.0, *(float(score) for score in scores if isinstance(score, (int, float)))])
    names = dict.fromkeys(_state(row)[0] for row in results if _detected(row, streaming))
    colours = {name: i % COLOURS + 1 for i, name in enumerate(names)}
    points = _score(results, clock, last, top)
    columns = [name for name in results[0] if name != clock][:MOST_COLUMNS]
    return Timeline(
        recording=about.name,
        streaming=streaming,
        seconds=f"{last / 1000:.2f} s" if streaming else f"{len(results)} pictures",
        waves=[_wave(channel[:PAIRS]) for channel in about.envelope if channel],
        score=f"M{'L'.join(points)}" if points else "",
        dots="".join(f"M{point}h0" for point in points) if len(points) <= FEW else "",
        top=f"{top:.3g}",
        spans=list(_spans(results, clock, last, colours)),
        colours=colours,
        marks=[_x(_at(row, clock), last) for row in results if row.get("is_new")] if streaming else [],
        detected=[f"{_state(row)[0]} {_when(row, clock)}" for row in results if _detected(row, streaming)],
        columns=["time, s" if streaming else "picture", *columns],
        rows=[[_clock(row, clock), *(_text(row.get(name, "")) for name in columns)] for row in results],
    )


def _wave(pairs: Sequence[tuple[Number, Number]]) -> str:
    """Draw least and most of each piece as one outline; full scale is that of the recording's loudest."""
    full = max(max(abs(low), abs(high)) for low, high in pairs) or 1
    step = WIDTH / len(pairs)
    upper = [(step * (i + 0.5), high) for i, (_, high) in enumerate(pairs)]
    lower = [(step * (i + 0.5), low) for i, (low, _) in reversed(list(enumerate(pairs)))]
    points = [f"{x:.0f} {HEIGHT / 2 * (1 - y / full):.1f}" for x, y in (*upper, *lower)]
    return f"M{'L'.join(points)}Z"


def _score(results: Sequence[Mapping[str, Value]], clock: str, last: int, top: float) -> list[str]:
    return [
        f"{_x(_at(row, clock), last)} {HEIGHT * (1 - max(0.0, float(score)) / top):.1f}"
        for row in results
        if isinstance(score := row.get("score"), (int, float))
    ]


def _spans(results: Sequence[Mapping[str, Value]], clock: str, last: int, colours: Mapping[str, int]) -> Iterator[Span]:
    """Give stretches of equal decisions, each from its first result to the next other one."""
    groups = [(state, _x(_at(next(group), clock), last)) for state, group in groupby(results, key=_state)]
    ends = [*(start for _, start in groups[1:]), float(WIDTH)]
    for ((text, accepted), start), end in zip(groups, ends, strict=True):
        start = min(start, WIDTH - LEAST_WIDTH)
        width = round(max(end - start, LEAST_WIDTH), 1)
        yield Span(start, width, text, colours.get(text, 0) if accepted else 0)


def _state(row: Mapping[str, Value]) -> tuple[str, bool]:
    """Name what was decided, and tell whether it was accepted; as `replay.curves` does with text."""
    if row.get("is_anomaly"):
        return ANOMALY, True
    if "is_accepted" in row:
        return str(row.get("label") or row.get("index", "")), bool(row["is_accepted"])
    return (USUAL, False) if "is_anomaly" in row else ("", False)


def _detected(row: Mapping[str, Value], streaming: bool) -> bool:
    return bool(row.get("is_new")) if streaming else _state(row)[1]


def _at(row: Mapping[str, Value], clock: str) -> int:
    value: Any = row[clock]
    return max(0, int(value))


def _clock(row: Mapping[str, Value], clock: str) -> str:
    return f"{_at(row, clock) / 1000:.2f}" if clock == "time_ms" else str(row[clock])


def _when(row: Mapping[str, Value], clock: str) -> str:
    return f"at {_clock(row, clock)} s" if clock == "time_ms" else f"in picture {row[clock]}"


def _x(at: int, last: int) -> float:
    return round(WIDTH * at / last, 1)


def _text(value: Value) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
