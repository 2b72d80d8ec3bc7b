"""Files that are damaged or hostile."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tinypack.decisions import fitted
from tinypack.decisions.fitted import load_fitted
from tinypack.errors import TinypackError

KMEANS: dict[str, Any] = {"method": "kmeans", "centres": [[0.0, 1], [2, 3]], "deviations": [1.0, 1], "radii": [1.0, 2]}
GMM: dict[str, Any] = {
    "method": "gmm",
    "weights": [0.5, 0.5],
    "means": [[0.0, 1], [2, 3]],
    "deviations": [[1.0, 1], [2, 3]],
    "threshold": 3.0,
}
BAD: dict[str, tuple[str, str]] = {
    "empty": ("", "tinypack.decisions.fit writes"),
    "no JSON": ("{", "tinypack.decisions.fit writes"),
    "a list": ("[]", "tinypack.decisions.fit writes"),
    "deep": ("[" * 100_000, "tinypack.decisions.fit writes"),
    "no method": (json.dumps({**KMEANS, "method": "svm"}), "'kmeans', 'gmm'"),
    "a key too many": (json.dumps({**KMEANS, "extra": 1}), "extra"),
    "a key too few": (json.dumps({"method": "kmeans", "radii": [1]}), "centres"),
    "no centres": (json.dumps({**KMEANS, "centres": [], "radii": []}), "centres"),
    "too many centres": (json.dumps({**KMEANS, "centres": [[0.0, 1]] * 257, "radii": [1] * 257}), "centres"),
    "a short row": (json.dumps({**KMEANS, "centres": [[0.0, 1], [2]]}), "each centre must have as many"),
    "a radius too many": (json.dumps({**KMEANS, "radii": [1, 2, 3]}), "radii must have as many"),
    "not a number": (json.dumps({**KMEANS, "radii": [1, float("nan")]}), "radii.1"),
    "endless": (json.dumps({**GMM, "threshold": float("inf")}), "threshold"),
    "huge": (json.dumps({**KMEANS, "centres": [[0.0, 1], [2, 1e300]]}), "centres.1.1"),
    "huge whole number": (json.dumps({**GMM, "threshold": 10**400}), "threshold"),
    "zero deviation": (json.dumps({**KMEANS, "deviations": [1, 0]}), "deviations.1"),
    "negative weight": (json.dumps({**GMM, "weights": [0.5, -0.5]}), "weights.1"),
    "text for a number": (json.dumps({**GMM, "threshold": "wide"}), "threshold"),
    "a component too few": (json.dumps({**GMM, "weights": [1]}), "weights must have as many"),
    "rows of deviations too few": (json.dumps({**GMM, "deviations": [[1, 1]]}), "deviations must have as many"),
    "rows that differ": (json.dumps({**GMM, "deviations": [[1, 1], [1]]}), "each row must have as many"),
    "no UTF-8": ("\udcff", "tinypack.decisions.fit writes"),
}


@pytest.mark.parametrize("content", [KMEANS, GMM], ids=["kmeans", "gmm"])
def test_good_ones_load(content: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "usual.json"
    path.write_text(json.dumps(content))
    found = load_fitted(path)
    assert found.model_dump() == content and found.features == 2


@pytest.mark.parametrize(("text", "part"), BAD.values(), ids=BAD)
def test_bad_ones_are_refused(text: str, part: str, tmp_path: Path) -> None:
    path = tmp_path / "usual.json"
    path.write_text(text, errors="surrogateescape")
    with pytest.raises(TinypackError) as caught:
        load_fitted(path)
    (problem,) = caught.value.problems
    assert problem.code == "bad-manifest" and problem.where == str(path)
    assert part in problem.rule + problem.found
    assert "fit it again" in problem.hint


def test_size_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "usual.json"
    path.write_text(json.dumps(KMEANS))
    monkeypatch.setattr(fitted, "MOST_BYTES", path.stat().st_size - 1)
    with pytest.raises(TinypackError, match="may have up to"):
        load_fitted(path)


def test_what_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", tmp_path / "none"):
        with pytest.raises(TinypackError, match="must be readable"):
            load_fitted(path)
