"""All that a registry says of a package: JSON lines, one a version, after those that say whose it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pydantic import Field, ValidationError
from semver import Version

from tinypack.errors import TinypackError
from tinypack.registry.entries import (
    METHODS,
    Attested,
    BoardResult,
    Entry,
    Owners,
    Release,
    Signed,
    Yank,
    canonical,
    sha256,
)

MOST_INDEX_BYTES = 8 << 20
MOST_KEYWORDS, MOST_BOARDS, LONGEST = 10, 32, 200  # in a summary: words, boards, characters of each


class OwnersLine(Entry):
    owners: Signed[Owners]


class Line(Entry):
    """A version: what its publisher says, what was attested since, and whether it is yanked."""

    release: Signed[Release]
    attestations: list[Signed[Attested]] = Field(default=[])
    yank: Signed[Yank] | None = None

    @property
    def version(self) -> str:
        return self.release.body.version

    @property
    def yanked(self) -> str:
        """Why it is yanked; "" if it is not."""
        return self.yank.body.why if self.yank and self.yank.body.yanked else ""

    @property
    def boards(self) -> dict[str, BoardResult]:
        """What is best known of each board: a failure over all, then what ran over what was only compiled.

        Of what ran, that comes first which was compared with more. Only owners and the registry count: a key costs
        nothing, so strangers could call anything failed, or verified; what they attest stands by itself.
        """
        best: dict[str, tuple[tuple[int, int], BoardResult]] = {}
        for body in (attested.body for attested in self.attestations if not attested.body.key):
            for result in body.boards:
                rank = (RANK[result.status], -list(METHODS).index(body.method or "nodes"))
                if result.board not in best or rank > best[result.board][0]:
                    best[result.board] = (rank, result)
        return {board: result for board, (_, result) in best.items()}


RANK: dict[str, int] = {"untested": 0, "compiled": 1, "verified": 2, "failed": 3}


class PackageIndex(Entry):
    """All that a registry says of a package."""

    name: str
    owners: list[Signed[Owners]] = Field(default=[])  # in order; empty in private registries
    lines: list[Line] = Field(default=[])  # in order of publishing

    def digest(self, lines: int) -> str:
        """Hash the releases of the first lines, for an owners' change to seal."""
        return sha256(b"".join(canonical(line.release.body) + b"\n" for line in self.lines[:lines]))

    def line(self, version: str) -> Line | None:
        return next((line for line in self.lines if line.version == version), None)

    @property
    def shown(self) -> Line | None:
        """Give the version that stands for the package: the highest that is not yanked, a prerelease only at need."""
        found = ((Version.parse(line.version), line) for line in self.lines if not line.yanked)
        return max(found, key=lambda pair: (not pair[0].prerelease, pair[0]), default=(None, None))[1]

    def summary(self) -> dict[str, Any]:
        """Say in short what search finds and shows; it travels in the metadata of the package's bin, so it is small."""
        last = self.shown
        if last is None:
            return {}
        release = last.release.body
        return {
            "version": release.version,
            "description": release.description[:LONGEST],
            "keywords": [word[:LONGEST] for word in release.keywords[:MOST_KEYWORDS]],
            "features": release.features[:LONGEST],
            "license": release.license[:LONGEST],
            "boards": sorted(name for name, result in last.boards.items() if result.status == "verified")[:MOST_BOARDS],
            "unverified": release.unverified,
        }

    def to_bytes(self) -> bytes:
        """Write the index: JSON lines, owners before versions."""
        rows: list[Entry] = [OwnersLine(owners=owners) for owners in self.owners]
        return b"".join(canonical(row) + b"\n" for row in (*rows, *self.lines))


def parse_index(name: str, data: bytes) -> PackageIndex:
    """Read an index whose bytes are known to be the registry's; it still may be hostile where publishers wrote it.

    Raises: TinypackError (bad-registry)
    """
    if len(data) > MOST_INDEX_BYTES:
        raise _bad(name, f"an index may have up to {MOST_INDEX_BYTES} bytes", f"{len(data)}")
    try:
        rows = list(_rows(data))
        owners = [OwnersLine.model_validate(row).owners for row in rows if "owners" in row]
        lines = [Line.model_validate(row) for row in rows if "owners" not in row]
    except (ValueError, ValidationError, RecursionError) as error:
        raise _bad(name, "an index is JSON lines of known shape", str(error)[:300]) from None
    names = {*(signed.body.name for signed in owners), *(line.release.body.name for line in lines)}
    if names - {name}:
        raise _bad(name, "an index holds one package", "another package's lines")
    if len({line.version for line in lines}) < len(lines):
        raise _bad(name, "a version stands once in an index", "one twice")
    return PackageIndex(name=name, owners=owners, lines=lines)


def _rows(data: bytes) -> Iterator[dict[str, Any]]:
    for text in data.splitlines():
        row = json.loads(text)
        if not isinstance(row, dict):
            raise ValueError("a line is not an object")
        yield row


def _bad(name: str, rule: str, found: str) -> TinypackError:
    return TinypackError.one("bad-registry", f"index of {name}", rule, found)
