"""Estimates of features and decisions agree with what emulated boards execute."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from scripts.costs.chains import chains, feature_chains
from scripts.costs.program import TARGETS, measure
from tests.support.machine import need_board
from tinypack.costs import COMMAND, FAMILIES, STATED_ERROR, chain_instructions

pytestmark = pytest.mark.tools

SMALL = 10_000  # instructions: what takes fewer may be further off, no board's load depends on it
SMALL_ERROR = 0.5
#: What costs were not fitted to.
OTHERS: dict[str, list[dict[str, Any]]] = {
    "mfcc": [{"preset": "edge-impulse", "fft_length": 1024, "frame_length": "40 ms", "filters": 24}],
    "mfe": [{"sample_rate": 8000, "frame_length": "32 ms", "filters": 20, "log": "log10", "pre_emphasis": 0.95}],
    "spectrogram": [{"sample_rate": 4000, "frame_length": 64, "hop": 64, "log": "none"}],
    "microfrontend": [{"frame_length": "25 ms", "filters": 32, "pcan": False}],
    "spectral": [
        {"sample_rate": 200, "channels": 3, "window": 300, "fft": 128, "filter": "low", "cutoff": 20, "order": 4}
    ],
    "statistics": [{"sample_rate": 50, "channels": 3, "window": 100}],
    "image": [
        {
            **{"width": 160, "height": 120, "pixels": "rgb565", "colours": "rgb"},
            **{"output_width": 64, "output_height": 64, "resize": "stretch"},
        },
    ],
}


@pytest.mark.parametrize("family", TARGETS)
def test_estimates_are_as_good_as_stated(family: str, tmp_path: Path) -> None:
    need_board(TARGETS[family].machine)
    core = next(core for core, of in FAMILIES.items() if of == family)
    pipelines = [*chains(tmp_path), *feature_chains(OTHERS)]
    calls = iter(measure(TARGETS[family], [], pipelines))
    wrong = []
    for chain in pipelines:
        counted = sum(call.instructions for call in islice(calls, len(chain.steps)))
        estimate = chain_instructions(chain, core)
        limit = SMALL_ERROR if counted < SMALL else STATED_ERROR
        if abs(estimate - counted) > limit * counted:
            steps = ", ".join(step.block.KERNEL for step in chain.steps)
            wrong.append(f"{estimate} instead of {counted:.0f}: {steps}")
    assert not wrong, f"after changes of kernels run `{COMMAND}`; " + "; ".join(wrong)
