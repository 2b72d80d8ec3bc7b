"""The PlatformIO library: a tar.gz for lib_deps."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from tinypack.errors import Problem
from tinypack.formats.arduino import sketches
from tinypack.formats.facts import Author, gather
from tinypack.formats.render import render, sources
from tinypack.formats.rules import broken
from tinypack.formats.rules import platformio as rules
from tinypack.package import Content

if TYPE_CHECKING:
    from tinypack.manifest import Package

NAME = "platformio"
BRIEF = "PlatformIO library (.tar.gz) for lib_deps"
TOP_FOLDER = False  # PlatformIO looks for library.json at the root first
NEEDS_URL = False


@dataclass(frozen=True)
class Context:
    """library.json, key by key."""

    manifest: Mapping[str, Any]


def filename(package: Package) -> str:
    return f"{package.name}-{package.version}.tar.gz"


def context(content: Content) -> Context:
    facts = gather(content)
    origin = {"repository": {"type": "git", "url": facts.repository}, "homepage": facts.repository}
    return Context(
        {
            "name": facts.name,
            "version": facts.version,
            "description": facts.description,
            "keywords": list(content.manifest.package.keywords),
            "authors": [_author(author, first=i == 0) for i, author in enumerate(facts.authors)],
            **(origin if facts.repository else {}),
            "license": facts.license,
            "frameworks": "*",
            "platforms": "*",
            "headers": f"{facts.prefix}.h",
            "examples": _examples(sketches(content)),
        }
    )


def tree(content: Content) -> dict[str, bytes]:
    facts = gather(content)
    manifest = json.dumps(context(content).manifest, indent=2, ensure_ascii=False) + "\n"
    return {
        **render("package", facts),
        **render("platformio", facts),
        **sketches(content),
        **sources(content),
        "library.json": manifest.encode(),
    }


def validate(files: Mapping[str, bytes]) -> list[Problem]:
    return broken(NAME, rules.RULES, rules.Library.of(files))


def _author(author: Author, first: bool) -> dict[str, Any]:
    email = {"email": author.email} if author.email else {}
    return {"name": author.name, **email, **({"maintainer": True} if first else {})}


def _examples(files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    folders: dict[PurePosixPath, list[str]] = {}
    for path in map(PurePosixPath, sorted(files)):
        folders.setdefault(path.parent, []).append(path.name)
    return [{"name": base.name, "base": str(base), "files": names} for base, names in folders.items()]
