"""Joins building and running: a project in, an attestation out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from tinypack.boards import board, load_boards
from tinypack.output import write_whole
from tinypack.pack import Progress, build_package
from tinypack.verify.matrix import run_matrix
from tinypack.verify.reference import make_reference
from tinypack.verify.report import Attestation


def verify_package(
    project: str | Path,
    output: str | Path | None = None,
    boards: Sequence[str] | None = None,
    formats: Sequence[str] | None = None,
    vectors: int = 10,
    inputs: Sequence[Sequence[np.ndarray]] = (),
    progress: Progress | None = None,
) -> Attestation:
    """Build a project's packages, then build and run the self-test of each archive on each board.

    Every node's output is compared with the oracle's, for the built-in vectors, `vectors` random ones, and `inputs`.
    The attestation is written beside the package.
    Shapes: inputs [vector][model input], arrays as the model takes them
    Raises: TinypackError if the project can't be built or a board is unknown; what fails on a board is in the results
    """
    say = progress or (lambda _: None)
    for name in boards or ():
        board(name)
    built = build_package(project, output, progress=say)
    named = [artifact.format for artifact in built.artifacts]
    if set(formats or ()) - set(named):
        built = build_package(project, output, [*named, *(formats or ())], progress=say)
    if formats:
        built = replace(built, artifacts=tuple(a for a in built.artifacts if a.format in formats))
    wanted = boards or built.content.manifest.build.boards
    chosen = [board(name) for name in wanted] or [b for b in load_boards().values() if b.emulated]
    say("ask the oracle")
    reference = make_reference(built.model, built.content.program, vectors, inputs)
    results = run_matrix(built, chosen, reference, say)
    name = f"{built.record['name']}-{built.record['version']}.attestation.json"
    attestation = Attestation(built.record, tuple(results), built.folder / name)
    write_whole(built.folder, {name: (json.dumps(attestation.to_json(), indent=2, ensure_ascii=False) + "\n").encode()})
    return attestation
