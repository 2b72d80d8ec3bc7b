"""How often a package is right: what its C says is what Python says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.support.machine import need
from tests.unit.replay.projects import LABELS, PROJECTS
from tinypack.errors import TinypackError
from tinypack.graph import Graph
from tinypack.importers.tflite import import_tflite
from tinypack.oracle import run_oracle
from tinypack.registry.versions.accuracy import measure
from tinypack.registry.versions.examples import read_examples
from tinypack.registry.versions.sources import Opened, open_package
from tinypack.replay.run import replay


def save(folder: Path, **arrays: Any) -> Path:
    path = folder / "set.npz"
    np.savez(path, **arrays)
    return path


def oracle_classes(model: bytes, x: np.ndarray) -> np.ndarray:
    graph: Graph = import_tflite(model, "model")
    shape = graph.tensors[graph.inputs[0]].shape
    outputs = run_oracle(model, graph, ([row.reshape(shape)] for row in x), graph.outputs)
    return np.array([output[0].argmax() for output in outputs])


@pytest.mark.tools
def test_classes_of_inputs_are_the_oracles(built: Path, tmp_path: Path) -> None:
    need("gcc")
    x = np.random.default_rng(1).integers(-128, 128, (40, 60)).astype(np.int8)
    y = oracle_classes((built / "model.tflite").read_bytes(), x)
    assert len(set(y.tolist())) > 1
    package = open_package(str(built / "dist"))
    real = (x.astype(np.float32)) / 16  # the input's scale; its zero point is 0
    shifted = np.where(np.arange(40) < 10, (y + 1) % 3, y)
    sets: list[tuple[dict[str, Any], int]] = [
        ({"x": x, "y": y}, 40),
        ({"inputs": x.reshape(40, 20, 3), "labels": shifted}, 30),
        ({"x": real.astype(np.float64), "y": np.array(LABELS)[y]}, 40),
    ]
    for arrays, right in sets:
        found = measure(package, read_examples(save(tmp_path, **arrays)))
        assert (found.right, found.count) == (right, 40)
    assert str(found).startswith("100.0 % (40 of 40)")


@pytest.mark.tools
@pytest.mark.parametrize("kind", ["audio", "imu", "pictures"])
def test_answers_to_recordings_are_those_of_replay(kind: str, tmp_path: Path) -> None:
    """A recording lies in the folder of what replay says, and once more in another's."""
    need("gcc")
    project, examples = tmp_path / "project", tmp_path / "set"
    project.mkdir()
    recordings = PROJECTS[kind].write(project)[:1]
    for path in recordings:
        rows = [row.members for row in replay(project, [path]).timeline.rows]
        answer = next((row["label"] for row in rows if row["is_new"] == "1"), rows[-1]["label"])
        for label in (answer, "another"):
            (examples / label.replace("/", "")).mkdir(parents=True, exist_ok=True)
            (examples / label.replace("/", "") / path.name).write_bytes(path.read_bytes())
    if any("/" in label for label in LABELS):
        pytest.fail("labels must be names of folders here")
    found = measure(open_package(str(project)), read_examples(examples))
    assert (found.right, found.count) == (len(recordings), 2 * len(recordings))


X, Y = np.zeros((2, 60), np.int8), np.zeros(2, np.int64)
#: Arrays of an .npz -> a part of the message.
BAD: list[tuple[dict[str, Any], str]] = [
    ({}, "arrays: neither"),
    ({"x": X}, "arrays: x"),
    ({"x": X, "y": Y[:1]}, "x [2, 60], y [1]"),
    ({"x": X[:0], "y": Y[:0]}, "x [0, 60], y [0]"),
    ({"x": X.astype(complex), "y": Y}, "x complex128"),
    ({"x": X, "y": Y.astype(float)}, "y float64"),
    ({"x": np.array([[{}]]), "y": Y[:1]}, "allow_pickle"),
    ({"x": X[:, :7], "y": Y}, "as the input of kws 1.0.0: 60"),
    ({"x": X.astype(np.int32), "y": Y}, "or int8 as kws 1.0.0 takes them"),
]


@pytest.mark.parametrize(("arrays", "message"), BAD)
def test_a_test_set_that_does_not_fit_is_refused(
    arrays: dict[str, Any], message: str, built: Path, tmp_path: Path
) -> None:
    with pytest.raises(TinypackError, match="bad-input") as caught:
        measure(open_package(str(built / "dist")), read_examples(save(tmp_path, **arrays)))
    assert message in str(caught.value)


@pytest.mark.parametrize("data", [b"", b"PK\3\4", b"\x93NUMPY\1\0", b"not at all"])
def test_a_file_that_is_no_npz_is_refused(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "set.npz"
    path.write_bytes(data)
    with pytest.raises(TinypackError, match="bad-input"):
        read_examples(path)


def test_folders_without_recordings_are_refused(tmp_path: Path) -> None:
    (tmp_path / "yes").mkdir()
    (tmp_path / "yes" / "notes.txt").touch()
    with pytest.raises(TinypackError, match="no recordings"):
        read_examples(tmp_path)


def test_recordings_need_labels_and_their_own_rate(built: Path, tmp_path: Path) -> None:
    (tmp_path / "yes").mkdir()
    (tmp_path / "yes" / "a.csv").write_text("# rate: 50\n" + "1,2,3\n" * 100)
    with pytest.raises(TinypackError, match="has 3 channels at 100 Hz"):
        measure(open_package(str(built)), read_examples(tmp_path))
    model = open_package(str(built / "model.tflite"))
    facts = open_package(str(built)).facts
    unsaid = replace(facts, record=facts.record.model_copy(update={"features": None}))
    for package in (model, Opened(unsaid, {})):
        with pytest.raises(TinypackError, match=r"has no \[features\] in its record"):
            measure(package, read_examples(tmp_path))
