from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from scipy import signal, stats

from tests.features.harness import Case, assert_same, block_case
from tests.features.imu_signals import interleaved, windows
from tinypack.features import spectral
from tinypack.features.butterworth import Filter, butterworth
from tinypack.features.moments import STATISTICS

UNIT = 0.000122
EDGE_IMPULSE = {"preset": "edge-impulse", "window": 125, "sample_rate": 62.5}
ROWS: dict[str, dict[str, Any]] = {
    "default": {"window": 200, "channels": 3},
    "everything": {"window": 300, "filter": "low", "cutoff": 20, "statistics": list(STATISTICS), "peaks": 5}
    | {"spectrum_shape": True, "channels": 2},
    "linear": {"window": 256, "scale": "linear", "fft": 128, "overlap": 0.3, "taper": "hamming", "norm": "spectrum"},
    "slow high-pass": {"window": 150, "filter": "high", "cutoff": 0.01, "order": 8, "statistics": ["rms", "mean"]},
    "Edge Impulse": EDGE_IMPULSE | {"filter": "low", "cutoff": 8, "channels": 3},
    "padded": {"window": 70, "fft": 256, "tail": "pad", "average": "max", "taper": "none", "lowest": 0, "peaks": 32},
    "highest cut-off": {"window": 120, "filter": "low", "cutoff": 45, "order": 8, "peak_threshold": 1, "peaks": 2},
    "bins alone": {"window": 64, "statistics": [], "lowest": 10, "highest": 30, "hop": 16, "norm": "length"},
}


def options(**keys: Any) -> spectral.Options:
    return spectral.Options.model_validate({"type": "spectral", "sample_rate": 100, "unit": UNIT, **keys})


def test_kernels(tmp_path: Path) -> None:
    made = {name: spectral.front_end(options(**keys)) for name, keys in ROWS.items()}
    cases = [Case(name, f.chain, {"samples": interleaved(f.frame, f.channels)}) for name, f in made.items()]
    assert_same(cases, tmp_path)


def computed(made: spectral.Options, x: np.ndarray) -> np.ndarray:
    """Compute real features of one axis. x: int16"""
    front = spectral.front_end(made)
    fixed = front.chain.apply({"samples": x[np.newaxis, np.newaxis]}, front.chain.start(1))
    return (fixed * np.array(front.unit))[0, 0]


@pytest.mark.parametrize("cutoff", [0.01, 0.3, 5, 25, 45])
@pytest.mark.parametrize("kind", ["low", "high"])
@pytest.mark.parametrize("order", [2, 4, 6, 8])
def test_filter_is_scipys(order: int, kind: str, cutoff: float) -> None:
    x = np.stack([windows(1000)[name] for name in ("noise", "sine", "impulse", "constant", "small", "halves")])
    block = Filter(1, 1000, butterworth(order, cutoff, 100), kind == "high")
    (got,) = block.apply((x[:, np.newaxis],), ())
    expected = signal.sosfilt(signal.butter(order, cutoff, kind, fs=100, output="sos"), x)
    error = np.abs(got[:, 0] * 2.0**-10 - expected).max(axis=1)
    assert (error <= 2.0**-7 + 2.0**-17 * np.abs(x.astype(float)).max(axis=1)).all(), error


@pytest.mark.parametrize(("kind", "cutoff"), [("high", 0.5), ("low", 45.0), ("high", 45.0)])
def test_filter_saturates_alike(kind: str, cutoff: float, tmp_path: Path) -> None:
    sos = signal.butter(8, cutoff, kind, fs=100, output="sos")
    answer = signal.sosfilt(sos, np.eye(1, 1200)[0])
    worst = np.where(answer[::-1] < 0, -32768, 32767)
    block = Filter(1, 1200, butterworth(8, cutoff, 100), kind == "high")
    (got,) = block.apply((worst[np.newaxis, np.newaxis],), ())
    largest = np.abs(answer).sum() * 32767
    assert got[0, 0, -1] * 2.0**-10 == pytest.approx(min(largest, 4 * 32768), rel=1e-4)
    assert_same([block_case("worst", block, np.stack((worst, -worst - 1, worst[::-1])))], tmp_path)


