"""The audio extractors against the same computation in float64, and their C against their NumPy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.features.agreement import (
    EXTRACTORS,
    PRESETS,
    Key,
    agreement,
    fixed_point,
    front_end,
    quantised,
    reference,
)
from tests.features.audio_signals import RECORDINGS, SIGNALS, signal
from tests.features.float_reference import compute, frames_of
from tests.features.harness import Case, assert_same
from tinypack.features.audio_design import design

#: What no preset has, or not together. Samples are taken as if their rate were the one given.
OTHERS: dict[str, tuple[str, dict[str, Any]]] = {
    "magnitudes": ("spectrogram", {"log": "none", "spectrum": "magnitude"}),
    "powers": ("spectrogram", {"log": "none"}),
    "energies": ("mfe", {"log": "none", "filter_norm": "slaney"}),
    "smallest": ("mfe", {"frame_length": 20, "hop": 7, "fft_length": 32, "filters": 6, "low_edge": 100}),
    "largest": (
        "mfcc",
        {"frame_length": 4000, "hop": 900, "window": "hamming", "log": "log10", "filters": 80, "coefficients": 80},
    ),
    "gaps between frames": ("mfcc", {"frame_length": 200, "hop": 900, "pre_emphasis": 0.9, "energy": True}),
    "mean of frames": ("mfcc", {"cmvn": 20, "log": "db", "reference": 1e-3, "lifter": 22}),
    "mean and deviation": ("mfe", {"cmvn": 5, "cmvn_variance": True, "pre_emphasis": 0.95}),
    "levels": ("mfe", {"log": "db", "noise_floor": -80, "levels": 1024}),
    "offset": ("mfcc", {"sample_values": "integer", "spectrum_per_point": True, "log_floor": 0, "log_offset": 1}),
    "slow": ("mfe", {"sample_rate": 8000, "filters": 20, "triangles": "bins"}),
    "fast": ("mfe", {"sample_rate": 44100, "filters": 40, "mel": "slaney"}),
}


@pytest.mark.parametrize("key", PRESETS, ids="-".join)
def test_agrees_with_float64(key: Key) -> None:
    found = {name: agreement(fixed_point(key, name), quantised(key, reference(key, name))) for name in SIGNALS}
    table = "\n".join(f"{name:18} {result}" for name, result in found.items())
    print(table)
    assert all(result.good for result in found.values()), table


@pytest.mark.parametrize(("extractor", "keys"), OTHERS.values(), ids=OTHERS)
def test_other_options_agree_with_float64(extractor: str, keys: dict[str, Any]) -> None:
    module = EXTRACTORS[extractor]
    options = module.Options.model_validate({"type": extractor, "sample_rate": 16000, **keys})
    made = module.front_end(options)
    steps = None
    for name in (*RECORDINGS, "noise", "burst", "silence", "clipped noise"):
        frames = frames_of(signal(name), made.frame, made.hop)[np.newaxis]
        features = made.chain.apply({"samples": frames}, made.chain.start(1))[0] * made.unit
        expected = compute(design(options), signal(name))  # type: ignore[arg-type]
        if steps is None:  # the first recording's range, in 255
            steps = np.linspace(*np.percentile(expected, (0.1, 99.9)), 256)[1:]
        found = agreement(np.digitize(features, steps), np.digitize(expected, steps))
        assert found.good, f"{name}: {found}"


def test_what_is_compared_is_more_than_saturated_values() -> None:
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
