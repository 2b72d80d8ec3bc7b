"""The one place that joins the stages: manifest, importer, compiler, oracle, formats."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tinypack import __version__
from tinypack.boards import DEFAULT, board
from tinypack.compile import Program, compile_graph
from tinypack.compile.emit import LICENSE, Identity, emit_package, emit_selftest
from tinypack.compile.lower import Options
from tinypack.compile.stream import Stream, stream_record
from tinypack.compile.stream_memory import with_room
from tinypack.costs.stream_load import load_problem
from tinypack.errors import Problem, TinypackError
from tinypack.formats import FORMATS, build_artifact, find_format
from tinypack.formats.facts import NO_URL
from tinypack.graph import Graph
from tinypack.importers.tflite import import_tflite
from tinypack.inspection import Inspection, inspect_program, tensor_info
from tinypack.manifest import Project, key_line, load_project
from tinypack.model_file import read_model
from tinypack.options import Section
from tinypack.oracle import oracle_name, run_oracle
from tinypack.output import check_folder, write_whole
from tinypack.package import Artifact, Built, Content
from tinypack.stream_reference import stream_digests
from tinypack.streams import project_stream, split_model
from tinypack.vectors import BUILT_IN_SEEDS, digest, vector

Progress = Callable[[str], None]


def load_model(path: str | Path) -> Graph:
    """Read a .tflite file into a Graph.

    Raises: TinypackError (io, bad-model, bad-quantization, not-quantized)
    """
    return import_tflite(read_model(Path(path)), str(path))


def inspect_model(path: str | Path) -> Inspection:
    """Describe a model or a project: layers, memory, boards it fits.

    Raises: TinypackError if it can't be read or compiled
    """
    return inspect_project(load_project(Path(path)))


def inspect_project(project: Project) -> Inspection:
    """Describe a project as `inspect_model` does."""
    model = read_model(project.model_path)
    graph, program, stream = compile_project(project, model)
    return inspect_program(project.manifest.package.name, model, graph, program, stream)


def compile_project(project: Project, model: bytes) -> tuple[Graph, Program, Stream | None]:
    """Import and compile a project's model, and plan what lies around it.

    A front end that the model begins with goes into the stream, and is no part of the graph.
    Raises: TinypackError with every reason why it can't be done
    """
    front, graph = split_model(project, import_tflite(model, str(project.model_path)))
    program = compile_graph(graph, Options(project.manifest.model.optimise, project.manifest.model.save_ram))
    _check_labels(project, program)
    stream = project_stream(project, front, program)
    return graph, with_room(program, stream) if stream else program, stream


def build_package(
    project: str | Path,
    output: str | Path | None = None,
    formats: Sequence[str] | None = None,
    boards: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> Built:
    """Build a project's archives and record into a folder (default: `dist` beside the manifest).

    All files appear whole, or none of them does. The same project gives the same bytes everywhere.
    Raises: TinypackError with every problem that was found
    """
    say = progress or (lambda _: None)
    loaded = load_project(Path(project))
    folder = Path(output) if output is not None else loaded.root / "dist"
    wanted = boards or loaded.manifest.build.boards
    chosen = check_names(formats or loaded.manifest.build.formats or list(FORMATS), wanted)
    check_folder(folder)
    say("compile the model")
    model = read_model(loaded.model_path)
    content = make_content(loaded, model)
    check_boards(content, wanted)
    artifacts = []
    for name in chosen:
        say(f"pack {name}")
        artifacts.append(build_artifact(FORMATS[name], content))
    record = make_record(content, loaded, artifacts)
    files = {artifact.filename: artifact.data for artifact in artifacts}
    text = json.dumps(record, indent=2, ensure_ascii=False) + "\n"
    write_whole(folder, {**files, record_name(content): text.encode()})
    return Built(content, model, tuple(artifacts), record, folder, tuple(_warnings(loaded, chosen, content)))


def record_name(content: Content) -> str:
    package = content.manifest.package
    return f"{package.name}-{package.version}.json"


def check_names(formats: Sequence[str], boards: Sequence[str]) -> list[str]:
    """Give the formats in the order of FORMATS, each once, if these and the boards are known.

    Raises: TinypackError (unknown-format, unknown-board) with every unknown name
    """
    known: tuple[tuple[Callable[[str], object], Sequence[str]], ...] = ((find_format, formats), (board, boards))
    problems: list[Problem] = []
    for find, name in ((find, name) for find, names in known for name in names):
        try:
            find(name)
        except TinypackError as error:
            problems += error.problems
    if problems:
        raise TinypackError(problems)
    return [name for name in FORMATS if name in formats]


def check_boards(content: Content, boards: Sequence[str]) -> None:
    """Refuse a package that can't fit one of the boards whatever code is added, or can't keep up with its samples.

    Raises: TinypackError (unknown-board, does-not-fit, too-slow)
    """
    program, stream = content.program, content.stream
    chosen = [board(name) for name in boards]
    found = [each.fit(content.table_bytes, content.ram_bytes) for each in chosen]
    found += [load_problem(each, program, stream) for each in chosen] if stream else []
    problems = [problem for problem in found if problem is not None]
    if problems:
        raise TinypackError(problems)


def make_content(project: Project, model: bytes) -> Content:
    """Import, compile and emit a project's model, and ask the oracle what the self-test must give."""
    graph, program, stream = compile_project(project, model)
    manifest = project.manifest
    identity = Identity(
        name=manifest.package.name,
        version=manifest.package.version,
        description=manifest.package.description,
        tinypack=__version__,
        model_sha256=hashlib.sha256(model).hexdigest(),
        labels=tuple(manifest.model.labels),
    )
    inputs = [vector(graph, seed) for seed in BUILT_IN_SEEDS]
    outputs = run_oracle(model, graph, inputs, graph.outputs)
    expected = [(seed, digest(*given)) for seed, given in zip(BUILT_IN_SEEDS, outputs, strict=True)]
    results = stream_digests(stream, model, graph) if stream else []
    return Content(
        manifest=manifest,
        names=project.names,
        program=program,
        model_sha256=identity.model_sha256,
        oracle=oracle_name(),
        sources=emit_package(program, project.names, identity, stream),
        selftest=emit_selftest(program, project.names, identity, oracle_name(), expected, stream, results),
        stream=stream,
    )


