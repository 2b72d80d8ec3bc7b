"""Results as the sketch `Stream` prints them, a line each: `t=1520 score=0.8712 is_new=1 label=yes`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tinypack.decisions.protocol import SCORE_ONE, Result
from tinypack.formats.sketch import is_score

DIGITS = 4
LINE = re.compile(r"(?P<kind>t|image)=(?P<at>\d+)(?P<members>( [a-z]\w*=\S+)*?)( label=(?P<label>.*))?")


@dataclass(frozen=True)
class Row:
    """A result as it was printed."""

    at: int  # milliseconds since the start, or the number of the image
    text: str  # the line
    members: Mapping[str, str]

    def values(self) -> dict[str, Any]:
        """Give what the line says as plain data: numbers, the label's text, lists."""
        return {name: text if name == "label" else _numbers(text) for name, text in self.members.items()}


def decimal(value: float) -> str:
    """Write a number as Arduino's Print does: rounded by adding half a last digit, in double precision."""
    half = 0.5
    for _ in range(DIGITS):
        half /= 10.0
    rest = abs(value) + half
    text = f"{'-' if value < 0 else ''}{int(rest)}."
    rest -= int(rest)
    for _ in range(DIGITS):
        rest *= 10.0
        text += str(int(rest))
        rest -= int(rest)
    return text


def result_lines(results: Sequence[Result], rows: Iterable[Mapping[str, Any]], streaming: bool) -> list[str]:
    """Write results as the sketch does, the label last."""
    ordered = sorted(results, key=lambda result: result.name == "label")
    lines = []
    for count, row in enumerate(rows):
        first = f"t={row['time_ms']}" if streaming else f"image={count}"
        lines.append(" ".join([first, *(f"{result.name}={_text(result, row[result.name])}" for result in ordered)]))
    return lines


def read_lines(text: str) -> tuple[list[Row], int, list[str]]:
    """Read what a sketch printed: results, samples that were lost, and lines that are neither."""
    rows: list[Row] = []
    lost, rest = 0, []
    for line in text.splitlines():
        match = LINE.fullmatch(line.strip())
        if match:
            members = dict(word.split("=", 1) for word in match["members"].split())
            members |= {"label": match["label"]} if match["label"] is not None else {}
            rows.append(Row(int(match["at"]), line.strip(), members))
        elif found := re.fullmatch(r"lost=(\d+)", line.strip()):
            lost = int(found[1])
        elif line.strip():
            rest.append(line.strip())
    return rows, lost, rest


def _numbers(text: str) -> Any:
    numbers = [float(word) if "." in word else int(word) for word in text.split(",")]
    return numbers if len(numbers) > 1 else numbers[0]


def _text(result: Result, value: Any) -> str:
    if isinstance(value, list):
        return ",".join(map(decimal, value))
    if result.kind == "real":
        return decimal(value)
    if result.kind == "label":
        return str(value)
    return decimal(value / SCORE_ONE) if is_score(result) else str(int(value))