def welch(made: spectral.Options, x: np.ndarray) -> np.ndarray:
    """Compute linear powers by SciPy. x: real values"""
    taper = "boxcar" if made.taper == "none" else made.taper
    keys: dict[str, Any] = {"window": taper, "nperseg": made.fft, "noverlap": made.fft - made.step, "detrend": False}
    return signal.welch(x - x.mean(), made.sample_rate, scaling=made.norm, **keys)[1][list(made.bins)]


@pytest.mark.parametrize("taper", ["hann", "hamming", "none"])
@pytest.mark.parametrize("norm", ["density", "spectrum"])
@pytest.mark.parametrize("fft", [16, 64, 512])
def test_powers_are_scipys(fft: int, norm: str, taper: str) -> None:
    for name in ("noise", "sine", "quiet sine", "noise on a level", "alternating", "impulse"):
        made = options(window=1000, statistics=[], fft=fft, norm=norm, taper=taper, lowest=0)
        x = windows(1000)[name]
        expected = welch(made, x * UNIT)
        # Of amplitudes: rounding in the transform, and the mean's, which leaks into the bins near 0.
        error = 2.0**-26 * np.sqrt(expected.max()) + UNIT * 2.0**-11 * full_scale(made)
        allowed = 2.0**-15 * np.log(10) * expected + 2 * np.sqrt(expected) * error + error**2
        above = expected > made.floor * 1.001
        got = 10 ** computed(made, x)
        assert (np.abs(got - expected) <= allowed)[above].all(), name
        assert (got[~above] < made.floor * 1.01).all(), name


def full_scale(made: spectral.Options) -> float:
    """Give the root of the largest power that a constant of 1 can have in a bin."""
    taper = np.ones(made.fft) if made.taper == "none" else signal.get_window(made.taper, made.fft)
    norms = {"density": np.sum(taper * taper) * made.sample_rate, "spectrum": np.sum(taper) ** 2}
    return float(np.sum(taper) * np.sqrt(2 / norms[made.norm]))


def test_linear_powers_are_scipys_and_fit() -> None:
    t = np.arange(1024)
    x = np.rint(32767 * np.cos(2 * np.pi * t / 8)).astype(np.int16)
    for norm in ("density", "spectrum"):
        for taper in ("hann", "none"):
            made = options(window=1024, statistics=[], norm=norm, taper=taper, scale="linear")
            got, expected = computed(made, x), welch(made, x * UNIT)
            assert got.argmax() == 7
            np.testing.assert_allclose(got, expected, rtol=1e-6, atol=2.0**-29 * expected.max())


