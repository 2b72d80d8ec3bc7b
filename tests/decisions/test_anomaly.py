from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from tests.decisions.given import AUTOENCODER, WORDS, make
from tinypack.decisions import decide
from tinypack.decisions.fit import fit_gmm, fit_kmeans, reconstruction_errors
from tinypack.decisions.fitted import Fitted
from tinypack.decisions.protocol import Given
from tinypack.errors import TinypackError

#: Scales that are alike, far apart, and of magnitudes from microvolts to counts.
QUANTISATIONS = {
    "alike": (0.1, 0, 0.1, 0),
    "unlike": (0.02, -128, 0.37, 90),
    "small numbers": (3e-7, 5, 4e-7, -7),
    "large numbers": (1e5, 127, 3e4, -128),
}


def real(q: np.ndarray, scale: float, zero_point: int) -> np.ndarray:
    return (q.astype(np.float64) - zero_point) * scale


@pytest.mark.parametrize("error", ["mse", "mae"])
@pytest.mark.parametrize("row", QUANTISATIONS.values(), ids=QUANTISATIONS)
def test_reconstruction_error(row: tuple[float, int, float, int], error: str) -> None:
    in_scale, in_zero, out_scale, out_zero = row
    given = replace(
        AUTOENCODER,
        input_scale=in_scale,
        input_zero_point=in_zero,
        output_scale=out_scale,
        output_zero_point=out_zero,
    )
    generator = np.random.default_rng(6)
    inputs, outputs = generator.integers(-128, 128, (2, 200, 40)).astype(np.int8)
    # From a good reconstruction to none.
    perfect = np.round(real(inputs, in_scale, in_zero) / out_scale + out_zero).clip(-128, 127)
    mixed = perfect + (outputs - perfect) * np.linspace(0, 1, 200)[:, None]
    outputs = np.round(mixed).astype(np.int8)
    errors = reconstruction_errors(real(inputs, in_scale, in_zero), real(outputs, out_scale, out_zero), error)
    threshold = float(np.quantile(errors, 0.7))
    got = decide(make("anomaly", given, threshold=threshold, error=error), outputs, inputs)
    exact = np.minimum(errors / threshold, 64)
    assert np.abs(got["score"] / 65536 - exact).max() < 2e-3
    clear = np.abs(exact - 1) > 2e-3
    assert (got["is_anomaly"] == (exact >= 1))[clear].all() and clear.mean() > 0.9


def test_perfect_reconstruction_is_zero() -> None:
    given = replace(AUTOENCODER, output_scale=AUTOENCODER.input_scale, output_zero_point=AUTOENCODER.input_zero_point)
    inputs = np.random.default_rng(7).integers(-128, 128, (5, 40)).astype(np.int8)
    assert decide(make("anomaly", given, threshold=1e-9), inputs, inputs)["score"].tolist() == [0] * 5


def usual(count: int, seed: int = 1) -> np.ndarray:
    """Features of three working points, of very different spreads, one of them constant.

    Shapes: -> [count, 6]
    """
    generator = np.random.default_rng(seed)
    centres = np.array([[0, 0, 1, 5, -3, 2], [4, -2, 1, 5, 6, 2], [-5, 6, 1, -8, 0, 2]], float)
    spread = np.array([1, 0.3, 0.05, 2, 1, 0])
    owner = generator.integers(0, 3, count)
    return centres[owner] + generator.normal(size=(count, 6)) * spread * (1 + owner[:, None])


#: How much a score changes if centres move by so much in each feature.
CENTRE_ERRORS: dict[Any, Any] = {
    fit_kmeans: lambda fitted, d: np.linalg.norm(d / np.array(fitted.deviations)) / min(fitted.radii),
    fit_gmm: lambda fitted, d: np.linalg.norm(d / np.array(fitted.deviations), axis=1).max() / fitted.threshold,
}


