"""Scores and values over time, as a decision gives them before it decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tinypack.compile.stream import Stream
from tinypack.decisions.detect import Detect
from tinypack.decisions.protocol import SCORE_ONE, Decision
from tinypack.decisions.replay import read_verdicts
from tinypack.replay.lines import Row
from tinypack.stream_reference import Replayed

ANOMALY, USUAL = "anomaly", "usual"


@dataclass(frozen=True, eq=False)
class Curve:
    """A label's score, smoothed, the score of an anomaly, or a value.

    Shapes: values [results]
    """

    name: str
    values: np.ndarray
    threshold: float | None = None
    unit: str = ""


def curves(stream: Stream, found: Replayed) -> list[Curve]:
    """Give what the decision looks at: scores of all labels with their thresholds, or values with their units."""
    last = stream.decision.chain.steps[-1]
    if not isinstance(last.block, Detect):
        return _values(stream.decision, found.verdicts)
    chain = replace(stream.decision.chain, steps=stream.decision.chain.steps[:-1], output=last.reads[0])
    arrays = {"output": found.outputs[np.newaxis], "input": found.windows[np.newaxis]}
    scores = chain.apply({name: arrays[name] for name in chain.inputs}, chain.start(1))[0] / SCORE_ONE
    names = _names(stream.decision, last.block)
    limits = [threshold / SCORE_ONE for threshold in last.block.thresholds]
    return [Curve(*columns) for columns in zip(names, scores.T, limits, strict=True)]


def state(members: Mapping[str, str]) -> tuple[str, bool]:
    """Name what was decided, and tell whether it was accepted."""
    if members.get("is_anomaly") == "1":
        return ANOMALY, True
    if "is_accepted" in members:
        return members.get("label", members.get("index", "")), members["is_accepted"] == "1"
    if "is_anomaly" in members:
        return USUAL, False
    return ", ".join(members.values()), False


def is_new(row: Row) -> bool:
    """Tell whether something is detected anew."""
    return row.members.get("is_new") == "1"


def _names(decision: Decision, block: Detect) -> Sequence[str]:
    labels = next((result.labels for result in decision.results if result.kind == "label"), ())
    by_anomaly = any(result.name == "is_anomaly" for result in decision.results)
    if by_anomaly and not block.novel:
        return (ANOMALY,)
    return (*(labels or map(str, range(block.labels))), *((ANOMALY,) if block.novel else ()))


def _values(decision: Decision, verdicts: np.ndarray) -> list[Curve]:
    columns = read_verdicts(decision, verdicts)
    found = []
    for result in decision.results:
        values = columns[result.name].reshape(len(verdicts), result.length)
        several = result.length > 1
        found += [
            Curve(f"{result.name}[{i}]" if several else result.name, column, unit=result.about)
            for i, column in enumerate(values.T)
        ]
    return found
