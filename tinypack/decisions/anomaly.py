"""`anomaly`: how unusual it is, by an autoencoder's error or by features' distance from training data."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from tinypack.decisions.distance import Distance
from tinypack.decisions.events import EventOptions, events, window
from tinypack.decisions.novelty import FittedFile, distance
from tinypack.decisions.protocol import SCORE_ONE, Decision, Given, Result
from tinypack.decisions.reconstruction import Reconstruction, reconstruction
from tinypack.decisions.score import SmoothScore
from tinypack.features.protocol import Chain, Step
from tinypack.options import broken

NAME = "anomaly"
BRIEF = "How unusual it is: an autoencoder's error, or the distance from clusters or a mixture fitted to features."

#: What each kind of block reads.
READS = {Reconstruction: ("input", "output"), Distance: ("input",)}


class Options(EventOptions):
    """Keys of [decision] type = "anomaly"."""

    type: Literal["anomaly"]
    threshold: Annotated[float, Field(strict=False, ge=1e-30, le=1e30, allow_inf_nan=False)] | None = Field(
        None, description="Error of an autoencoder that is an anomaly, in units of its input (of mse: squared)."
    )
    error: Literal["mse", "mae"] = Field("mse", description="Mean squared or mean absolute error.")
    file: FittedFile | None = Field(
        None, description="Instead of a threshold: fitted to features, written by tinypack.decisions.fit."
    )

    @model_validator(mode="after")
    def _one_way(self) -> Options:
        if (self.threshold is None) == (self.file is None):
            raise broken("anomaly needs a threshold (of an autoencoder) or a file (fitted to features), not both")
        if self.file is not None and "error" in self.model_fields_set:
            raise broken("error is a key for autoencoders: a fitted file has a distance of its own")
        return self


def decision(options: Options, given: Given) -> Decision:
    """Design it: a score, smoothed, and events where it reaches 1."""
    block: Distance | Reconstruction
    if options.file is not None:
        block = distance(options.file, given)
    else:
        assert options.threshold is not None
        block = reconstruction(given, options.threshold, options.error == "mse")
    reads = READS[type(block)]
    chain = Chain(dict(zip(reads, block.inputs, strict=True)), (Step(block, reads, ("score",)),), "score")
    span = window("smoothing", options.smoothing, given)
    if span > 1:
        chain = chain.then(SmoothScore(span), "smooth_score")
    return Decision(chain.then(events(options, given, [SCORE_ONE], [False]), "verdict"), RESULTS)


RESULTS = (
    Result("score", "number", "in 1/65536 of the threshold, up to 64 times that", 1),
    Result("is_anomaly", "flag", "1 while the score is 1 or more, and votes are reached", 2),
    Result("is_new", "flag", "1 once for each anomaly", 3),
)
