"""Fits what `anomaly` compares features with to training data. NumPy only; the same data and seed give the same file.

Features are those that the model takes, as real numbers: a row for each example, in the order of the model's input.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tinypack.decisions.fitted import Clusters, Mixture, squared_distances

__all__ = ["Clusters", "Mixture", "fit_gmm", "fit_kmeans", "fit_threshold", "reconstruction_errors"]

ATTEMPTS = 10
ROUNDS = 300
#: Rounds end when the mean log-likelihood gains less.
LEAST_GAIN = 1e-6
#: Deviations are at least this part of what features have on average: one that never varies would outweigh all others.
LEAST_DEVIATION = 0.01
#: Deviations of a component are at least this part of what all examples have: one example alone has none.
LEAST_SPREAD = 0.05
#: Radii are at least this part of the one that all points would give: a cluster of one point has none of its own.
LEAST_RADIUS = 0.2
DIGITS = 7

ERRORS: dict[str, Callable[[np.ndarray], np.ndarray]] = {"mse": np.square, "mae": np.abs}


def fit_kmeans(features: np.ndarray, clusters: int, seed: int = 0, quantile: float = 0.995) -> Clusters:
    """Fit clusters to usual features; about 1 - quantile of them score above 1.

    Shapes: features [examples, features]
    Raises: ValueError if there are fewer examples than clusters, or they are no finite numbers that vary
    Source: Lloyd (1982), Least squares quantization in PCM; Arthur, Vassilvitskii (2007), k-means++
    """
    data = _checked(features, clusters)
    deviations = _rounded(_floored(data.std(0)))
    centres, _ = _grouped(data / deviations, clusters, seed)
    centres = _rounded(centres * deviations)
    distances = np.sqrt(squared_distances(data, centres, deviations[np.newaxis]))
    owner, nearest = distances.argmin(1), distances.min(1)
    least = max(LEAST_RADIUS * fit_threshold(nearest, quantile), LEAST_DEVIATION)
    members = [nearest[owner == c] for c in range(clusters)]
    radii = np.array([max(fit_threshold(own, quantile), least) if len(own) else least for own in members])
    # A point may be nearer to another cluster than to its own, by their radii.
    radii *= max(fit_threshold((distances / radii).min(1), quantile), LEAST_DEVIATION)
    rounded = _rounded(radii).tolist()
    return Clusters(centres=centres.tolist(), deviations=deviations.tolist(), radii=rounded)


def fit_gmm(features: np.ndarray, components: int, seed: int = 0, quantile: float = 0.995) -> Mixture:
    """Fit a mixture of Gaussians with diagonal covariances to usual features; about 1 - quantile of them score above 1.

    Shapes: features [examples, features]
    Raises: ValueError if there are fewer examples than components, or they are no finite numbers that vary
    Source: Dempster, Laird, Rubin (1977), Maximum likelihood from incomplete data via the EM algorithm
    """
    data = _checked(features, components)
    spread = _floored(data.std(0))
    _, owner = _grouped(data / spread, components, seed)
    shares = np.eye(components)[owner]
    before = -np.inf
    for _ in range(ROUNDS):
        weights, means, deviations = _components(data, shares, spread * LEAST_SPREAD)
        logs = _log_densities(data, weights, means, deviations)
        peak = logs.max(1, keepdims=True)
        total = peak + np.log(np.exp(logs - peak).sum(1, keepdims=True))
        shares = np.exp(logs - total)
        gain, before = total.mean() - before, total.mean()
        if gain < LEAST_GAIN:
            break
    rows = _rounded(weights).tolist(), _rounded(means).tolist(), _rounded(deviations).tolist()
    unscaled = Mixture(weights=rows[0], means=rows[1], deviations=rows[2], threshold=1.0)
    threshold = max(fit_threshold(unscaled.scores(data), quantile), LEAST_DEVIATION)
    return unscaled.model_copy(update={"threshold": float(_rounded(np.array(threshold)))})


def fit_threshold(scores: np.ndarray, quantile: float = 0.995) -> float:
    """Give the threshold that a part `quantile` of usual scores doesn't pass.

    Shapes: scores [examples]
    Raises: ValueError if there are no scores, or quantile is not within 0..1
    """
    if not np.size(scores) or not 0 <= quantile <= 1:
        raise ValueError("a threshold needs scores of usual examples, and a quantile within 0..1")
    return float(np.quantile(np.asarray(scores, np.float64), quantile))


def reconstruction_errors(inputs: np.ndarray, outputs: np.ndarray, error: str = "mse") -> np.ndarray:
    """Give an autoencoder's error for each example, as `anomaly` counts it.

    Shapes: inputs, outputs [examples, n] real -> [examples]
    """
    found: np.ndarray = ERRORS[error](np.asarray(outputs, np.float64) - inputs).mean(1)
    return found


def _checked(features: np.ndarray, groups: int) -> np.ndarray:
    data = np.asarray(features, np.float64)
    if data.ndim != 2 or not np.isfinite(data).all():
        raise ValueError(f"features must be finite numbers of shape [examples, features], not {list(data.shape)}")
    if not 1 <= groups <= min(len(data), 256):
        raise ValueError(f"{len(data)} examples make 1 to {min(len(data), 256)} groups, not {groups}")
    if not data.std(0).any():
        raise ValueError("the examples are all the same")
    return data


def _floored(deviations: np.ndarray) -> np.ndarray:
    found: np.ndarray = np.maximum(deviations, LEAST_DEVIATION * np.sqrt(np.mean(deviations**2)))
    return found


def _grouped(data: np.ndarray, clusters: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Give the tightest of several groupings: centres [clusters, features] and each example's cluster [examples]."""
    # Of all that a generator offers, plain random numbers stay the same in every version of NumPy.
    generator = np.random.Generator(np.random.PCG64(seed))
    best, least = None, np.inf
    for _ in range(ATTEMPTS):
        centres, owner = _lloyd(data, _spread_out(data, clusters, generator))
        apart = float(((data - centres[owner]) ** 2).sum())
        if best is None or apart < least:
            best, least = (centres, owner), apart
    assert best
    return best


