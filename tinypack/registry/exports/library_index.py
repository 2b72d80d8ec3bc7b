"""`library_index.json` in the schema of Arduino's Library Manager: for a data directory of arduino-cli's own.

The IDE takes no second index, and an index in its usual place would hide the official one: so it is on request only.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tinypack.formats.arduino import CATEGORY
from tinypack.formats.facts import NO_URL, author, license_expression
from tinypack.names import c_names
from tinypack.output import write_whole
from tinypack.registry.entries import Archive, Release
from tinypack.registry.exports.files import described, web_url
from tinypack.registry.exports.protocol import Chosen, Source

BRIEF = "library_index.json for an arduino-cli data directory."
FORMAT = "arduino"
NEWEST = False
URL_IS = ""

FILENAME = "library_index.json"
TYPE = "Contributed"
SCHEMES = ("http", "https")  # all that arduino-cli fetches from


def export(source: Source, packages: Sequence[Chosen], folder: Path, url: str) -> Sequence[Path]:
    releases = [
        _release(release, archive, web_url(source, archive, SCHEMES))
        for package in packages
        for release, archive in package.versions
    ]
    text = json.dumps({"libraries": releases}, indent=1, ensure_ascii=False) + "\n"
    write_whole(folder, {FILENAME: text.encode()})
    return [folder / FILENAME]


def _release(release: Release, archive: Archive, url: str) -> dict[str, Any]:
    """Say of a version what its library.properties says, without fetching it."""
    authors = [author(text) for text in release.authors] or [author("unknown")]
    first = authors[0]
    names = c_names(release.name)
    return {
        "name": names.prefix,
        "version": release.version,
        "author": ", ".join(each.name for each in authors),
        "maintainer": f"{first.name} <{first.email}>" if first.email else first.name,
        "sentence": described(release),
        "paragraph": f"Takes {release.ram_bytes} bytes of RAM and {release.table_bytes} bytes of flash for tables.",
        "website": release.repository or NO_URL,
        "category": CATEGORY,
        "architectures": ["*"],
        "types": [TYPE],
        "url": url,
        "archiveFileName": archive.filename,
        "size": archive.size,
        "checksum": f"SHA-256:{archive.sha256}",
        "dependencies": [],
        "license": license_expression(release.license),
        "providesIncludes": [f"{names.prefix}.h"],
    }