@pytest.mark.parametrize("fit", CENTRE_ERRORS)
@pytest.mark.parametrize("scale", [0.1, 0.4])
def test_distances(fit: Any, scale: float, tmp_path: Path) -> None:
    given = replace(WORDS, input_scale=scale)
    fitted: Fitted = fit(usual(2000), 3, seed=2)
    fitted.save(tmp_path / "usual.json")
    steps = np.concatenate((usual(500, 3), usual(500, 4) * 1.5, np.random.default_rng(5).uniform(-12, 12, (500, 6))))
    inputs = np.round(steps / scale + 3).clip(-128, 127).astype(np.int8)
    got = decide(make("anomaly", given, tmp_path, file="usual.json"), np.zeros((1500, 4), np.int8), inputs)
    exact = np.minimum(fitted.scores(real(inputs, scale, 3)), 64)
    # Centres are rounded to 1/128 of an input step, weights to 15 bits.
    off = got["score"] / 65536 - exact
    limit = CENTRE_ERRORS[fit](fitted, scale / 256) + 2.0**-14 * exact + 2.0**-16
    assert (np.abs(off) <= limit).all() and np.abs(off).mean() < 2e-3
    assert (got["is_anomaly"] == (exact >= 1))[np.abs(exact - 1) > limit].all()
    assert 0.2 < got["is_anomaly"].mean() < 0.8


def test_files_of_other_models_are_refused(tmp_path: Path) -> None:
    fit_kmeans(usual(50), 2).save(tmp_path / "usual.json")
    with pytest.raises(ValueError, match="fitted to 6 features; the model's input has 7"):
        make("anomaly", replace(WORDS, inputs=7), tmp_path, file="usual.json")
    with pytest.raises(ValueError, match="outside of what the model's input holds"):
        make("anomaly", replace(WORDS, input_scale=1e-3), tmp_path, file="usual.json")
    with pytest.raises(TinypackError, match=r"none\.json"):
        make("anomaly", WORDS, tmp_path, file="none.json")


MODELS: dict[str, tuple[Given, str]] = {
    "no autoencoder": (WORDS, "takes 6 elements and gives 4"),
    "too large": (replace(WORDS, inputs=2**17, outputs=2**17), "summed over 65536"),
}


@pytest.mark.parametrize(("given", "reason"), MODELS.values(), ids=MODELS)
def test_models_that_reconstruct_nothing(given: Given, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        make("anomaly", given, threshold=1.0)


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "neither": ({}, "needs a threshold"),
    "both": ({"threshold": 1.0, "file": "a.json"}, "not both"),
    "error of a file": ({"file": "a.json", "error": "mae"}, "for autoencoders"),
    "no threshold": ({"threshold": 0.0}, "threshold"),
    "file elsewhere": ({"file": "../a.json"}, "project's folder"),
    "file from the root": ({"file": "/a.json"}, "project's folder"),
    "another error": ({"threshold": 1.0, "error": "rms"}, "'mse' or 'mae'"),
}


@pytest.mark.parametrize(("options", "reason"), BAD.values(), ids=BAD)
def test_bad_options(options: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        make("anomaly", AUTOENCODER, **options)


#: Scores in multiples of the threshold, and where the anomaly is new.
EVENTS: dict[str, tuple[list[float], str, dict[str, Any]]] = {
    "once": ([0, 2, 2, 0, 2], " !  !", {}),
    "two in a row": ([0, 2, 0, 2, 2, 2], "    ! ", {"votes": 2}),
    "not for a while": ([2, 0, 2, 0, 2], "!   !", {"refractory": "400 ms"}),
    "mean of three": ([0, 0, 2, 2, 0, 0], "   !  ", {"smoothing": "300 ms"}),
    "start is quiet": ([2, 2, 2], " ! ", {"minimum_count": 2}),
}


@pytest.mark.parametrize(("scores", "expected", "options"), EVENTS.values(), ids=EVENTS)
def test_events(scores: list[float], expected: str, options: dict[str, Any]) -> None:
    given = replace(WORDS, inputs=1, outputs=1, output_scale=0.1, output_zero_point=3)
    outputs = np.array([[3 + 10 * score] for score in scores], np.int8)
    inputs = np.full((len(scores), 1), 3, np.int8)
    got = decide(make("anomaly", given, threshold=1.0, error="mae", **options), outputs, inputs)
    assert "".join("!" if new else " " for new in got["is_new"]) == expected
