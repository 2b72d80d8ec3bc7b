"""The sample projects' synthetic signals have the signatures that they are said to have."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import signal, stats

PROJECTS = Path(__file__).parents[2] / "sample_projects"


def loaded(project: str) -> Any:
    spec = importlib.util.spec_from_file_location(f"{project}_signals", PROJECTS / project / "signals.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


vibration, gesture = loaded("vibration_anomaly"), loaded("gesture")
AXES = {vibration: 1, gesture: 3}


@pytest.mark.parametrize("module", AXES, ids=lambda module: module.__name__)
def test_signals_are_the_same_for_a_seed(module: Any) -> None:
    for kind in module.KINDS:
        first, again, other = (module.make(np.random.default_rng(seed), kind, 2) for seed in (1, 1, 2))
        assert first.dtype == np.int16
        assert first.shape == (2 * module.RATE, AXES[module])
        np.testing.assert_array_equal(first, again)
        assert (first != other).any()
    with pytest.raises(KeyError):
        module.make(np.random.default_rng(1), "unknown", 2)


def spectrum(x: np.ndarray, frequencies: np.ndarray) -> np.ndarray:
    """Give powers of real values at frequencies, in units of their median over all."""
    f, powers = signal.periodogram(x - x.mean(), vibration.RATE, "hann")
    return np.array([powers[abs(f - at) < 1.5 + 0.05 * at].max() for at in frequencies]) / np.median(powers)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("kind", "rate"), [("outer-race", "outer_race"), ("inner-race", "inner_race")])
def test_strikes_show_in_the_envelope(kind: str, rate: str, seed: int) -> None:
    expected = np.array([getattr(vibration, rate)(vibration.SPEED)])
    sos = signal.butter(4, (450, 700), "bandpass", fs=vibration.RATE, output="sos")
    shown = {}
    for made in (kind, vibration.NORMAL):
        x = vibration.make(np.random.default_rng(seed), made, 4, speed=vibration.SPEED)[:, 0] * vibration.UNIT
        shown[made] = spectrum(np.abs(signal.hilbert(signal.sosfilt(sos, x))), expected)[0]
    assert shown[kind] > 3 * shown[vibration.NORMAL]


def test_faults_of_the_shaft() -> None:
    speed = vibration.SPEED
    orders = np.array([0.5, 1.0, 1.5, 2.5]) * speed
    found = {
        kind: spectrum(vibration.make(np.random.default_rng(3), kind, 4, speed=speed)[:, 0] * vibration.UNIT, orders)
        for kind in (vibration.NORMAL, "imbalance", "looseness")
    }
    assert found["imbalance"][1] > 10 * found[vibration.NORMAL][1]
    assert (found["looseness"][[0, 2, 3]] > 10 * found[vibration.NORMAL][[0, 2, 3]]).all()


def test_gestures_differ_and_none_is_calm() -> None:
    energy = {}
    for kind in gesture.KINDS:
        rng = np.random.default_rng(4)
        g = np.stack([gesture.make(rng, kind, 2) for _ in range(60)]) * gesture.UNIT
        energy[kind] = np.median((g - g.mean(axis=1, keepdims=True)).std(axis=1), axis=0)
        assert 0.7 < np.median(np.linalg.norm(g.mean(axis=1), axis=1)) < 1.3
    assert energy["wave"].argmax() == 0
    assert energy["punch"].argmax() == 1
    assert energy["circle"][[0, 2]].min() > 2 * energy["circle"][1]
    assert max(energy["none"]) < 0.5 * min(max(energy[kind]) for kind in gesture.GESTURES)


def test_a_struck_bearing_has_heavy_tails() -> None:
    kurtosis = {
        kind: np.mean([stats.kurtosis(vibration.make(np.random.default_rng(s), kind, 2)[:, 0]) for s in range(8)])
        for kind in vibration.KINDS
    }
    assert min(kurtosis["outer-race"], kurtosis["inner-race"]) > kurtosis[vibration.NORMAL] + 0.5
