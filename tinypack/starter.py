"""The first tinypack.toml of a project, written from what the model says."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from tinypack.errors import TinypackError
from tinypack.formats import FORMATS
from tinypack.graph import Tensor
from tinypack.importers import feature_file
from tinypack.importers.signal import split_front_end
from tinypack.manifest import FILENAME, load_project, parse_manifest
from tinypack.names import c_names, name_from_file, name_problem
from tinypack.pack import inspect_project, load_model
from tinypack.templates_location import environment


def starter_manifest(model: Path, name: str | None = None) -> str:
    """Write a commented tinypack.toml for a model that lies in the same folder.

    Raises: TinypackError if the model can't be compiled or the name breaks a rule
    """
    chosen = name_from_file(model.stem) if name is None else name
    problem = name_problem(chosen)
    if problem is not None:
        code, rule = problem
        raise TinypackError.one(code, "the package's name", rule, repr(chosen), f'"{name_from_file(chosen)}" would do')
    graph, project = load_model(model), load_project(model)
    front, _ = split_front_end(graph)
    if front is not None:
        features = feature_file.Options(type="tflite")
        project = replace(project, manifest=project.manifest.model_copy(update={"features": features}))
    found = inspect_project(project)
    classes = graph.tensors[graph.outputs[0]].elements
    text = (
        environment()
        .get_template("project/tinypack.toml.j2")
        .render(
            name=json.dumps(chosen),
            prefix=c_names(chosen).prefix,
            description=json.dumps(f"The model {model.stem}, quantised, as a library.", ensure_ascii=False),
            model_bytes=found.model_bytes,
            operators=", ".join(f"{count} x {op}" for op, count in found.operators.items()),
            inputs=[_port(graph.tensors[key]) for key in graph.inputs],
            outputs=[_port(graph.tensors[key]) for key in graph.outputs],
            file=json.dumps(model.name, ensure_ascii=False),
            classes=classes,
            front=front,
            example_labels=", ".join(f'"class {i}"' for i in range(min(classes, 3))) + (", ..." if classes > 3 else ""),
            formats=", ".join(f'"{name}"' for name in FORMATS),
        )
    )
    parse_manifest(text, Path(FILENAME))
    return text


def _port(tensor: Tensor) -> str:
    q = tensor.quantization
    about = f", scale {q.scale:.9g}, zero point {q.zero_point}" if q else ""
    return f"{tensor.dtype} {list(tensor.shape)}{about}"
