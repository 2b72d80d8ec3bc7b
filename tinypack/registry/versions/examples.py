"""Reads what accuracy is measured with: a model's inputs and their classes, or recordings in a folder a label."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tinypack.emulator.builder.recording import READERS
from tinypack.errors import TinypackError

INPUTS, CLASSES = ("x", "inputs"), ("y", "labels")
RULE = "a test set is an .npz with inputs x and classes y, or a folder with a folder of recordings for each label"


@dataclass(frozen=True, eq=False)
class Vectors:
    """Shapes: inputs [n, ...]; classes [n], indices or labels"""

    path: Path
    inputs: np.ndarray
    classes: np.ndarray


@dataclass(frozen=True)
class Recordings:
    """Files and the label of what each of them holds."""

    path: Path
    files: tuple[tuple[Path, str], ...]


Examples = Vectors | Recordings


def read_examples(path: Path) -> Examples:
    """Read a test set.

    Raises: TinypackError (bad-input)
    """
    return _recordings(path) if path.is_dir() else _vectors(path)


def bad_test_set(path: Path, rule: str, found: str = "") -> TinypackError:
    return TinypackError.one("bad-input", str(path), rule, found, "docs/versions.md describes test sets")


def _recordings(path: Path) -> Recordings:
    folders = sorted(folder for folder in path.iterdir() if folder.is_dir())
    files = [(file, folder.name) for folder in folders for file in sorted(folder.iterdir())]
    known = tuple((file, label) for file, label in files if file.suffix.lower() in READERS)
    if not known:
        raise bad_test_set(path, RULE, "no recordings")
    return Recordings(path, known)


def _vectors(path: Path) -> Vectors:
    try:
        with np.load(path, allow_pickle=False) as arrays:
            found = {name: arrays[name] for name in (*INPUTS, *CLASSES) if name in arrays}
    except (OSError, ValueError, EOFError, TypeError, MemoryError, zipfile.BadZipFile) as error:
        raise bad_test_set(path, RULE, str(error)[:200]) from None
    inputs, classes = (next((found[name] for name in names if name in found), None) for names in (INPUTS, CLASSES))
    if inputs is None or classes is None:
        raise bad_test_set(path, RULE, f"arrays: {', '.join(found) or 'neither'}")
    if inputs.ndim < 2 or classes.ndim != 1 or len(inputs) != len(classes) or not len(inputs):
        rule = "x has a row for each example, and y one class for each of them"
        raise bad_test_set(path, rule, f"x {list(inputs.shape)}, y {list(classes.shape)}")
    if inputs.dtype.kind not in "iuf" or classes.dtype.kind not in "iuU":
        rule = "x holds numbers, y indices of outputs or labels"
        raise bad_test_set(path, rule, f"x {inputs.dtype}, y {classes.dtype}")
    return Vectors(path, inputs, classes)
