from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from tests.features.harness import Case, assert_same
from tinypack.features import raw
from tinypack.features.quantise import quantise

RNG = np.random.default_rng(11)
ROWS: dict[str, dict[str, Any]] = {
    "one axis": {"sample_rate": 100},
    "three axes": {"sample_rate": 100, "channels": 3},
    "hop of 4": {"sample_rate": 200.0, "channels": 2, "hop": "20 ms"},
}


def front(**keys: Any) -> raw.FrontEnd:
    return raw.front_end(raw.Options.model_validate({"type": "raw", **keys}))


def frames(length: int) -> np.ndarray:
    extremes = np.array([[-32768], [32767], [0], [-1]]).repeat(length, 1)
    return np.concatenate((extremes, RNG.integers(-32768, 32768, (6, length)))).astype(np.int16)


def test_kernel(tmp_path: Path) -> None:
    made = {name: front(**keys) for name, keys in ROWS.items()}
    assert_same([Case(name, f.chain, {"samples": frames(f.samples.length)}) for name, f in made.items()], tmp_path)


@pytest.mark.parametrize("keys", ROWS.values(), ids=ROWS)
def test_features_are_the_samples(keys: dict[str, Any]) -> None:
    made = front(**keys, unit=0.000122)
    given = frames(made.samples.length)[np.newaxis]
    assert made.frame == made.hop
    assert made.unit == 0.000122
    np.testing.assert_array_equal(made.chain.apply({"samples": given}, made.chain.start(1)), given)


def test_normalised_input_of_a_model() -> None:
    made = front(sample_rate=100, unit=0.001)
    chain = made.chain.then(quantise(1, float(made.unit), 1 / 64, 3, mean=(0.5,), std=(2.0,)), "input")
    given = np.array([[[1500], [-1500], [0], [32767]]], np.int16)
    expected = np.floor((given * 0.001 - 0.5) / 2 * 64 + 3 + 0.5).clip(-128, 127)
    np.testing.assert_array_equal(chain.apply({"samples": given}, chain.start(1)), expected)


def test_names_and_sensor() -> None:
    options = raw.Options.model_validate({"type": "raw", "sample_rate": 100, "channels": 3})
    assert raw.feature_names(options) == ["ax", "ay", "az"]
    hop = raw.Options.model_validate({"type": "raw", "sample_rate": 100, "channels": 2, "hop": 2})
    assert raw.feature_names(hop) == ["channel 0 0", "channel 1 0", "channel 0 1", "channel 1 1"]
    assert raw.Options.SENSOR == "imu"


@pytest.mark.parametrize(
    ("keys", "rule"),
    [
        ({"hop": 0}, "hop is 1 to"),
        ({"hop": "1 ms"}, "hop is 1 to"),
        ({"hop": 9000}, "hop is 1 to"),
        ({"unit": 0}, "greater than 0"),
    ],
)
def test_rules(keys: dict[str, Any], rule: str) -> None:
    with pytest.raises(ValidationError, match=rule):
        raw.Options.model_validate({"type": "raw", "sample_rate": 100, **keys})
