"""From a model's output to a decision: one module each, listed here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tinypack.decisions import anomaly, classify, regress
from tinypack.decisions.protocol import Decider, Decision, Given
from tinypack.decisions.replay import Replay, decide

__all__ = ["DECISIONS", "MODULES", "Given", "Replay", "decide", "make_decision"]

MODULES: tuple[Decider, ...] = (anomaly, classify, regress)
DECISIONS: dict[str, Decider] = {module.NAME: module for module in MODULES}


def make_decision(keys: Mapping[str, Any], given: Given) -> Decision:
    """Design a decision from the keys of [decision].

    Raises: KeyError if `type` is none of DECISIONS; ValueError if keys break a rule or don't go with the model;
    TinypackError if a file that they name can't be used
    """
    decider = DECISIONS[keys["type"]]
    return decider.decision(decider.Options.model_validate(dict(keys)), given)
