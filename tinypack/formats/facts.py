"""What every package says of itself, ready for the templates of all formats."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tinypack import __version__
from tinypack.compile.emit import LICENSE, Port, ports
from tinypack.formats.sketch import StreamSketch, stream_sketch
from tinypack.package import NO_LICENSE, Content

UNSTATED = "LicenseRef-model-unstated"  # SPDX's way to name terms that are not on its list
NO_URL = "https://example.org/"  # where a package must name one; it answers, as the registries' checks want
BAUD = 115200
SHOWN = 16  # output elements that a sketch prints where there are no labels


@dataclass(frozen=True)
class Author:
    name: str
    email: str  # "" if there is none


@dataclass(frozen=True)
class Described:
    """An input or output as a Markdown table has it."""

    call: str
    length: int
    summary: str


@dataclass(frozen=True)
class Facts:
    name: str
    version: str
    prefix: str
    macro: str
    cls: str
    description: str
    authors: tuple[Author, ...]
    repository: str  # "" if there is none
    url: str  # always there
    license: str  # SPDX expression for the whole package
    model_license: str  # SPDX expression or words
    runtime_license: str
    tinypack: str
    model_sha256: str
    oracle: str
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    labels: tuple[str, ...]
    heading: str  # the description, as Markdown
    rows: tuple[tuple[int, str], ...]  # the labels as a Markdown table has them
    described: tuple[Described, ...]  # inputs and outputs, likewise
    sources: tuple[str, ...]  # .c files below src
    arena_bytes: int
    ram_bytes: int  # of a state
    table_bytes: int
    baud: int
    shown: int
    sketch: StreamSketch | None  # of a package with features


def gather(content: Content) -> Facts:
    """Collect the facts of a package."""
    package, names, program = content.manifest.package, content.names, content.program
    labels = tuple(content.manifest.model.labels)
    inputs = tuple(ports("INPUT", program.inputs, program))
    outputs = tuple(ports("OUTPUT", program.outputs, program))
    stated = package.license != NO_LICENSE
    return Facts(
        name=package.name,
        version=package.version,
        prefix=names.prefix,
        macro=names.macro,
        cls=names.cls,
        description=package.description,
        authors=tuple(author(text) for text in package.authors),
        repository=package.repository,
        url=package.repository or NO_URL,
        license=license_expression(package.license),
        model_license=package.license if stated else "not stated: ask whoever trained it",
        runtime_license=LICENSE,
        tinypack=__version__,
        model_sha256=content.model_sha256,
        oracle=content.oracle,
        inputs=inputs,
        outputs=outputs,
        labels=labels,
        heading=markdown(package.description),
        rows=tuple((i, markdown(label)) for i, label in enumerate(labels)),
        described=(*_described(f"{names.prefix}_input", inputs), *_described(f"{names.prefix}_output", outputs)),
        sources=tuple(sorted(path for path in content.sources if path.endswith(".c"))),
        arena_bytes=program.arena_bytes,
        ram_bytes=content.ram_bytes,
        table_bytes=content.table_bytes,
        baud=BAUD,
        shown=min(SHOWN, program.outputs[0].elements),
        sketch=stream_sketch(content, content.stream, names.macro) if content.stream else None,
    )


def author(text: str) -> Author:
    """Split `Name <mail>`."""
    match = re.fullmatch(r"\s*([^<>]*[^<>\s])\s*(?:<([^<>\s]+@[^<>\s]+)>)?\s*", text)
    return Author(match[1], match[2] or "") if match else Author(text, "")


def license_expression(model: str) -> str:
    """Join the licence of the emitted code with the model's, as SPDX."""
    if model in (LICENSE, NO_LICENSE):
        return LICENSE if model == LICENSE else f"{LICENSE} AND {UNSTATED}"
    return f"{LICENSE} AND ({model})" if " OR " in model else f"{LICENSE} AND {model}"


def _described(call: str, ports: tuple[Port, ...]) -> tuple[Described, ...]:
    return tuple(Described(f"{call}{port.suffix}()", port.length, markdown(port.summary)) for port in ports)


def markdown(text: str) -> str:
    """Escape what Markdown would take for its own, also inside a table."""
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", text)
