"""Joins building and running: projects in, attestations out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from tinypack.boards import ALL, chosen_boards
from tinypack.compile.stream import test_results
from tinypack.errors import TinypackError
from tinypack.formats import FORMATS
from tinypack.manifest import load_project
from tinypack.output import write_whole
from tinypack.pack import Progress, build_package, check_names
from tinypack.package import Built
from tinypack.verify.front_end import front_end_differences
from tinypack.verify.matrix import run_matrix
from tinypack.verify.reference import Reference, check_inputs, make_reference
from tinypack.verify.report import Attestation

Inputs = Sequence[Sequence[np.ndarray]]


def verify_package(
    project: str | Path,
    output: str | Path | None = None,
    boards: Sequence[str] | None = None,
    formats: Sequence[str] | None = None,
    vectors: int = 10,
    inputs: Inputs = (),
    progress: Progress | None = None,
) -> Attestation:
    """Build a project's packages, then build and run the self-test of each archive on each board.

    Every node's output is compared with the oracle's, for the built-in vectors, `vectors` random ones, and `inputs`.
    The attestation is written beside the package. "all" stands for all emulated boards, or all formats.
    Shapes: inputs [vector][model input], arrays as the model takes them
    Raises: TinypackError if the project can't be built, the model can't take an input, or a board or format is
            unknown; what fails on a board is in the results
    """
    return verify_packages([project], output, boards or (), formats or (), vectors, {project: inputs}, progress)[0]


def verify_packages(
    projects: Sequence[str | Path],
    output: str | Path | None = None,
    boards: Sequence[str] = (),
    formats: Sequence[str] = (),
    vectors: int = 10,
    inputs: Mapping[str | Path, Inputs] | None = None,
    progress: Progress | None = None,
) -> list[Attestation]:
    """Verify several projects as `verify_package` does one; all are built before the first is run.

    Shapes: inputs project -> [vector][model input]
    Raises: TinypackError as `verify_package` does, and if two projects give the same package
    """
    say = progress or (lambda _: None)
    titles: dict[str, str | Path] = {}
    for project in projects:
        package = load_project(Path(project)).manifest.package
        title = f"{package.name} {package.version}"
        if title in titles:
            rule = "projects that are verified together must differ in name or version"
            raise TinypackError.one("bad-manifest", str(project), rule, f"{title}, as of {titles[title]}")
        titles[title] = project
    jobs = []
    for title, project in titles.items():
        tell = _prefixed(title, say) if len(titles) > 1 else say
        built = _build(project, output, boards, formats, tell)
        given = (inputs or {}).get(project, ())
        check_inputs(built.content.program.graph, given)
        jobs.append((built, given, tell))
    return [_run(built, boards, vectors, given, tell) for built, given, tell in jobs]


def _prefixed(title: str, say: Progress) -> Progress:
    return lambda text: say(f"{title}: {text}")


def _build(
    project: str | Path, output: str | Path | None, boards: Sequence[str], formats: Sequence[str], say: Progress
) -> Built:
    """Build the project's archives and those of the formats; give the ones to verify."""
    named = [name for each in formats for name in (FORMATS if each == ALL else [each])]
    wanted = check_names(named, [name for name in boards if name != ALL])
    built = build_package(project, output, progress=say)
    made = [artifact.format for artifact in built.artifacts]
    if set(wanted) - set(made):
        built = build_package(project, output, [*made, *wanted], progress=say)
    return replace(built, artifacts=tuple(a for a in built.artifacts if a.format in (wanted or made)))


def _run(built: Built, boards: Sequence[str], vectors: int, inputs: Inputs, say: Progress) -> Attestation:
    """Run what is built, and write the attestation."""
    chosen = chosen_boards(boards or built.content.manifest.build.boards)
    say("ask the oracle")
    results = run_matrix(built, chosen, reference_of(built, vectors, inputs), say)
    name = f"{built.record['name']}-{built.record['version']}.attestation.json"
    attestation = Attestation(built.record, tuple(results), built.folder / name)
    write_attestation(attestation)
    return attestation


def reference_of(built: Built, vectors: int, inputs: Inputs = ()) -> Reference:
    """Ask the oracle what a package must compute.

    Shapes: inputs [vector][model input]
    """
    program, stream = built.content.program, built.content.stream
    reference = make_reference(built.model, program, vectors, inputs, test_results(stream) if stream else 0)
    if stream and program.graph.first:
        wrong = front_end_differences(built.model, stream, program.graph.inputs[0])
        reference = replace(reference, wrong=tuple(wrong))
    return reference


def write_attestation(attestation: Attestation) -> bytes:
    """Write an attestation where it says that it lies; give its bytes.

    Raises: TinypackError (io)
    """
    data = (json.dumps(attestation.to_json(), indent=2, ensure_ascii=False) + "\n").encode()
    write_whole(attestation.path.parent, {attestation.path.name: data})
    return data
