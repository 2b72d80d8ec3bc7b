"""The ESP-IDF component: a folder for `components/`, or for the component manager."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tinypack.errors import Problem
from tinypack.formats.facts import gather
from tinypack.formats.render import placed, render, sources
from tinypack.formats.rules import broken
from tinypack.formats.rules import esp_idf as rules
from tinypack.package import Content

if TYPE_CHECKING:
    from tinypack.manifest import Package

NAME = "esp-idf"
BRIEF = "ESP-IDF component (.tar.gz) with an example project"
TOP_FOLDER = True  # the folder's name is the component's
NEEDS_URL = False

SHORTEST_TAG, LONGEST_TAG = 3, 32


@dataclass(frozen=True)
class Context:
    """What idf_component.yml says, each text in double quotes as YAML takes it."""

    version: str
    description: str
    license: str
    maintainers: tuple[str, ...]
    repository: str  # "" if there is none
    tags: tuple[str, ...]


def filename(package: Package) -> str:
    return f"{package.name}-{package.version}-esp-idf.tar.gz"


def context(content: Content) -> Context:
    facts = gather(content)
    return Context(
        version=_quoted(facts.version),
        description=_quoted(facts.description),
        license=_quoted(facts.license),
        maintainers=tuple(_quoted(text) for text in _each_once(content.manifest.package.authors)),
        repository=_quoted(facts.repository) if facts.repository else "",
        tags=tuple(_quoted(tag) for tag in tags(content.manifest.package.keywords)),
    )


def tree(content: Content) -> dict[str, bytes]:
    facts = gather(content)
    return {
        **render("package", facts),
        **render("esp_idf", facts, esp_idf=context(content)),
        **placed("examples/selftest/main", content.selftest),
        **sources(content),
    }


def validate(files: Mapping[str, bytes]) -> list[Problem]:
    return broken(NAME, rules.RULES, rules.Component.of(files))


def tags(keywords: Sequence[str]) -> list[str]:
    """Make tags of keywords: letters, digits, `_` and `-` alone; those that end too short are left out."""
    words = (re.sub(r"[^a-z0-9_]+", "-", keyword)[:LONGEST_TAG].strip("-") for keyword in keywords)
    return _each_once([word for word in words if len(word) >= SHORTEST_TAG])


def _each_once(texts: Sequence[str]) -> list[str]:
    """Drop texts that came before, also where case does not count."""
    return list({text.lower(): text for text in reversed(texts)}.values())[::-1]


def _quoted(text: str) -> str:
    """Write a text of one line as JSON, which YAML reads as the same."""
    return json.dumps(text, ensure_ascii=False)
