"""What a decision module offers: from the model's output to a result, as a chain of integer blocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Protocol

from tinypack.features.protocol import Chain
from tinypack.options import Duration, Section, seconds

#: Scores are in 1/65536: 65536 is certainty, or an anomaly's threshold.
SCORE_ONE = 1 << 16


@dataclass(frozen=True)
class Given:
    """What a decision is made of.

    A model's int8 output and its int8 input (the features, in the model's order), with their quantisation.
    """

    outputs: int
    output_scale: float
    output_zero_point: int
    inputs: int
    input_scale: float
    input_zero_point: int
    labels: tuple[str, ...]  # one an output, or none
    period: float  # seconds from one result to the next

    def count(self, duration: Duration) -> int:
        """Give a duration as a number of results, rounded to the nearest."""
        return duration if isinstance(duration, int) else round(seconds(duration) / self.period)


@dataclass(frozen=True)
class Result:
    """A member of the result: an element of the verdict, plain, as a label's text, or dequantised as the output is."""

    name: str
    kind: Literal["number", "flag", "label", "real"]
    about: str
    index: int  # of the verdict
    length: int = 1


@dataclass(frozen=True, eq=False)
class Decision:
    """A chain from "output" int8 [outputs] and "input" int8 [inputs] (where it reads that) to "verdict" int32."""

    chain: Chain
    results: tuple[Result, ...]


class DecisionOptions(Section):
    """Keys that every decision has."""


class Decider(Protocol):
    """A decision module: NAME is the value of [decision] type, Options has `type: Literal[NAME]`."""

    NAME: str
    BRIEF: str
    Options: type[DecisionOptions]

    def decision(self, options: Any, given: Given) -> Decision:
        """Design it.

        Raises: ValueError(reason) if options and model don't go together
        """
