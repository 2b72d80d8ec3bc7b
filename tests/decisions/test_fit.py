from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.mixture import GaussianMixture

from tests.decisions.test_anomaly import usual
from tinypack.decisions.fit import Clusters, Mixture, fit_gmm, fit_kmeans, fit_threshold, reconstruction_errors
from tinypack.decisions.fitted import Fitted, load_fitted

FITS: dict[str, Callable[..., Fitted]] = {"kmeans": fit_kmeans, "gmm": fit_gmm}


@pytest.mark.parametrize("fit", FITS.values(), ids=FITS)
def test_same_data_and_seed_give_the_same_file(fit: Callable[..., Fitted], tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("a.json", "b.json", "c.json")]
    for file, seed in zip(files, (1, 1, 2), strict=True):
        fit(usual(300), 4, seed=seed).save(file)
    texts = [file.read_bytes() for file in files]
    assert texts[0] == texts[1] != texts[2]
    assert load_fitted(files[0]) == fit(usual(300), 4, seed=1)


def test_the_file_is_text_that_shows_changes(tmp_path: Path) -> None:
    Clusters(centres=[[10.0, 2], [0, 2]], deviations=[5.0, 1], radii=[1.0, 0.125]).save(tmp_path / "a.json")
    assert (tmp_path / "a.json").read_text() == (
        '{\n "method": "kmeans",\n "centres": [\n  [10.0, 2.0],\n  [0.0, 2.0]\n ],\n'
        ' "deviations": [5.0, 1.0],\n "radii": [1.0, 0.125]\n}\n'
    )


@pytest.mark.parametrize("fit", FITS.values(), ids=FITS)
@pytest.mark.parametrize("quantile", [0.9, 0.995])
def test_quantile_says_how_many_usual_ones_pass(fit: Callable[..., Fitted], quantile: float) -> None:
    fitted = fit(usual(4000), 3, seed=2, quantile=quantile)
    for data in (usual(4000), usual(4000, seed=9)):
        assert (fitted.scores(data) > 1).mean() == pytest.approx(1 - quantile, rel=0.5)
    assert (fitted.scores(usual(4000) + 20) > 1).all()


def test_clusters_are_as_tight_as_those_of_scikit_learn() -> None:
    data = usual(1500)
    ours = fit_kmeans(data, 3, seed=2)
    scaled = data / np.array(ours.deviations)
    theirs = KMeans(3, n_init=10, random_state=0).fit(scaled)
    apart = ((scaled[:, None] - np.array(ours.centres) / np.array(ours.deviations)) ** 2).sum(2)
    assert apart.min(1).sum() <= 1.001 * theirs.inertia_


def test_mixture_is_as_likely_as_that_of_scikit_learn() -> None:
    data = usual(1500)[:, :5]  # without the constant one, whose deviation each floors in its own way
    ours = fit_gmm(data, 3, seed=2)
    theirs = GaussianMixture(3, covariance_type="diag", n_init=10, random_state=0).fit(data)
    mine = GaussianMixture(3, covariance_type="diag").fit(data)
    mine.weights_, mine.means_ = np.array(ours.weights), np.array(ours.means)
    mine.precisions_cholesky_ = 1 / np.array(ours.deviations)
    assert mine.score(data) >= theirs.score(data) - 1e-3


def test_mixture_scores_by_the_likeliest_component() -> None:
    mixture = Mixture(weights=[0.5, 0.5], means=[[0.0], [10.0]], deviations=[[1.0], [2.0]], threshold=3.0)
    # 10 is the mean of the wider one, whose peak is half as high.
    assert mixture.scores(np.array([[0.0], [3.0], [10.0]])) == pytest.approx([0, 1, np.sqrt(2 * np.log(2)) / 3])


def test_points_that_are_alone_or_the_same() -> None:
    data = np.array([[0.0, 0], [0, 0], [0, 0], [9, 9]])
    for fit in FITS.values():
        scores = fit(data, 3, quantile=1.0).scores(np.array([[0.0, 0], [9, 9], [4, 4]]))
        assert scores[0] <= 1 and scores[1] <= 1 and scores[2] > 1


BAD = {
    "one axis": (np.zeros(5), 1, "shape"),
    "not a number": (np.array([[1.0], [np.nan]]), 1, "finite"),
    "too few": (np.ones((3, 2)), 4, "3 examples make 1 to 3 groups"),
    "none": (np.ones((3, 2)), 0, "not 0"),
    "all the same": (np.ones((3, 2)), 1, "all the same"),
}


@pytest.mark.parametrize("fit", FITS.values(), ids=FITS)
@pytest.mark.parametrize(("data", "groups", "reason"), BAD.values(), ids=BAD)
def test_bad_data(fit: Callable[..., Fitted], data: np.ndarray, groups: int, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        fit(data, groups)


def test_threshold() -> None:
    assert fit_threshold(np.arange(101), 0.9) == 90
    for scores, quantile in ((np.zeros(0), 0.5), (np.ones(3), 1.5)):
        with pytest.raises(ValueError, match="a threshold needs"):
            fit_threshold(scores, quantile)


def test_reconstruction_errors() -> None:
    inputs, outputs = np.array([[0, 0], [1, 1]]), np.array([[3, -1], [1, 1]])
    assert reconstruction_errors(inputs, outputs).tolist() == [5, 0]
    assert reconstruction_errors(inputs, outputs, "mae").tolist() == [2, 0]


def test_clusters_with_radii_of_their_own() -> None:
    clusters = Clusters(centres=[[0.0], [10.0]], deviations=[2.0], radii=[1.0, 0.5])
    assert clusters.scores(np.array([[2.0], [9.0], [10.0]])) == pytest.approx([1, 1, 0])
