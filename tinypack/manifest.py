"""tinypack.toml: typed, validated, every error with its file, line and key."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from functools import reduce
from operator import or_
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from tinypack.decisions import DECISIONS
from tinypack.decisions.protocol import DecisionOptions
from tinypack.errors import Problem, TinypackError
from tinypack.features import EXTRACTORS
from tinypack.features.extractor import FeatureOptions
from tinypack.importers import feature_file
from tinypack.manifest_values import BoardName, FileName, FormatName, Keyword, Label, License, Name, Text, Url, Version
from tinypack.model_card import Card
from tinypack.names import Names, c_names, name_from_file
from tinypack.options import Section, broken
from tinypack.package import NO_LICENSE

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FILENAME = "tinypack.toml"
MOST_BYTES = 1 << 20
#: What pydantic finds wrong -> the rule that the user reads; {} are the numbers and names that it knows.
RULES = {
    "bool_type": "the value must be true or false",
    "extra_forbidden": "a key must be one that tinypack knows",
    "finite_number": "the value must be a finite number",
    "float_type": "the value must be a number",
    "greater_than": "the value must be greater than {gt}",
    "greater_than_equal": "the value must be at least {ge}",
    "int_type": "the value must be a whole number",
    "less_than": "the value must be less than {lt}",
    "less_than_equal": "the value must be at most {le}",
    "list_type": 'the value must be an array, such as ["one", "two"]',
    "literal_error": "the value must be {expected}",
    "missing": "the key must be there",
    "model_attributes_type": "the section must be a table with keys of its own",
    "model_type": "the section must be a table with keys of its own",
    "string_type": "the value must be text in quotes",
    "tinypack": "{rule}",
    "too_long": "the text may have up to {max_length} characters",
    "too_short": "the array needs at least {min_length} entry",
    "union_tag_invalid": "the type must be one of {expected_tags}",
    "union_tag_not_found": "the section must say its type",
}


class Package(Section):
    """Who and what the package is."""

    name: Name = Field(description="Package name; the C prefix is the same with `_`.")
    version: Version = Field("0.1.0", description="Semantic version.")
    description: Annotated[Text, Field(max_length=200)] = Field(
        "A quantised model as a library.", description="One sentence."
    )
    license: License = Field(
        NO_LICENSE, description="SPDX expression for the model. The runtime that tinypack adds is 0BSD."
    )
    authors: list[Annotated[Text, Field(max_length=100)]] = Field(
        default=["unknown"], min_length=1, description="`Name <mail>` each; the first is the maintainer."
    )
    repository: Url = Field("", description="Where the package's source lives.")
    keywords: list[Keyword] = Field(default=["tinyml"], description="Words to find it by.")


class Model(Section):
    """What is compiled."""

    file: FileName = Field(description="The .tflite, beside tinypack.toml.")
    labels: list[Label] = Field(default=[], description="A name for each element of the first output, in order.")
    engine: Literal["aot"] = Field("aot", description="How it runs: compiled ahead of time.")
    optimise: Literal["speed", "balanced", "size"] = Field(
        "balanced",
        description="Least time, for which the arena may grow by half, least code, or between, by an eighth.",
    )
    save_ram: bool = Field(
        False, description="Run layers row by row where that makes the arena smaller, for a few instructions more."
    )


class Build(Section):
    """What is made of it."""

    formats: list[FormatName] = Field(default=[], description="Package formats; all if none is named.")
    boards: list[BoardName] = Field(default=[], description="Boards that it must fit, and that `verify` runs.")


if TYPE_CHECKING:
    Features: TypeAlias = FeatureOptions
    Decision: TypeAlias = DecisionOptions
else:
    _features = (m.Options for m in (*EXTRACTORS.values(), feature_file))
    Features = Annotated[reduce(or_, _features), Field(discriminator="type")]
    Decision = Annotated[reduce(or_, (m.Options for m in DECISIONS.values())), Field(discriminator="type")]


class Manifest(Section):
    """tinypack.toml"""

    package: Package
    model: Model
    features: Features | None = Field(None, description="From samples to the model's input; none: the model alone.")
    decision: Decision | None = Field(None, description="From the model's output to a result; only with features.")
    build: Build = Build()
    card: Card = Card()

    @model_validator(mode="after")
    def _needs_features(self) -> Manifest:
        if self.decision is not None and self.features is None:
            raise broken("[decision] needs [features]", 'type = "raw" gives the model the samples as they are')
        if self.card.recording and self.features is None:
            raise broken("a recording in [card] needs [features]", "leave it out: without features nothing hears it")
        return self


@dataclass(frozen=True)
class Project:
    """A manifest and where it lies. `manifest_path` is the model itself where there is no tinypack.toml."""

    root: Path
    manifest_path: Path
    model_path: Path
    manifest: Manifest
    names: Names


def load_project(path: Path) -> Project:
    """Load a folder with tinypack.toml, that file, or a bare .tflite.

    Raises: TinypackError (io, bad-manifest, reserved-name) with every problem
    """
    if path.is_dir():
        path = path / FILENAME
    if path.suffix.lower() == ".tflite":
        if not path.name.isprintable():
            rule, hint = "the model's file name must be printable text in UTF-8", "rename the file"
            raise TinypackError.one("io", repr(path.name), rule, "other bytes", hint)
        name = name_from_file(path.stem)
        manifest = Manifest(package=Package(name=name), model=Model(file=path.name))
    else:
        manifest = parse_manifest(_read(path), path)
    return Project(path.parent, path, path.parent / manifest.model.file, manifest, c_names(manifest.package.name))


def parse_manifest(text: str, path: Path) -> Manifest:
    """Parse and validate the text of a tinypack.toml.

    Raises: TinypackError (bad-manifest, reserved-name) with every problem
    """
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a plain ValueError of numbers with thousands of digits
        message, _, place = str(error).partition(" (at ")
        line = re.search(r"line (\d+)", place)
        where = f"{path}:{line[1]}" if line else str(path)
        raise TinypackError.one("bad-manifest", where, "the file must be TOML (toml.io)", message) from None
    try:
        return Manifest.model_validate(data)
    except ValidationError as error:
        raise TinypackError(_problem(found, text, path) for found in error.errors()) from None


def manifest_schema() -> dict[str, Any]:
    """Give the JSON Schema of tinypack.toml, for editors."""
    schema = Manifest.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _read(path: Path) -> str:
    try:
        if path.exists() and not path.is_file():
            raise TinypackError.one("io", str(path), "the manifest must be a regular file", "a pipe or device")
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise TinypackError.one("io", str(path), f"a manifest may have up to {MOST_BYTES} bytes", "more")
        return data.decode()
    except UnicodeDecodeError:
        raise TinypackError.one("bad-manifest", str(path), "the file must be UTF-8") from None
    except OSError as error:
        hint = "`tinypack init model.tflite` writes one; a .tflite can also be given itself"
        raise TinypackError.one(
            "io", str(path), "the manifest must be a readable file", str(error.strerror), hint
        ) from None


def _problem(found: ErrorDetails, text: str, path: Path) -> Problem:
    keys = _place(found["loc"], tomllib.loads(text))
    line = key_line(text, [key for key in keys if isinstance(key, str)])
    where = f"{path}:{line}" + ": " * bool(keys) + ".".join(map(str, keys))
    context = found.get("ctx", {})
    code, hint = context.get("code", "bad-manifest"), context.get("hint", "")
    rule = RULES.get(found["type"], "the value must be as docs/manifest.md says").format_map(context)
    shown = {"missing": "it is missing", "extra_forbidden": str(keys[-1]) if keys else ""}.get(
        found["type"], _shown(found["input"])
    )
    return Problem(code, where, rule, shown, hint)


def _shown(value: object) -> str:
    try:
        return repr(value)[:100]
    except ValueError:  # Python refuses to write it
        return "a number of thousands of digits"


def _place(loc: tuple[int | str, ...], data: Any) -> list[int | str]:
    """Leave out of a place what pydantic adds to it: the type of a section, the kinds of value that a key may have."""
    keys: list[int | str] = []
    for i, key in enumerate(loc):
        last = i == len(loc) - 1
        inside = isinstance(data, list) if isinstance(key, int) else isinstance(data, dict) and (key in data or last)
        if inside and not (isinstance(data, dict) and key == data.get("type")):
            keys.append(key)
            known = (isinstance(data, dict) and key in data) or (isinstance(key, int) and key < len(data))
            data = data[key] if known else None
    return keys


def key_line(text: str, keys: list[str]) -> int:
    """Find the line of a key such as ["package", "name"], or of the nearest thing around it; 1 if nothing is."""
    table: list[str] = []
    best, depth = 1, 0
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[+\s*([^\]]+?)\s*\]", line)
        entry = re.match(r"\s*([\w.\"'-]+)\s*=", line)
        if header:
            table = _parts(header[1])
        here = table if header else [*table, *_parts(entry[1])] if entry else []
        common = next(
            (i for i, (a, b) in enumerate(zip(here, keys, strict=False)) if a != b), min(len(here), len(keys))
        )
        if common > depth and common == len(here):
            best, depth = number, common
    return best


def _parts(key: str) -> list[str]:
    return [part.strip().strip("\"'") for part in key.split(".")]
