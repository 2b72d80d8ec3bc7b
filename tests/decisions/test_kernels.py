"""Every decision in C and in NumPy: the same bits, extremes included."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.decisions.given import AUTOENCODER, WORDS, make
from tests.decisions.test_anomaly import usual
from tests.features.harness import Case, assert_same
from tinypack.decisions.fit import Clusters, Mixture, fit_gmm, fit_kmeans
from tinypack.decisions.protocol import Decision
from tinypack.features.protocol import Chain

RANDOM = np.random.default_rng(11)
STEPS = 400
#: Logits, whose scores may be negative, and probabilities of a step that is no power of two.
LOGITS = replace(WORDS, output_scale=0.183, output_zero_point=17)
ODD = replace(WORDS, output_scale=0.0038217, output_zero_point=-127)
EVERYTHING = {
    "smoothing": 5,
    "votes": 2,
    "vote_window": 4,
    "minimum_count": 3,
    "refractory": 7,
    "background": ["silence", "unknown"],
}
CLUSTERS = Clusters(
    centres=[[0.0] * 6, [3.0, -4, 5, 1, 0, 9], [-12.9, 12, 0, 1, 2, -3]],
    deviations=[1.0, 0.5, 2, 1e-4, 100, 0.7],
    radii=[0.5, 1e3, 4],
)
MIXTURE = Mixture(
    weights=[0.7, 0.2999, 0.0001],
    means=[[0.0] * 6, [3.0, -4, 5, 1, 0, 9], [-12.9, 12, 0, 1, 2, -3]],
    deviations=[[1.0, 0.5, 2, 1e-4, 100, 0.7], [3.0] * 6, [1e-3, 10, 1, 1, 1, 1]],
    threshold=30.0,
)
#: Features and files whose scores lie around the threshold.
USUAL = replace(WORDS, input_scale=0.04)
NEAR = np.round(usual(STEPS, 8) * RANDOM.uniform(0.8, 1.2, (STEPS, 6)) / 0.04 + 3).clip(-128, 127)
NEAR_THRESHOLD = ("usual clusters", "usual mixture", "labels and usual clusters")
FILES = {
    "clusters.json": CLUSTERS,
    "mixture.json": MIXTURE,
    "kmeans.json": fit_kmeans(usual(300), 3),
    "gmm.json": fit_gmm(usual(300), 3),
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    for name, fitted in FILES.items():
        fitted.save(folder / name)
    return folder


def stream(length: int) -> np.ndarray:
    """Extremes, events that last some steps, then noise."""
    slow = np.repeat(RANDOM.integers(-128, 128, (STEPS // 8, length)), 8, axis=0)
    edges = np.repeat(np.array([[-128], [127], [0], [-128]]), length, axis=1)
    return np.concatenate((edges, slow, RANDOM.integers(-128, 128, (STEPS, length)))).astype(np.int8)


def decisions(root: Path) -> dict[str, Decision]:
    novel = {"anomaly": {"file": "clusters.json"}}
    return {
        "argmax": make("classify"),
        "one label": make("classify", replace(WORDS, outputs=1, labels=("yes",)), smoothing=3),
        "all options": make("classify", **EVERYTHING, threshold={"yes": 0.6, "no": 0.55}),
        "repeat, per label": make("classify", **EVERYTHING, threshold=0.4, repeat=True, refractory_scope="label"),
        "logits": make("classify", LOGITS, **EVERYTHING, threshold=-3.5),
        "odd scale": make("classify", ODD, smoothing=3, threshold=0.9),
        "longest window": make("classify", smoothing=1000, vote_window=1000, votes=3),
        "with clusters": make("classify", root=root, **EVERYTHING, **novel, threshold=0.3),
        "with clusters alone": make("classify", LOGITS, root=root, **novel, threshold=-100),
        "clusters": make("anomaly", root=root, file="clusters.json"),
        "clusters smoothed": make("anomaly", root=root, file="clusters.json", smoothing=1000, votes=3, refractory=9),
        "mixture": make("anomaly", root=root, file="mixture.json", repeat=True, refractory=3),
        "mixture of a coarse input": make("anomaly", replace(WORDS, input_scale=40.0), root, file="mixture.json"),
        "usual clusters": make("anomaly", USUAL, root, file="kmeans.json", smoothing=2, votes=2),
        "labels and usual clusters": make(
            "classify",
            USUAL,
            root,
            votes=2,
            vote_window=3,
            refractory=3,
            threshold=0.4,
            anomaly={"file": "kmeans.json"},
        ),
        "usual mixture": make("anomaly", USUAL, root, file="gmm.json", refractory=4),
        "mse": make("anomaly", AUTOENCODER, threshold=60.0, smoothing=4),
        "mae": make("anomaly", AUTOENCODER, threshold=30.0, error="mae"),
        "tiny threshold": make("anomaly", AUTOENCODER, threshold=1e-30),
        "huge threshold": make("anomaly", AUTOENCODER, threshold=1e30),
        "regress": make("regress", LOGITS),
    }


def case(name: str, chain: Chain) -> Case:
    """Make a case; the harness has an `output` of its own."""
    inputs = {f"model_{key}": array for key, array in chain.inputs.items()}
    steps = tuple(
        replace(step, reads=tuple(f"model_{key}" if key in chain.inputs else key for key in step.reads))
        for step in chain.steps
    )
    frames = {key: stream(array.length) for key, array in inputs.items()}
    if name in NEAR_THRESHOLD:
        frames = {key: NEAR if key == "model_input" else rows[-STEPS:] for key, rows in frames.items()}
    return Case(name, Chain(inputs, steps, chain.output), frames)


def test_kernels(root: Path, tmp_path: Path) -> None:
    assert_same([case(name, decision.chain) for name, decision in decisions(root).items()], tmp_path)


def test_largest_sums(tmp_path: Path) -> None:
    """The longest inputs, as far from what they are compared with as can be: sanitizers would see an overflow."""
    longest = replace(AUTOENCODER, inputs=65536, outputs=65536, output_scale=0.1, output_zero_point=-128)
    far = Clusters(centres=[[-12.5] * 65536], deviations=[1.0] * 65536, radii=[1e4])
    far.save(tmp_path / "far.json")
    edges = np.repeat(np.array([[-128], [127]], np.int8), 65536, axis=1)
    blocks = {
        "mse": make("anomaly", replace(longest, input_zero_point=127), threshold=1e4),
        "distance": make("anomaly", replace(longest, outputs=1), tmp_path, file="far.json"),
    }
    cases = [replace(case(name, made.chain), frames={}) for name, made in blocks.items()]
    opposite = {"model_input": edges, "model_output": edges[::-1]}
    frames = [{name: opposite[name] for name in made.chain.inputs} for made in cases]
    assert_same([replace(made, frames=given) for made, given in zip(cases, frames, strict=True)], tmp_path)
