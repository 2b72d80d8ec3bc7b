"""The CMSIS-Pack: one component for Keil, the CMSIS-Toolbox and what else reads packs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tinypack.errors import Problem
from tinypack.formats.facts import author, gather
from tinypack.formats.render import placed, render, sources
from tinypack.formats.rules import broken
from tinypack.formats.rules import cmsis_pack as rules
from tinypack.package import Content

if TYPE_CHECKING:
    from tinypack.manifest import Package

NAME = "cmsis-pack"
BRIEF = "CMSIS-Pack (.pack) for Keil, the CMSIS-Toolbox and others"
TOP_FOLDER = False  # the description lies at the root
NEEDS_URL = True

CLASS = "Machine Learning"
TEMPLATES = "template"
UNNAMED = "tinypack"  # the vendor where the first author's name gives none
LONGEST_VENDOR = 32


@dataclass(frozen=True)
class File:
    name: str
    category: str


@dataclass(frozen=True)
class Context:
    """What only the description and the readme need."""

    vendor: str
    filename: str
    url: str
    license_title: str
    keywords: tuple[str, ...]
    cclass: str
    templates: tuple[File, ...]


def filename(package: Package) -> str:
    return f"{vendor(package)}.{package.name}.{package.version}.pack"


def vendor(package: Package) -> str:
    """Make a vendor's name of the first author's: ASCII letters and digits, with `-` for all else."""
    name = author(package.authors[0]).name
    letters = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    words = re.sub(r"[^A-Za-z0-9]+", "-", letters).strip("-")[:LONGEST_VENDOR].strip("-")
    return words if len(words) > 1 and words != "unknown" else UNNAMED


def context(content: Content) -> Context:
    facts, package = gather(content), content.manifest.package
    template = (f"{TEMPLATES}/{facts.prefix}_selftest.c", *_headers(content))
    return Context(
        vendor=vendor(package),
        filename=filename(package),
        url=facts.url,
        license_title=f"Code: {facts.runtime_license}. Model: {facts.model_license}",
        keywords=tuple(package.keywords),
        cclass=CLASS,
        templates=tuple(File(path, "source" if path.endswith(".c") else "header") for path in template),
    )


def tree(content: Content) -> dict[str, bytes]:
    facts, own = gather(content), context(content)
    files = {
        **render("package", facts),
        **render("cmsis_pack", facts, cmsis_pack=own),
        **placed(TEMPLATES, content.selftest),
        **sources(content),
    }
    files[f"{own.vendor}.{facts.name}.pdsc"] = files.pop("package.pdsc")
    return files


def validate(files: Mapping[str, bytes]) -> list[Problem]:
    return broken(NAME, rules.RULES, rules.Pack.of(files))


def _headers(content: Content) -> tuple[str, ...]:
    return tuple(f"{TEMPLATES}/{path}" for path in content.selftest)
