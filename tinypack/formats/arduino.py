"""The Arduino library: a zip for the IDE and arduino-cli."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tinypack.errors import Problem
from tinypack.formats.facts import Facts, gather
from tinypack.formats.render import placed, render, sources
from tinypack.formats.rules import arduino as rules
from tinypack.formats.rules import broken
from tinypack.package import Content

if TYPE_CHECKING:
    from tinypack.manifest import Package

NAME = "arduino"
BRIEF = "Arduino library (.zip) for the IDE and arduino-cli"
TOP_FOLDER = True
NEEDS_URL = True

CATEGORY = "Data Processing"
STREAM_METHODS = ("push", "ready", "run", "lost", "sample")
STREAM_CONSTANTS = ("SAMPLE_RATE", "CHANNELS", "FRAME_SAMPLES", "HOP_SAMPLES", "RING_SAMPLES", "EVERY")


@dataclass(frozen=True)
class Context:
    author: str
    maintainer: str
    paragraph: str
    category: str
    url: str
    types: tuple[str, ...]
    functions: tuple[str, ...]
    constants: tuple[str, ...]


def filename(package: Package) -> str:
    return f"{package.name}-{package.version}-arduino.zip"


def context(content: Content) -> Context:
    """Say what only library.properties and keywords.txt need."""
    facts = gather(content)
    first = facts.authors[0]
    return Context(
        author=", ".join(author.name for author in facts.authors),
        maintainer=f"{first.name} <{first.email}>" if first.email else first.name,
        paragraph=f"Takes {facts.ram_bytes} bytes of RAM and {facts.table_bytes} bytes of flash for tables."
        f" Model licence: {facts.model_license}.",
        category=CATEGORY,
        url=facts.url,
        types=(facts.cls, f"{facts.prefix}_t", *([f"{facts.prefix}_result_t"] if facts.sketch else [])),
        functions=_functions(facts),
        constants=_constants(facts),
    )


def tree(content: Content) -> dict[str, bytes]:
    facts = gather(content)
    return {
        **render("package", facts),
        **render("arduino", facts, arduino=context(content)),
        **sketches(content),
        **sources(content),
    }


def sketches(content: Content) -> dict[str, bytes]:
    """Give the example sketches, with the self-test's header beside its sketch; `Stream` is that of the sensor."""
    facts = gather(content)
    found = {**render("sketches", facts), **placed("examples/SelfTest", content.selftest)}
    return found | render(f"sketch_{facts.sketch.sensor}", facts) if facts.sketch else found


def validate(files: Mapping[str, bytes]) -> list[Problem]:
    return broken(NAME, rules.RULES, rules.Library.of(files))


def _functions(facts: Facts) -> tuple[str, ...]:
    methods = ["invoke", "top", *(["label"] if facts.labels else [])]
    methods += [f"input{port.suffix}" for port in facts.inputs] + [f"output{port.suffix}" for port in facts.outputs]
    methods += [f"quantize{port.suffix}" for port in facts.inputs if port.scale]
    methods += [f"dequantize{port.suffix}" for port in facts.outputs if port.scale]
    if facts.sketch is not None:
        methods += ["reset", "result", *(STREAM_METHODS if facts.sketch.streaming else ["run_image"])]
    calls = [f"{facts.prefix}_{method}" for method in (*methods, "init", "strerror")]
    return (*sorted(["begin", "state", *methods]), *sorted(calls))


def _constants(facts: Facts) -> tuple[str, ...]:
    ends = ["VERSION", "ARENA_BYTES", "OK", "E_NULL", "E_ALIGN", *(["LABEL_COUNT"] if facts.labels else [])]
    if facts.sketch is not None:
        ends += ["SCORE_ONE", "FRAMES", "FEATURE_LEN"]
        ends += STREAM_CONSTANTS if facts.sketch.streaming else ["IMAGE_BYTES"]
    for port in (*facts.inputs, *facts.outputs):
        ends += [f"{port.macro}_LEN", *([f"{port.macro}_SCALE", f"{port.macro}_ZERO_POINT"] if port.scale else [])]
    return tuple(sorted(f"{facts.macro}_{end}" for end in ends))
