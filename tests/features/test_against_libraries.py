"""The audio extractors against the libraries that their presets are named after.

Issue's measure: 99 % of int8 features equal, none off by more than 2. `edge-impulse` has no library that installs: its
float64 restatement, tests/features/float_reference.py, is what test_audio_fixed_point.py measures by.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.features.agreement import Key, agreement, fixed_point, options_of, quantised, reference
from tests.features.audio_signals import SIGNALS, signal
from tests.features.float_reference import compute
from tests.features.libraries import DOUBLE, LIBRARIES, LONG_FRAMES, Library
from tinypack.features.audio_design import design

#: tf.signal's float32 transform errs by more than the far side lobes of a loud chirp, where features are logarithms of
#: what is 10^-7 of the peak. tf.signal in float64 is compared, too, and agrees with the fixed point.
FLOAT32_ERRS = {(("spectrogram", "tf-signal"), "chirp"), (("mfe", "tf-signal"), "chirp")}
MEAN_OFF = 0.01  # that the fixed point may add
ROWS = [
    *((key, name, library, "") for key, library in LIBRARIES.items() for name in SIGNALS),
    *((key, name, library, "float64") for key, library in DOUBLE.items() for name in SIGNALS),
]
IDS = ["-".join((*key, name.replace(" ", "-"), *([kind] if kind else []))) for key, name, _, kind in ROWS]


@pytest.mark.parametrize(("key", "name", "library", "kind"), ROWS, ids=IDS)
def test_agrees_with_library(key: Key, name: str, library: Library, kind: str) -> None:
    expected = quantised(key, library(signal(name)))
    exact = agreement(quantised(key, reference(key, name)), expected)
    found = agreement(fixed_point(key, name), expected)
    print(f"{'-'.join(key):34} {name:18} {kind:8} fixed point: {found}; float64: {exact}")
    if not kind and (key, name) in FLOAT32_ERRS:
        assert found.mean_off <= exact.mean_off + MEAN_OFF, f"fixed point: {found}; float64: {exact}"
    else:
        assert exact.good, f"float64 restatement: {exact}"
        assert found.good, f"fixed point: {found}"


@pytest.mark.parametrize("key", LONG_FRAMES, ids="-".join)
def test_frames_longer_than_the_transform(key: Key) -> None:
    """The libraries that take such a frame take its first samples, weighted as the whole frame is."""
    ours = compute(design(options_of(key, fft_length=256)), signal("yes_1000ms"))
    theirs = LONG_FRAMES[key](signal("yes_1000ms"))
    count = min(len(ours), len(theirs))
    np.testing.assert_allclose(ours[:count], theirs[:count], rtol=1e-3, atol=1e-3)
