"""From a model's output to a decision: one module each, listed here and nowhere else."""

from __future__ import annotations

from tinypack.decisions import anomaly, classify, regress
from tinypack.decisions.protocol import Decider
from tinypack.decisions.replay import Replay, decide

__all__ = ["DECISIONS", "MODULES", "Replay", "decide"]

MODULES: tuple[Decider, ...] = (anomaly, classify, regress)
DECISIONS: dict[str, Decider] = {module.NAME: module for module in MODULES}
