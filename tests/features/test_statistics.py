from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from scipy import stats

from tests.features.harness import Case, assert_same
from tests.features.imu_signals import interleaved, windows
from tinypack.features import statistics
from tinypack.features.moments import STATISTICS

ALL = list(STATISTICS)
UNIT = 0.000122
ROWS: dict[str, dict[str, Any]] = {
    "all, one axis": {"window": 200, "features": ALL},
    "all, three axes": {"window": "0.5 s", "channels": 3, "features": ALL},
    "shortest": {"window": 2, "channels": 2, "features": ALL[::-1]},
    "long": {"window": 8192, "features": ALL},
    "Edge Impulse": {"window": 63, "hop": 21, "channels": 6, "preset": "edge-impulse"},
    "default": {"window": 10},
}


def options(**keys: Any) -> statistics.Options:
    return statistics.Options.model_validate({"type": "statistics", "sample_rate": 100, "unit": UNIT, **keys})


def test_kernel(tmp_path: Path) -> None:
    made = {name: statistics.front_end(options(**keys)) for name, keys in ROWS.items()}
    cases = [Case(name, f.chain, {"samples": interleaved(f.frame, f.channels)}) for name, f in made.items()]
    assert_same(cases, tmp_path)


def reference(x: np.ndarray) -> dict[str, float]:
    """Compute a window's statistics in float64. x: real values"""
    constant = bool(x.min() == x.max())
    deviations = x - x.mean()
    return {
        "mean": x.mean(),
        "std": x.std(),
        "rms": np.sqrt(np.mean(np.square(x))),
        "skewness": 0.0 if constant else stats.skew(x),
        "kurtosis": 0.0 if constant else stats.kurtosis(x),
        "minimum": x.min(),
        "maximum": x.max(),
        "peak-to-peak": np.ptp(x),
        "zero-crossings": np.count_nonzero(np.diff(x < 0)),
        "mean-crossings": np.count_nonzero(np.diff(deviations < 0)),
    }


def bounds(x: np.ndarray, expected: dict[str, float]) -> dict[str, float]:
    """Give the documented bounds of the error. x: real values"""
    largest = np.abs(x - x.mean()).max()
    crest = largest / expected["std"] if expected["std"] else 0.0
    step = UNIT * 2.0**-10
    shape = {
        "std": step + largest * 2.0**-15,
        "rms": step + largest * 2.0**-15,
        "skewness": 2.0**-16 + 1.5 * (1 + abs(expected["skewness"])) * crest * 2.0**-14,
        "kurtosis": 2.0**-16 + 4.1 * (expected["kurtosis"] + 3) * crest * 2.0**-14,
        "zero-crossings": 0.0,
        "mean-crossings": 0.0,
    }
    return dict.fromkeys(STATISTICS, 0.51 * step) | shape


def computed(x: np.ndarray) -> dict[str, float]:
    """Give real features of one axis. x: int16"""
    front = statistics.front_end(options(window=len(x), features=ALL))
    fixed = front.chain.apply({"samples": x[np.newaxis, np.newaxis]}, front.chain.start(1))
    return dict(zip(STATISTICS, (fixed * np.array(front.unit))[0, 0], strict=True))


@pytest.mark.parametrize("length", [2, 100, 8192])
@pytest.mark.parametrize("name", windows(2))
def test_is_within_its_bounds_of_float64(name: str, length: int) -> None:
    x = windows(length)[name]
    real = x * UNIT
    # Exact in float64 but for the unit, so that a mean of exactly 0 has its sign.
    expected = reference(real) | {"mean-crossings": reference(x.astype(np.float64))["mean-crossings"]}
    got, allowed = computed(x), bounds(real, expected)
    wrong = {key: (got[key], expected[key]) for key in got if not abs(got[key] - expected[key]) <= allowed[key]}
    assert not wrong


def test_a_usual_signal_in_figures() -> None:
    x = windows(1000)["noise on a level"]
    expected, got = reference(x * UNIT), computed(x)
    assert abs(got["skewness"] - expected["skewness"]) < 3e-5
    assert abs(got["kurtosis"] - expected["kurtosis"]) < 3e-5
    assert abs(got["std"] / expected["std"] - 1) < 1e-5


def test_axes_and_order() -> None:
    made = options(window=100, channels=3, features=["rms", "mean"])
    front = statistics.front_end(made)
    x = np.stack([windows(100)[name] for name in ("noise", "skewed", "constant")], axis=-1)
    fixed = front.chain.apply({"samples": x.reshape(1, 1, -1)}, front.chain.start(1))[0, 0]
    expected = [value for axis in x.T for value in (computed(axis)["rms"], computed(axis)["mean"])]
    assert (fixed * np.array(front.unit)).tolist() == expected
    assert statistics.feature_names(made) == ["ax rms", "ax mean", "ay rms", "ay mean", "az rms", "az mean"]
    assert (front.frame, front.hop, front.shape) == (100, 100, (6,))


@pytest.mark.parametrize(
    ("keys", "rule"),
    [
        ({"features": ["rms", "rms"]}, "each feature may be named once"),
        ({"features": []}, "at least 1"),
        ({"features": ["median"]}, "Input should be"),
        ({"window": 1}, "a window has 2 to 8192 samples; this one has 1"),
        ({"window": "100 s"}, "this one has 10000"),
        ({"hop": 0}, "hop is at least a sample"),
        ({"hop": 101}, "here 101 of 100"),
        ({"preset": "tsfresh"}, "a preset is one of: edge-impulse"),
    ],
)
def test_rules(keys: dict[str, Any], rule: str) -> None:
    with pytest.raises(ValidationError, match=rule):
        options(**{"window": 100, **keys})
