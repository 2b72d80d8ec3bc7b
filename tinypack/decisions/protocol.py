"""What a decision module offers: from the model's output to a result, as a chain of integer blocks."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol

from pydantic import AfterValidator, Field

from tinypack.features.protocol import Chain
from tinypack.options import Duration, Section, broken, seconds

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
    period: float  # seconds from one result to the next; 0: results have no fixed distance in time
    root: Path = field(default_factory=Path)  # where files lie that options name

    def count(self, duration: Duration) -> int:
        """Give a duration as a number of results, rounded to the nearest.

        Raises: ValueError if it is in seconds, and results have no fixed distance in time
        """
        if isinstance(duration, int):
            return duration
        if self.period <= 0:
            raise ValueError(f'"{duration}" needs features that stream: give a number of results')
        return round(seconds(duration) / self.period)


@dataclass(frozen=True)
class Result:
    """A member of the result, made of `length` elements of the verdict from `index` on.

    number   int32, plain
    flag     0 or 1
    label    the element is an index into `labels`; `otherwise` stands for -1
    real     element * scale in float32: a single product, so the same bits everywhere
    """

    name: str
    kind: Literal["number", "flag", "label", "real"]
    about: str  # a comment: what it tells, in which unit
    index: int
    length: int = 1
    labels: tuple[str, ...] = ()
    otherwise: str = ""
    scale: float = 1.0


@dataclass(frozen=True, eq=False)
class Decision:
    """A chain from "output" int8 [outputs] and "input" int8 [inputs] (where it reads that) to "verdict" int32."""

    chain: Chain
    results: tuple[Result, ...]


def _some(value: int | str) -> int | str:
    if value == 0 or (isinstance(value, str) and seconds(value) == 0):
        raise broken("results must be at least one hop apart")
    return value


class DecisionOptions(Section):
    """Keys that every decision has."""

    type: str
    every: Annotated[Duration, AfterValidator(_some)] = Field(1, description="Hops between two results.")


class Decider(Protocol):
    """A decision module: NAME is the value of [decision] type, Options has `type: Literal[NAME]`."""

    NAME: str
    BRIEF: str

    @property
    def Options(self) -> type[DecisionOptions]: ...

    def decision(self, options: Any, given: Given) -> Decision:
        """Design it.

        Raises: ValueError(reason) if options and model don't go together; TinypackError if a file that options name
        can't be used
        """
