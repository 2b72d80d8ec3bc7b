from __future__ import annotations

import numpy as np
import pytest

from tests.features.libraries import need_module
from tinypack.features.mel import SCALES, ScaleName, TrianglesName, dct_rows, filter_bank, lifter_factors, mel_edges

RATE = 16000


def bank(
    filters: int, low: float, high: float, fft: int, scale: ScaleName, triangles: TrianglesName, area: bool = False
) -> np.ndarray:
    return filter_bank(mel_edges(filters, low, high, scale), RATE, fft, scale, triangles, area)


@pytest.mark.parametrize(("scale", "hertz", "mel"), [
    ("htk", 700, 1127 * np.log(2)),
    ("htk", 0, 0),
    ("slaney", 500, 7.5),
    ("slaney", 1000, 15),
    ("slaney", 6400, 42),
])  # fmt: skip
def test_scales(scale: ScaleName, hertz: float, mel: float) -> None:
    to_mel, to_hertz = SCALES[scale]
    assert to_mel(np.array([hertz])) == pytest.approx(mel)
    assert to_hertz(np.array([mel])) == pytest.approx(hertz)


@pytest.mark.parametrize("scale", SCALES)
def test_scales_turn_back(scale: ScaleName) -> None:
    hertz = np.linspace(0, 24000, 997)
    np.testing.assert_allclose(SCALES[scale].to_hertz(SCALES[scale].to_mel(hertz)), hertz, atol=1e-9)


@pytest.mark.parametrize("triangles", ["hz", "mel"])
def test_filters_overlap_by_half(triangles: TrianglesName) -> None:
    """Between the first and last peak, what one filter loses the next one gains."""
    weights = bank(20, 100, 7000, 1024, "htk", triangles)
    first, last = (mel_edges(20, 100, 7000, "htk")[i] * 1024 / RATE for i in (1, -2))
    inside = slice(int(np.ceil(first)), int(last))
    np.testing.assert_allclose(weights.sum(axis=0)[inside], 1)
    assert weights.min() == 0


def test_unit_area() -> None:
    weights = bank(16, 300, 7000, 4096, "slaney", "hz", area=True)
    np.testing.assert_allclose(weights.sum(axis=1) * RATE / 4096, 1, rtol=1e-3)


def test_triangles_between_whole_bins() -> None:
    """Corners 1, 3, 5, 5: the last triangle has no falling side, and a peak only if it is closed."""
    edges = np.array([1, 3, 5, 5]) * RATE / 33 + 1
    rising, closed = ([0, 0, 0, 0, 0.5, last] for last in (0, 1))
    for triangles, second in (("bins", rising), ("bins-closed", closed)):
        weights = filter_bank(edges, RATE, 32, "htk", triangles, unit_area=False)
        np.testing.assert_allclose(weights[:, :6], [[0, 0, 0.5, 1, 0.5, 0], second])
        assert not weights[:, 6:].any()


def test_cosine_transform() -> None:
    matrix = dct_rows(20, 20, "orthonormal")
    np.testing.assert_allclose(matrix @ matrix.T, np.eye(20), atol=1e-12)
    np.testing.assert_allclose(dct_rows(5, 20, "htk")[0], matrix[0] * np.sqrt(2))
    np.testing.assert_array_equal(dct_rows(5, 20, "htk")[1:], matrix[1:5])


def test_lifter() -> None:
    np.testing.assert_array_equal(lifter_factors(4, 0), np.ones(4))
    np.testing.assert_allclose(lifter_factors(12, 22)[[0, 11]], [1, 12])


def test_librosa() -> None:
    filters = need_module("librosa").filters
    for htk, scale in ((True, "htk"), (False, "slaney")):
        for norm, area in ((None, False), ("slaney", True)):
            theirs = filters.mel(sr=RATE, n_fft=1024, n_mels=40, fmin=50, fmax=7600, htk=htk, norm=norm, dtype=float)
            np.testing.assert_allclose(bank(40, 50, 7600, 1024, scale, "hz", area), theirs, atol=1e-12)


def test_python_speech_features() -> None:
    base = need_module("python_speech_features.base")
    for filters, fft, low, high in ((26, 512, 0, 8000), (40, 256, 0, 8000), (40, 1024, 133, 6855)):
        theirs = base.get_filterbanks(filters, fft, RATE, low, high)
        np.testing.assert_array_equal(bank(filters, low, high, fft, "htk", "bins"), theirs)


def test_tensorflow() -> None:
    tf = need_module("tensorflow")
    for filters, fft, low, high in ((40, 512, 20.0, 4000.0), (20, 256, 125.0, 3800.0)):
        theirs = tf.signal.linear_to_mel_weight_matrix(filters, fft // 2 + 1, RATE, low, high, tf.float64)
        np.testing.assert_allclose(bank(filters, low, high, fft, "htk", "mel"), np.asarray(theirs).T, atol=1e-12)
