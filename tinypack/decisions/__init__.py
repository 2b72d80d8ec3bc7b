"""From a model's output to a decision: one module each, listed here and nowhere else."""

from __future__ import annotations

from tinypack.decisions.protocol import Decider

MODULES: tuple[Decider, ...] = ()
DECISIONS: dict[str, Decider] = {module.NAME: module for module in MODULES}