def make_record(content: Content, project: Project, artifacts: Sequence[Artifact]) -> dict[str, Any]:
    """Say what a package is: hashes, shapes, memory, licences. Nothing of the machine it was built on."""
    manifest, program = content.manifest, content.program
    package = manifest.package
    return {
        "schema": "tinypack-record/1",
        "name": package.name,
        "version": package.version,
        "description": package.description,
        "authors": list(package.authors),
        "keywords": list(package.keywords),
        "repository": package.repository,
        "tinypack": __version__,
        "oracle": content.oracle,
        "licenses": {"model": package.license, "runtime": LICENSE},
        "model": {"file": project.model_path.name, "sha256": content.model_sha256},
        "inputs": [asdict(tensor_info(tensor)) for tensor in program.inputs],
        "outputs": [asdict(tensor_info(tensor)) for tensor in program.outputs],
        "labels": list(manifest.model.labels),
        "features": _section(manifest.features),
        "decision": _section(manifest.decision),
        "operators": sorted({node.op for node in program.graph.nodes}),
        "arena_bytes": program.arena_bytes,
        "ram_bytes": content.ram_bytes,
        "table_bytes": content.table_bytes,
        "kernels": list(program.kernels),
        "stream": stream_record(content.stream) if content.stream else None,
        "boards": list(manifest.build.boards),
        "card": manifest.card.model_dump(mode="json", exclude_defaults=True),
        "artifacts": [
            {"format": a.format, "filename": a.filename, "size": len(a.data), "sha256": a.sha256} for a in artifacts
        ],
    }


def _section(section: Section | None) -> dict[str, Any] | None:
    """Write out a section of the manifest, defaults and what a preset stands for too."""
    return section.model_dump(mode="json") if section is not None else None


def _warnings(project: Project, formats: Sequence[str], content: Content) -> Iterator[str]:
    needing = [name for name in formats if FORMATS[name].NEEDS_URL]
    if needing and not project.manifest.package.repository:
        yield f"package.repository is not set: packages for {' and '.join(needing)} name {NO_URL} instead"
    if content.stream is not None and not project.manifest.build.boards:
        for name in DEFAULT:
            problem = load_problem(board(name), content.program, content.stream)
            if problem is not None:
                yield f"{problem.where} does not keep up: {problem.found}; {problem.hint} (build.boards names none)"


def _check_labels(project: Project, program: Program) -> None:
    labels, classes = project.manifest.model.labels, program.outputs[0].elements
    if labels and len(labels) != classes:
        line = key_line(project.manifest_path.read_text(encoding="utf-8"), ["model", "labels"])
        where = f"{project.manifest_path}:{line}: model.labels"
        rule = "there must be a label for each element of the first output, or none"
        found = f"{len(labels)} labels, {classes} elements"
        raise TinypackError.one("bad-manifest", where, rule, found, "add or remove labels, or leave the key out")
