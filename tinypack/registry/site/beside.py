"""What the files of a release say beside its line: record, README, timeline. All of it is a stranger's."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from tinypack.errors import TinypackError
from tinypack.registry.entries import Archive, Release
from tinypack.registry.package_index import PackageIndex
from tinypack.registry.site.readme import find_readme
from tinypack.registry.site.timeline import Timeline, read_timeline

#: Largest file that is fetched for what it says: a record or timeline, and an archive for its README.
MOST_JSON_BYTES, MOST_ARCHIVE_BYTES = 2 << 20, 32 << 20
#: Where a README is looked for if the project's own was not published: one that tinypack wrote.
WITH_README = ("platformio", "arduino", "cmake")
MOST_SETTINGS, DEEPEST = 60, 3
LONGEST_SETTING = 1000


class Source(Protocol):
    """The registry that pages are written of; `client.registry.Registry` is one."""

    def names(self) -> Sequence[str]: ...

    def package(self, name: str) -> PackageIndex: ...

    def fetch(self, archive: Archive) -> bytes: ...


@dataclass(frozen=True)
class Beside:
    """What the record says of the model, as text, and what lies beside it.

    unreadable  files that should be there and could not be read
    """

    card: Mapping[str, str]
    features: Mapping[str, str]
    decision: Mapping[str, str]
    operators: Sequence[str]
    readme: str
    timeline: Timeline | None
    unreadable: Sequence[str]


class _Files:
    def __init__(self, registry: Source, release: Release) -> None:
        self.registry, self.release = registry, release
        self.unreadable: list[str] = []

    def read(self, format: str, most: int) -> tuple[str, bytes]:
        """Give an archive's file name and bytes; none if it is not there, too large, or can't be read."""
        archive = self.release.archive(format)
        if archive is None or archive.size > most:
            return "", b""
        try:
            return archive.filename, self.registry.fetch(archive)
        except TinypackError:
            self.unreadable.append(archive.filename)
            return archive.filename, b""


def read_beside(registry: Source, release: Release) -> Beside:
    """Fetch and read them; what can't be read is left out."""
    files = _Files(registry, release)
    record = _object(files.read("record", MOST_JSON_BYTES)[1])
    own = files.read("readme", MOST_JSON_BYTES)[1].decode("utf-8", "replace")
    archives = (files.read(format, MOST_ARCHIVE_BYTES) for format in WITH_README)
    readmes = (find_readme(data, filename) for filename, data in archives if data)
    return Beside(
        card=_texts(record.get("card")),
        features=_texts(record.get("features")),
        decision=_texts(record.get("decision")),
        operators=[_text(name) for name in _list(record.get("operators"))[:MOST_SETTINGS]],
        readme=own or next((readme for readme in readmes if readme), ""),
        timeline=read_timeline(files.read("timeline", MOST_JSON_BYTES)[1]),
        unreadable=files.unreadable,
    )


def _object(data: bytes) -> dict[str, Any]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _texts(value: object) -> dict[str, str]:
    """Give settings as text; those that are off are left out."""
    settings = value if isinstance(value, dict) else {}
    said = {str(key): _text(setting) for key, setting in list(settings.items())[:MOST_SETTINGS] if _says(setting)}
    return {key: text for key, text in said.items() if text}


def _says(setting: object) -> bool:
    return setting is not None and setting is not False


def _text(value: object, deepest: int = DEEPEST) -> str:
    if isinstance(value, (list, dict)) and not deepest:
        return "…"
    if isinstance(value, list):
        return ", ".join(_text(each, deepest - 1) for each in value[:MOST_SETTINGS])[:LONGEST_SETTING]
    if isinstance(value, dict):
        settings = list(value.items())[:MOST_SETTINGS]
        return ", ".join(f"{key} {_text(each, deepest - 1)}" for key, each in settings)[:LONGEST_SETTING]
    return "yes" if value is True else str(value)[:LONGEST_SETTING]


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
