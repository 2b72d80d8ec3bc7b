"""`index.pidx` and the descriptions beside it, as `cpackget init` takes them; packs are fetched from the registry."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from tinypack.errors import TinypackError
from tinypack.formats.rules.cmsis_pack import read
from tinypack.output import write_whole
from tinypack.registry.entries import Archive, Release
from tinypack.registry.exports.choice import rank
from tinypack.registry.exports.files import described, package_files, web_url
from tinypack.registry.exports.protocol import Chosen, Source

BRIEF = "An index of CMSIS-Packs (.pidx) and their descriptions (.pdsc)."
FORMAT = "cmsis-pack"
NEWEST = False
URL_IS = "where a server has the folder that is written"

FILENAME = "index.pidx"
SCHEMA = "1.1.0"
VENDOR = "tinypack"  # of the index; each pack has its own
Versions = Sequence[tuple[Release, Archive]]


def export(source: Source, packages: Sequence[Chosen], folder: Path, url: str) -> Sequence[Path]:
    index = Element("index", schemaVersion=SCHEMA)
    SubElement(index, "vendor").text = VENDOR
    SubElement(index, "url").text = f"{url}/"
    published = (release.published for package in packages for release, _ in package.versions)
    SubElement(index, "timestamp").text = max(published)
    listed = SubElement(index, "pindex")
    files = {}
    for package in packages:
        for vendor, versions in _by_vendor(package).items():
            newest = versions[0][0].version
            SubElement(listed, "pdsc", url=f"{url}/", vendor=vendor, name=package.name, version=newest)
            filename = f"{vendor}.{package.name}.pdsc"
            files[filename] = _description(source, versions, filename, url)
    write_whole(folder, {**files, FILENAME: _bytes(index)})  # what the index names is there first
    return [folder / name for name in (FILENAME, *files)]


def _by_vendor(package: Chosen) -> dict[str, Versions]:
    """Part versions by vendors, of which the first author's name is the measure; newest first."""
    parted: dict[str, list[tuple[Release, Archive]]] = {}
    for release, archive in package.versions:
        ending = re.escape(f".{release.name}.{release.version}.pack")
        match = re.fullmatch(f"([A-Za-z0-9-]+){ending}", archive.filename)
        if match is None:
            rule = f"a pack is called <vendor>.{release.name}.{release.version}.pack"
            raise TinypackError.one("bad-registry", f"{release.name} {release.version}", rule, archive.filename)
        parted.setdefault(match[1], []).append((release, archive))
    return {
        vendor: sorted(versions, key=lambda given: rank(given[0].version), reverse=True)
        for vendor, versions in parted.items()
    }


def _description(source: Source, versions: Versions, filename: str, url: str) -> bytes:
    """Take the newest pack's description, and have it name all versions and where their packs are."""
    newest, archive = versions[0]
    root = read(package_files(source, archive).get(filename, b""))
    releases = None if root is None else root.find("releases")
    place = None if root is None else root.find("url")
    text = None if root is None else root.find("description")
    if root is None or releases is None or place is None or text is None:
        rule = f"a pack holds {filename} with description, url and releases"
        raise TinypackError.one("bad-archive", archive.filename, rule, "others")
    place.text, text.text = f"{url}/", described(newest)
    releases.clear()
    for release, pack in versions:
        entry = SubElement(releases, "release", version=release.version, url=web_url(source, pack))
        entry.text = described(release) or release.name
    return _bytes(root)


def _bytes(root: Element) -> bytes:
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()
