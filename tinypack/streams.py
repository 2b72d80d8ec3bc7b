"""Joins a project's features and decision with its model, for building, training and replay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tinypack.boards import DEFAULT, board
from tinypack.compile.program import Program
from tinypack.compile.stream import Stream, Where, plan_stream
from tinypack.costs.stream_load import needed_ring
from tinypack.errors import TinypackError
from tinypack.features import EXTRACTORS
from tinypack.features.extractor import FrontEnd
from tinypack.features.pipeline import Pipeline
from tinypack.importers import feature_file
from tinypack.importers.tflite import import_tflite
from tinypack.manifest import Project, key_line, load_project
from tinypack.model_file import read_model


def front_end(project: Project) -> FrontEnd | None:
    """Design a project's front end; None if it has no features."""
    features = project.manifest.features
    if isinstance(features, feature_file.Options):
        return feature_file.front_end(features, project.root)
    return None if features is None else EXTRACTORS[features.type].front_end(features)


def load_features(path: str | Path) -> Pipeline:
    """Load the features of a project, to train with: it need not have its model yet.

    Raises: TinypackError (io, bad-manifest, reserved-name; what is wrong with a model that is there)
    """
    project = load_project(Path(path))
    front, options = front_end(project), project.manifest.features
    if front is None or options is None:
        where, rule = str(project.manifest_path), "the manifest must have a section [features]"
        raise TinypackError.one("bad-manifest", where, rule, "none", "docs/features/ describes them")
    if not project.model_path.exists():
        return Pipeline(front, options, frames=options.frames)
    graph = import_tflite(read_model(project.model_path), str(project.model_path))
    tensor = graph.tensors[graph.inputs[0]]
    quantization = tensor.quantization
    frames = options.frames or tensor.elements // front.features.length
    return Pipeline(
        front,
        options,
        scale=quantization.scale if quantization else None,
        zero_point=quantization.zero_point if quantization else 0,
        frames=frames,
    )


def project_stream(project: Project, program: Program) -> Stream | None:
    """Plan a project's stream around its compiled model; None if it has no features.

    Its ring holds what comes during an inference on each of the project's boards (default: those of DEFAULT).
    Raises: TinypackError (bad-manifest) if features, model and decision don't go together
    """
    manifest, front = project.manifest, front_end(project)
    if front is None or manifest.features is None:
        return None
    labels, where = manifest.model.labels, places(project)
    stream = plan_stream(program, front, manifest.features, manifest.decision, labels, project.root, where)
    if not stream.streaming:
        return stream
    boards = [board(name) for name in manifest.build.boards or DEFAULT]
    return replace(stream, ring=max(stream.ring, needed_ring(boards, program, stream)))


def places(project: Project) -> Where:
    """Give a function that names the place of a key as messages do: file, line, key."""
    text = project.manifest_path.read_text(encoding="utf-8") if project.manifest.features else ""

    def where(keys: Sequence[str]) -> str:
        return f"{project.manifest_path}:{key_line(text, list(keys))}: {'.'.join(keys)}"

    return where