def _lloyd(data: np.ndarray, centres: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Move centres until each is the mean of the points that are nearest to it."""
    unit = np.ones((1, data.shape[1]))
    owner = np.full(len(data), -1)
    for _ in range(ROUNDS):
        now = squared_distances(data, centres, unit).argmin(1)
        if (now == owner).all():
            break
        owner = now
        # A cluster that lost all its points stays where it is.
        rows = [data[owner == c].mean(0) if (owner == c).any() else old for c, old in enumerate(centres)]
        centres = np.stack(rows)
    return centres, owner


def _spread_out(data: np.ndarray, clusters: int, generator: np.random.Generator) -> np.ndarray:
    """Choose examples to start from, far ones more likely."""
    chosen = [int(generator.random() * len(data))]
    unit = np.ones((1, data.shape[1]))
    for _ in range(1, clusters):
        sums = squared_distances(data, data[chosen], unit).min(1).cumsum()
        chosen.append(min(int(np.searchsorted(sums, generator.random() * sums[-1], "right")), len(data) - 1))
    return data[chosen]


def _components(data: np.ndarray, shares: np.ndarray, least: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give weights [k], means and deviations [k, features] of what examples belong to each component by `shares`."""
    counts = shares.sum(0) + 1e-6
    means = np.stack([(share[:, None] * data).sum(0) for share in shares.T]) / counts[:, None]
    squares = np.stack([(s[:, None] * (data - m) ** 2).sum(0) for s, m in zip(shares.T, means, strict=True)])
    return counts / counts.sum(), means, np.maximum(np.sqrt(squares / counts[:, None]), least)


def _log_densities(data: np.ndarray, weights: np.ndarray, means: np.ndarray, deviations: np.ndarray) -> np.ndarray:
    """Shapes: [examples, components]; without the constant that all have in common"""
    found: np.ndarray = np.log(weights) - np.log(deviations).sum(1) - squared_distances(data, means, deviations) / 2
    return found


def _rounded(values: np.ndarray) -> np.ndarray:
    """Round to DIGITS significant ones, so that the last bits of a machine's sums don't show in the file."""
    found: np.ndarray = np.vectorize(lambda x: float(f"{x:.{DIGITS - 1}e}"), otypes=[np.float64])(values)
    return found
