"""Models that decisions are made for in tests, and options made as tinypack.toml makes them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from tinypack.decisions import make_decision
from tinypack.decisions.protocol import Decision, Given

#: A softmax over four labels, a result every 100 ms.
WORDS = Given(
    outputs=4,
    output_scale=1 / 256,
    output_zero_point=-128,
    inputs=6,
    input_scale=0.1,
    input_zero_point=3,
    labels=("silence", "unknown", "yes", "no"),
    period=0.1,
)
#: An autoencoder whose output is quantised in another way.
AUTOENCODER = replace(WORDS, outputs=40, inputs=40, output_scale=0.37, output_zero_point=90, labels=())


def make(kind: str, given: Given = WORDS, root: Path | None = None, **options: Any) -> Decision:
    """Make a decision as a build does."""
    return make_decision({"type": kind, **options}, replace(given, root=root) if root else given)
