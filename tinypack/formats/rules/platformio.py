"""Rules of a PlatformIO library, from its manual and from what its package manager refuses."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tinypack.formats.rules import Files, Finding, Rule, text
from tinypack.formats.rules.checks import SEMVER, URL, any_like, has, lacks, matches, none_like, there

TARGETS = r"\*|[a-z0-9_-]{1,50}"
SPDX = r"[A-Za-z0-9.+() -]{1,255}"


@dataclass(frozen=True)
class Library:
    files: Files
    manifest: str
    fields: Mapping[str, Any]  # empty if library.json is no object

    @classmethod
    def of(cls, files: Files) -> Library:
        try:
            fields = json.loads(text(files, "library.json"))
        except (ValueError, RecursionError):
            fields = None
        return cls(files, "library.json", fields if isinstance(fields, dict) else {})


def _items(value: Any) -> list[Any]:
    """Give the items of a list, or the one thing that stands where a list may."""
    return value if isinstance(value, list) else [value]


def _object(library: Library) -> Iterator[Finding]:
    if not library.fields:
        yield "library.json", text(library.files, "library.json")[:40] or "nothing"


def _headers(library: Library) -> Iterator[Finding]:
    for name in _items(library.fields.get("headers", [])):
        if f"src/{name}" not in library.files:
            yield "library.json, headers", repr(name)


def _records(field: str, keys: Mapping[str, str]) -> Callable[[Library], Iterator[Finding]]:
    """The field, where it is there, is a list of objects whose texts match, or one object."""

    def check(library: Library) -> Iterator[Finding]:
        for record in _items(library.fields.get(field, [])):
            for key, pattern in keys.items():
                found = record.get(key, "") if isinstance(record, dict) else None
                if not (isinstance(found, str) and re.fullmatch(pattern, found)):
                    yield f"library.json, {field}", f"{key}: {found!r} in {record!r}"

    return check


def _example_files(library: Library) -> Iterator[Finding]:
    examples = (one for one in _items(library.fields.get("examples", [])) if isinstance(one, dict))
    for example in examples:
        for name in _items(example.get("files")):
            if f"{example.get('base')}/{name}" not in library.files:
                yield "library.json, examples", f"{example.get('base')}/{name}"


RULES: tuple[Rule[Library], ...] = (
    Rule("PM001", "library.json is there", there("library.json")),
    Rule("PM002", "library.json is a JSON object", _object),
    Rule("PM003", "there is a name", has("name")),
    Rule("PM004", "the name has up to 100 characters, none of `:;/,@<>`", matches("name", r"[^:;/,@<>]{1,100}")),
    Rule("PM005", "there is a version", has("version")),
    Rule("PM006", "the version is MAJOR.MINOR.PATCH (semver.org), up to 50 characters", matches("version", SEMVER)),
    Rule("PM007", "there is a description", has("description")),
    Rule("PM008", "the description has up to 1000 characters", matches("description", r".{1,1000}")),
    Rule("PM009", "keywords have small letters, digits and `+_-. `", matches("keywords", r"[a-z0-9+_. -]{1,50}")),
    Rule("PM010", "the homepage is a URL", matches("homepage", URL)),
    Rule("PM011", "the licence is an SPDX expression", matches("license", SPDX)),
    Rule("PM012", "there is a frameworks field, or it counts as for none", has("frameworks")),
    Rule("PM013", "frameworks are `*` or PlatformIO's names", matches("frameworks", TARGETS)),
    Rule("PM014", "there is a platforms field", has("platforms")),
    Rule("PM015", "platforms are `*` or PlatformIO's names", matches("platforms", TARGETS)),
    Rule("PM016", "headers name files in src", _headers),
    Rule("PM017", "an author has a name", _records("authors", {"name": r".{1,100}", "email": r"(\S+@\S+)?"})),
    Rule("PM018", "a repository has a kind and a URL", _records("repository", {"type": "git|hg|svn", "url": URL})),
    Rule("PM019", "an example has a name", _records("examples", {"name": r"[A-Za-z0-9 _./-]{1,255}", "base": r".+"})),
    Rule("PM020", "an example's files are there", _example_files),
    Rule("PM021", "nothing runs at installation", lacks("scripts")),
    Rule("PD001", "there is a readme", any_like(r"readme\.md", "README.md")),
    Rule("PD002", "there is a licence file", any_like(r"license", "LICENSE")),
    Rule("PD003", "there is no second manifest", none_like(r"library\.properties|module\.json")),
)
