"""What turns scores over time into events: options that `classify` and `anomaly` share, and the block made of them."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field, model_validator

from tinypack.decisions.detect import Detect
from tinypack.decisions.protocol import DecisionOptions, Given
from tinypack.decisions.score import MOST_WINDOW
from tinypack.options import Duration, broken

MOST_RESULTS = 2**31 - 2


class EventOptions(DecisionOptions):
    """Keys of decisions that tell of events."""

    smoothing: Duration = Field(1, description="Scores are a mean over this time, or over so many results.")
    votes: int = Field(1, ge=1, le=MOST_WINDOW, description="Results that must agree before one is accepted ...")
    vote_window: Duration | None = Field(None, description="... among the last of this time (default: all of `votes`).")
    minimum_count: int = Field(
        1, ge=1, le=MOST_RESULTS, description="Results since start or reset before any is accepted."
    )
    refractory: Duration = Field(0, description="After a detection none is new for this time.")
    repeat: bool = Field(False, description="true: what goes on is new again after each refractory time.")

    @model_validator(mode="after")
    def _votes_fit(self) -> EventOptions:
        if isinstance(self.vote_window, int) and self.votes > self.vote_window:
            raise broken(f"{self.votes} votes need a vote_window of {self.votes} results or more")
        return self


def window(name: str, duration: Duration, given: Given) -> int:
    """Give a window's length in results: at least the newest one.

    Raises: ValueError if it is too long to be kept
    """
    count = max(given.count(duration), 1)
    if count > MOST_WINDOW:
        raise ValueError(f"{name} spans {count} results; {MOST_WINDOW} can be kept")
    return count


def events(
    options: EventOptions,
    given: Given,
    thresholds: Sequence[int],
    background: Sequence[bool],
    novel: bool = False,
    per_label: bool = False,
) -> Detect:
    """Make the block that decides.

    Units: thresholds in 1/65536
    Raises: ValueError if the votes don't fit into their window, or a time is too long
    """
    span = window("vote_window", options.vote_window or options.votes, given)
    if options.votes > span:
        raise ValueError(f"{options.votes} votes don't fit into a vote_window of {span} results")
    refractory = given.count(options.refractory)
    if refractory > MOST_RESULTS:
        raise ValueError(f"refractory spans {refractory} results; {MOST_RESULTS} can be counted")
    return Detect(
        thresholds=tuple(thresholds),
        background=tuple(background),
        novel=novel,
        window=span,
        votes=options.votes,
        least_results=options.minimum_count,
        refractory=refractory,
        per_label=per_label,
        repeat=options.repeat,
    )
