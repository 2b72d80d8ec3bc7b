"""tinypack.toml: typed, validated, every error with its file, line and key."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import semver
from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from tinypack.errors import Problem, TinypackError
from tinypack.names import Names, c_names, name_from_file, name_problem

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FILENAME = "tinypack.toml"
MOST_BYTES = 1 << 20
NO_LICENSE = "NOASSERTION"  # SPDX for "nobody said"


def _rule(code: str, rule: str, hint: str = "") -> PydanticCustomError:
    return PydanticCustomError("tinypack", "{rule}", {"code": code, "rule": rule, "hint": hint})


def _name(value: str) -> str:
    problem = name_problem(value)
    if problem:
        raise _rule(*problem, hint=f'"{name_from_file(value)}" would do')
    return value


def _version(value: str) -> str:
    if not semver.Version.is_valid(value) or "+" in value:
        raise _rule("bad-manifest", "a version is MAJOR.MINOR.PATCH (semver.org), without build metadata")
    return value


def _license(value: str) -> str:
    if value == NO_LICENSE:
        return value
    try:
        return str(canonicalize_license_expression(value))
    except InvalidLicenseExpression:
        raise _rule("bad-manifest", "a licence is an SPDX expression, such as Apache-2.0 (spdx.org/licenses)") from None


def _one_line(value: str) -> str:
    if not value.isprintable():
        raise _rule("bad-manifest", "the text must be one line without control characters")
    return value


def _visible(value: str) -> str:
    if not value.strip():
        raise _rule("bad-manifest", "the text must say something")
    return _one_line(value)


def _inside(value: str) -> str:
    if Path(value).is_absolute() or ".." in Path(value).parts:
        raise _rule("bad-manifest", "the file must lie in the project's folder", "copy the model beside tinypack.toml")
    return value


def _url(value: str) -> str:
    if value and not re.fullmatch(r"https?://[^\s\"<>]+", value):
        raise _rule("bad-manifest", "a repository is an http or https URL")
    return value


Line = Annotated[str, AfterValidator(_one_line)]
Text = Annotated[str, AfterValidator(_visible)]
Label = Annotated[Line, Field(max_length=80)]
Keyword = Annotated[str, Field(pattern=r"^[a-z0-9+_. -]{1,50}$")]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Package(_Section):
    """Who and what the package is."""

    name: Annotated[str, AfterValidator(_name)] = Field(description="Package name; the C prefix is the same with `_`.")
    version: Annotated[str, AfterValidator(_version)] = Field("0.1.0", description="Semantic version.")
    description: Annotated[Text, Field(max_length=200)] = Field(
        "A quantised model as a library.", description="One sentence."
    )
    license: Annotated[str, AfterValidator(_license)] = Field(
        NO_LICENSE, description="SPDX expression for the model. The runtime that tinypack adds is 0BSD."
    )
    authors: list[Annotated[Text, Field(max_length=100)]] = Field(
        default=["unknown"], min_length=1, description="`Name <mail>` each; the first is the maintainer."
    )
    repository: Annotated[str, AfterValidator(_url)] = Field("", description="Where the package's source lives.")
    keywords: list[Keyword] = Field(default=["tinyml"], description="Words to find it by.")


class Model(_Section):
    """What is compiled."""

    file: Annotated[Text, AfterValidator(_inside)] = Field(description="The .tflite, beside tinypack.toml.")
    labels: list[Label] = Field(default=[], description="A name for each element of the first output, in order.")
    engine: Literal["aot"] = Field("aot", description="How it runs: compiled ahead of time.")


class Build(_Section):
    """What is made of it."""

    formats: list[str] = Field(default=[], description="Package formats; all if none is named.")
    boards: list[str] = Field(default=[], description="Boards that it must fit, and that `verify` runs.")


class Manifest(_Section):
    """tinypack.toml"""

    package: Package
    model: Model
    build: Build = Build()


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
    except (tomllib.TOMLDecodeError, RecursionError) as error:
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
    keys = [str(key) for key in found["loc"]]
    line = key_line(text, [key for key in found["loc"] if isinstance(key, str)])
    where = f"{path}:{line}: {'.'.join(keys)}"
    context = found.get("ctx", {})
    code, hint = context.get("code", "bad-manifest"), context.get("hint", "")
    if found["type"] == "missing":
        return Problem(code, where, "the key must be there", "it is missing")
    if found["type"] == "extra_forbidden":
        known = "see docs/manifest.md for the keys that there are"
        return Problem(code, where, "a key must be one that tinypack knows", keys[-1], known)
    return Problem(code, where, context.get("rule", found["msg"]), repr(found["input"])[:100], hint)


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
