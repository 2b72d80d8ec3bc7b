"""`classify`: the label with the highest score, and when it is detected anew."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator, WithJsonSchema

from tinypack.decisions.detect import MOST_LABELS
from tinypack.decisions.events import EventOptions, events, window
from tinypack.decisions.join import Join
from tinypack.decisions.novelty import FittedFile, distance
from tinypack.decisions.protocol import SCORE_ONE, Decision, Given, Result
from tinypack.decisions.score import SmoothScore, scored
from tinypack.features.protocol import Array, Chain, Step
from tinypack.options import Section, broken

NAME = "classify"
BRIEF = "The label with the highest score, with thresholds, smoothing, votes and a refractory time."

DEFAULT_THRESHOLD = 0.5
#: What a label is called that isn't the model's: unlike anything seen.
ANOMALY = "anomaly"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 2**15


def _threshold(value: Any) -> float | dict[str, float]:
    table = value if isinstance(value, dict) else {"": value}
    if not all(isinstance(key, str) and _is_number(number) for key, number in table.items()):
        rule = "a threshold is a number, or a table with a number for each label"
        raise broken(rule, "such as 0.8, or { yes = 0.8, no = 0.7 }")
    numbers = {key: float(number) for key, number in table.items()}
    return numbers if isinstance(value, dict) else numbers[""]


NUMBER = {"type": "number"}
Threshold = Annotated[
    float | dict[str, float],
    PlainValidator(_threshold),
    WithJsonSchema({"anyOf": [NUMBER, {"type": "object", "additionalProperties": NUMBER}]}),
]


class Novelty(Section):
    """What is unlike anything that the model was trained with."""

    file: FittedFile = Field(description="Beside tinypack.toml, written by tinypack.decisions.fit.")


class Options(EventOptions):
    """Keys of [decision] type = "classify"."""

    type: Literal["classify"]
    threshold: Threshold = Field(
        DEFAULT_THRESHOLD,
        description="Least score that is accepted: a number, or a table of labels (default of those not named: 0.5).",
    )
    background: list[str] = Field(default=[], description="Labels that are never new, such as silence.")
    refractory_scope: Literal["all", "label"] = Field(
        "all", description="What a refractory time holds back: all labels, or only the one detected."
    )
    anomaly: Novelty | None = Field(None, description="Tells apart what is unlike anything seen.")


def decision(options: Options, given: Given) -> Decision:
    """Design it: scores, smoothed; an anomaly's score behind them, smoothed likewise; events."""
    if given.outputs > MOST_LABELS:
        raise ValueError(f"the model gives {given.outputs} scores; classify takes up to {MOST_LABELS}")
    names = (*given.labels, *((ANOMALY,) if options.anomaly else ()))
    _check_names("threshold", options.threshold if isinstance(options.threshold, dict) else (), given.labels)
    _check_names("background", options.background, names)
    thresholds = [_fixed(value, given) for value in _thresholds(options, given)]
    background = [name in options.background for name in given.labels] or [False] * given.outputs
    if options.anomaly:
        thresholds.append(SCORE_ONE)
        background.append(ANOMALY in options.background)
    novel = options.anomaly is not None
    block = events(options, given, thresholds, background, novel, options.refractory_scope == "label")
    span = window("smoothing", options.smoothing, given)
    chain = Chain({"output": Array("int8_t", given.outputs)}, (), "output").then(scored(given, span), "scores")
    if options.anomaly:
        chain = _with_anomaly(chain, options.anomaly, given, span)
    return Decision(chain.then(block, "verdict"), _results(given, novel))


def _with_anomaly(chain: Chain, options: Novelty, given: Given, span: int) -> Chain:
    block = distance(options.file, given)
    smooth = (Step(SmoothScore(span), ("anomaly",), ("smooth_anomaly",)),) if span > 1 else ()
    steps = (
        *chain.steps,
        Step(block, ("input",), ("anomaly",)),
        *smooth,
        Step(Join(given.outputs), ("scores", "smooth_anomaly" if smooth else "anomaly"), ("all_scores",)),
    )
    return Chain({**chain.inputs, "input": block.inputs[0]}, steps, "all_scores")


def _results(given: Given, novel: bool) -> tuple[Result, ...]:
    nothing = "; -1: unlike anything seen" if novel else ""
    label = Result("label", "label", "its name", 0, labels=given.labels, otherwise=ANOMALY if novel else "")
    return (
        Result("index", "number", f"label with the highest score{nothing}", 0),
        *((label,) if given.labels else ()),
        Result("score", "number", "highest score of a label, in 1/65536", 1),
        Result("is_accepted", "flag", "1 while threshold and votes are reached", 2),
        Result("is_new", "flag", "1 once for each detection", 3),
        *(
            (
                Result("anomaly", "number", "distance from what is usual, in 1/65536 of the threshold", 4),
                Result("is_anomaly", "flag", "1 while an anomaly is accepted", 5),
            )
            if novel
            else ()
        ),
    )


def _thresholds(options: Options, given: Given) -> list[float]:
    if isinstance(options.threshold, float):
        return [options.threshold] * given.outputs
    return [options.threshold.get(label, DEFAULT_THRESHOLD) for label in given.labels or [""] * given.outputs]


def _fixed(threshold: float, given: Given) -> int:
    highest = (127 - given.output_zero_point) * given.output_scale
    if threshold > highest:
        raise ValueError(f"a threshold of {threshold:.6g} is never reached: the model's scores end at {highest:.6g}")
    return round(threshold * SCORE_ONE)


def _check_names(key: str, names: Any, known: tuple[str, ...]) -> None:
    for name in names:
        if name not in known:
            labels = ", ".join(known) or "[model] labels names none"
            raise ValueError(f'{key} names "{name}", which is no label: {labels}')
