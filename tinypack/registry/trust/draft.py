"""The next state of a registry, as it is put together: new metadata, and what they supersede."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from tuf.api.metadata import MetaFile, Snapshot, Targets, Timestamp

from tinypack.errors import TinypackError
from tinypack.registry.paths import HEAD
from tinypack.registry.stores import Edit, Reader
from tinypack.registry.trust.keys import SigningKey
from tinypack.registry.trust.metadata import exists, metadata_path, now, seal
from tinypack.registry.trust.settings import LATE_DAYS, MOST_BIN_BYTES, SUPERSEDED_FIELD, Settings

#: Superseded files stay as long as a web cache may hand out an old timestamp, but no more of them than this.
KEEP = timedelta(hours=1)
MOST_SUPERSEDED = 128


Versioned = TypeVar("Versioned", Targets, Snapshot)


class Draft:
    """Collects files; `finish` signs snapshot and timestamp around them.

    A version that an interrupted writer left behind is never used: the next free number is.
    """

    def __init__(
        self,
        reader: Reader,
        registry: str,
        settings: Settings,
        snapshot: Snapshot | None = None,
        timestamp: Timestamp | None = None,
    ) -> None:
        self.reader = reader
        self.registry = registry
        self.settings = settings
        self.new: dict[str, bytes] = {}
        self.superseded: list[str] = []
        self._live: set[str] = set()
        self.meta: dict[str, MetaFile] = dict(snapshot.meta) if snapshot else {}
        self._log = _log(snapshot)
        self._versions = (snapshot.version if snapshot else 0, timestamp.version if timestamp else 0)

    def put(self, role: str, signed: Targets, keys: Sequence[SigningKey]) -> None:
        """Write a new version of targets or of a bin.

        Raises: TinypackError (bad-registry) if it outgrows its limit
        """
        meta = self.meta.get(f"{role}.json")
        before = meta.version if meta else 0
        path = self._write(role, signed, before, keys)
        if before:
            self.superseded.append(metadata_path(role, before))
        if len(self.new[path]) > MOST_BIN_BYTES:
            hint = "a registry this large needs more bins: make a new one with `tinypack registry init --bins`"
            raise TinypackError.one("bad-registry", path, f"it has up to {MOST_BIN_BYTES} bytes", "more", hint)
        self.meta[f"{role}.json"] = MetaFile(signed.version)

    def put_file(self, path: str, data: bytes) -> None:
        """Write a file whose path holds its hash; it may be there from an interrupted attempt."""
        self._live.add(path)
        if not exists(self.reader, path):
            self.new[path] = data

    def finish(self, keys: Sequence[SigningKey], message: str = "", tags: Iterable[str] = ()) -> Edit:
        """Sign snapshot and timestamp, and give the whole change."""
        number, _ = self._versions
        if number:
            self.superseded.append(metadata_path("snapshot", number))
        kept, drop = _shorten([*self._log, (now(), self.superseded)])
        fields = {SUPERSEDED_FIELD: [[when.isoformat(), paths] for when, paths in kept]}
        snapshot = Snapshot(meta=self.meta, unrecognized_fields=fields)
        path = self._write("snapshot", snapshot, number, keys)
        meta = MetaFile.from_data(snapshot.version, self.new[path], ["sha256"])
        return Edit(
            new=self.new,
            head=(HEAD, self.timestamp(meta, keys)),
            drop=tuple(path for path in drop if path not in self._live),
            message=message,
            tags=tuple(tags),
        )

    def timestamp(self, meta: MetaFile, keys: Sequence[SigningKey]) -> bytes:
        """Sign a timestamp over a snapshot."""
        timestamp = Timestamp(version=self._versions[1] + 1, snapshot_meta=meta)
        return seal(timestamp, self.settings.timestamp_days, self.registry, keys)

    def _write(self, role: str, signed: Versioned, before: int, keys: Sequence[SigningKey]) -> str:
        signed.version = before + 1
        while exists(self.reader, metadata_path(role, signed.version)):
            signed.version += 1
        path = metadata_path(role, signed.version)
        self.new[path] = seal(signed, LATE_DAYS, self.registry, keys)
        return path


Log = list[tuple[datetime, list[str]]]


def _log(snapshot: Snapshot | None) -> Log:
    """Read what was superseded lately; what is not understood is left to lie."""
    found: Any = snapshot.unrecognized_fields.get(SUPERSEDED_FIELD, []) if snapshot else []
    try:
        return [(datetime.fromisoformat(when), [str(path) for path in paths]) for when, paths in found]
    except (TypeError, ValueError):
        return []


def superseded(snapshot: Snapshot) -> list[str]:
    """List files that nothing names any more, but that clients in flight may still look for."""
    return [path for _, paths in _log(snapshot) for path in paths]


def _shorten(log: Log) -> tuple[Log, list[str]]:
    """Part what stays for clients in flight from what goes; the newest entry always stays."""
    *older, last = log
    room, kept = MOST_SUPERSEDED - len(last[1]), [last]
    gone: list[str] = []
    for when, paths in reversed(older):
        room -= len(paths)
        if room >= 0 and now() - when < KEEP:
            kept.insert(0, (when, paths))
        else:
            gone += paths
    return kept, gone