def edge_impulse(x: np.ndarray, made: spectral.Options) -> list[float]:
    """Restate Edge Impulse's spectral analysis (version 4, FFT) in float64. x: real values"""
    if made.cutoff:
        sos = signal.butter(made.order, made.cutoff, made.filter, fs=made.sample_rate, output="sos")
        x = signal.sosfilt(sos, x)
    x = x - x.mean()
    held = np.zeros(made.fft // 2 + 1)
    for start in range(0, len(x), made.fft // 2):
        bins = np.fft.rfft(x[start : start + made.fft], made.fft)
        held = np.maximum(held, np.abs(bins) ** 2 / made.fft)
    spacing = made.sample_rate / made.fft
    kept = {
        "none": lambda f: True,
        "low": lambda f: f - spacing / 2 <= (made.cutoff or 0),
        "high": lambda f: f + spacing / 2 >= (made.cutoff or 0),
    }[made.filter]
    powers = [max(held[k], 1e-10) for k in range(1, len(held)) if kept(k * spacing)]
    moments = [np.sqrt(np.mean(x * x)), stats.skew(x), stats.kurtosis(x), stats.skew(held), stats.kurtosis(held)]
    return [*moments, *np.log10(powers)]


@pytest.mark.parametrize("keys", [{}, {"filter": "low", "cutoff": 8}, {"filter": "high", "cutoff": 6.1, "order": 4}])
@pytest.mark.parametrize("name", ["noise", "sine", "noise on a level", "skewed", "clipped", "impulse"])
def test_edge_impulse(name: str, keys: dict[str, Any]) -> None:
    made = options(**EDGE_IMPULSE, **keys)
    x = windows(made.window_samples)[name]
    got, expected = computed(made, x), np.array(edge_impulse(x * UNIT, made))
    assert len(got) == len(expected) == len(spectral.feature_names(made))
    np.testing.assert_allclose(got[:5], expected[:5], rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(got[5:], expected[5:], rtol=0, atol=1e-5)


def test_peaks() -> None:
    t = np.arange(1000) / 100
    amplitudes = {12.5: 3000, 31.25: 9000, 40.625: 1000}
    x = np.rint(sum(a * np.sin(2 * np.pi * f * t) for f, a in amplitudes.items())).astype(np.int16)
    made = options(window=1000, statistics=[], peaks=4, peak_threshold=0.05, norm="spectrum", scale="linear")
    got = computed(made, x)[-8:].reshape(4, 2)
    np.testing.assert_allclose(got[:, 0], [31.25, 12.5, 0, 0])
    np.testing.assert_allclose(got[:, 1], [(9000 * UNIT) ** 2 / 2, (3000 * UNIT) ** 2 / 2, 0, 0], rtol=1e-3)
    assert spectral.feature_names(made)[-2:] == ["channel 0 peak 4 frequency", "channel 0 peak 4 power"]
    low = computed(options(window=1000, statistics=[], peaks=1, highest=20), x)
    assert low[-2] == 12.5


def test_windows_do_not_know_each_other() -> None:
    made = options(window=100, filter="low", cutoff=2, channels=1)
    front = spectral.front_end(made)
    x = np.stack((windows(100)["halves"], windows(100)["noise"]))
    both = front.chain.apply({"samples": x[np.newaxis]}, front.chain.start(1))[0, 1]
    alone = front.chain.apply({"samples": x[np.newaxis, 1:]}, front.chain.start(1))[0, 0]
    np.testing.assert_array_equal(both, alone)


def test_names() -> None:
    made = options(window=64, channels=3, fft=16, statistics=["rms"], highest=20)
    names = spectral.feature_names(made)
    assert names[:5] == ["ax rms", "ax 6.25 Hz", "ax 12.5 Hz", "ax 18.75 Hz", "ay rms"]
    assert spectral.front_end(made).shape == (len(names),)


@pytest.mark.parametrize(
    ("keys", "rule"),
    [
        ({"filter": "low"}, "`cutoff` goes with a filter"),
        ({"cutoff": 3}, "`cutoff` goes with a filter"),
        ({"filter": "low", "cutoff": 46}, "0.01 to 45 Hz"),
        ({"filter": "high", "cutoff": 0.001}, "0.01 to 45 Hz"),
        ({"order": 3, "filter": "low", "cutoff": 3}, "Input should be 2, 4, 6 or 8"),
        ({"fft": 128}, "here 100 of 128"),
        ({"fft": 48}, "Input should be 16"),
        ({"lowest": 30, "highest": 20}, "at least one bin"),
        ({"statistics": ["rms", "rms"]}, "each feature may be named once"),
        ({"preset": "scipy"}, "a preset is one of: edge-impulse"),
    ],
)
def test_rules(keys: dict[str, Any], rule: str) -> None:
    with pytest.raises(ValidationError, match=rule):
        options(**{"window": 100, **keys})
