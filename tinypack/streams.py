"""Joins a project's features and decision with its model, for building, training and replay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeGuard

from tinypack.boards import DEFAULT, board
from tinypack.compile.program import Program
from tinypack.compile.stream import Stream
from tinypack.compile.stream_plan import Where, plan_stream
from tinypack.costs.stream_load import needed_ring
from tinypack.errors import TinypackError
from tinypack.features import EXTRACTORS
from tinypack.features.extractor import FeatureOptions, FrontEnd
from tinypack.features.pipeline import Pipeline
from tinypack.graph import Graph
from tinypack.importers import feature_file
from tinypack.importers.signal import split_front_end
from tinypack.importers.tflite import import_tflite
from tinypack.manifest import Project, key_line, load_project
from tinypack.model_file import read_model


def split_model(project: Project, graph: Graph) -> tuple[FrontEnd | None, Graph]:
    """Give a project's front end (None without features), and the network behind it: the model, or the end of it.

    Raises: TinypackError (bad-manifest, bad-model, unsupported-op, io)
    """
    features = project.manifest.features
    if _carried(features):
        return feature_file.split_model(features, graph, places(project)(["features"]))
    if split_front_end(graph)[0] is not None:
        rule = 'a model that begins with Signal operators needs [features] type = "tflite", without file'
        file = features.file if isinstance(features, feature_file.Options) else None
        found = f'file = "{file}"' if file else f'type = "{features.type}"' if features else "no [features]"
        hint = "`tinypack init` writes it; docs/features/microfrontend.md describes it"
        raise TinypackError.one("bad-manifest", places(project)(["features"]), rule, found, hint)
    return front_end(features, project.root) if features else None, graph


def front_end(features: FeatureOptions, root: Path) -> FrontEnd:
    """Design a front end that no model carries; `root` is where files lie that options name."""
    if isinstance(features, feature_file.Options):
        return feature_file.front_end(features, root)
    return EXTRACTORS[features.type].front_end(features)


def _carried(features: FeatureOptions | None) -> TypeGuard[feature_file.Options]:
    """Tell whether the model begins with the front end."""
    return isinstance(features, feature_file.Options) and features.file is None


def load_features(path: str | Path) -> Pipeline:
    """Load the features of a project, to train with: it need not have its model yet, unless that carries them.

    Raises: TinypackError (io, bad-manifest, reserved-name; what is wrong with a model that is there)
    """
    project = load_project(Path(path))
    options = project.manifest.features
    if options is None:
        where, rule = str(project.manifest_path), "the manifest must have a section [features]"
        raise TinypackError.one("bad-manifest", where, rule, "none", "docs/features/ describes them")
    if not project.model_path.exists() and not _carried(options):
        return Pipeline(front_end(options, project.root), options, frames=options.frames)
    graph = import_tflite(read_model(project.model_path), str(project.model_path))
    front, network = split_model(project, graph)
    assert front is not None
    tensor = network.tensors[network.inputs[0]]
    quantization = tensor.quantization
    frames = options.frames or tensor.elements // front.features.length
    return Pipeline(
        front,
        options,
        scale=quantization.scale if quantization else None,
        zero_point=quantization.zero_point if quantization else 0,
        frames=frames,
    )


def project_stream(project: Project, front: FrontEnd | None, program: Program) -> Stream | None:
    """Plan a project's stream from its front end through its compiled network; None if it has no features.

    Its ring holds what comes during an inference on each of the project's boards (default: those of DEFAULT).
    Raises: TinypackError (bad-manifest) if features, model and decision don't go together
    """
    manifest = project.manifest
    if front is None or manifest.features is None:
        return None
    labels, where = manifest.model.labels, places(project)
    stream = plan_stream(program, front, manifest.features, manifest.decision, labels, project.root, where)
    if not stream.streaming:
        return stream
    boards = [board(name) for name in manifest.build.boards or DEFAULT]
    return replace(stream, ring=max(stream.ring, needed_ring(boards, program, stream)))


def places(project: Project) -> Where:
    """Give a function that names the place of a key as messages do: file, line, key; the model if it is bare."""
    bare = project.manifest_path == project.model_path

    def where(keys: Sequence[str]) -> str:
        line = 0 if bare else key_line(project.manifest_path.read_text(encoding="utf-8"), list(keys))
        return str(project.model_path) if bare else f"{project.manifest_path}:{line}: {'.'.join(keys)}"

    return where
