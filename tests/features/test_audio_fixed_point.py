"""The audio extractors against the same computation in float64, and their C against their NumPy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.features.agreement import PRESETS, Key, agreement, fixed_point, front_end, quantised, reference
from tests.features.audio_signals import SIGNALS, signal
from tests.features.float_reference import frames_of
from tests.features.harness import Case, assert_same


@pytest.mark.parametrize("key", PRESETS, ids="-".join)
def test_agrees_with_float64(key: Key) -> None:
    found = {name: agreement(fixed_point(key, name), quantised(key, reference(key, name))) for name in SIGNALS}
    table = "\n".join(f"{name:18} {result}" for name, result in found.items())
    print(table)
    assert all(result.good for result in found.values()), table


def test_features_tell_signals_apart() -> None:
    """What is compared above must be more than saturated values."""
    for key in PRESETS:
        spread = [len(np.unique(quantised(key, reference(key, name)))) for name in ("yes_1000ms", "chirp")]
        assert min(spread) > 40, (key, spread)


def test_c_on_a_recording(tmp_path: Path) -> None:
    cases = []
    for key in PRESETS:
        made = front_end(key)
        frames = frames_of(signal("yes_1000ms"), made.frame, made.hop)
        cases.append(Case("-".join(key), made.chain, {"samples": frames}))
    assert_same(cases, tmp_path)
