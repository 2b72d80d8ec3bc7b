"""Template folders to file trees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from tinypack.formats.facts import Facts
from tinypack.package import Content
from tinypack.templates_location import environment

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

ENDING = ".j2"


def render(folder: str, facts: Facts, **more: DataclassInstance) -> dict[str, bytes]:
    """Render a folder below `templates`: the same tree, without the ending, with names for `__prefix__` and `__name__`.

    Templates see each fact by its name, and what else a format has to say as an object.
    """
    known: dict[str, Any] = {field.name: getattr(facts, field.name) for field in fields(facts)}
    jinja = environment()
    paths = jinja.list_templates(filter_func=lambda path: path.startswith(f"{folder}/"))
    return {_target(path, folder, facts): jinja.get_template(path).render({**known, **more}).encode() for path in paths}


def _target(path: str, folder: str, facts: Facts) -> str:
    inside = path.removeprefix(f"{folder}/").removesuffix(ENDING)
    return inside.replace("__prefix__", facts.prefix).replace("__name__", facts.name)


def placed(folder: str, texts: Mapping[str, str]) -> dict[str, bytes]:
    """Put emitted files into a folder of the package, unchanged."""
    return {f"{folder}/{path}": text.encode() for path, text in texts.items()}


def sources(content: Content) -> dict[str, bytes]:
    """Give the compiled model as it lies in `src` of every package."""
    return placed("src", content.sources)
