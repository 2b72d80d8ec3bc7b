"""Write a registry's pages into a folder; packages that did not change since the last time keep theirs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tinypack import __version__
from tinypack.names import PATTERN
from tinypack.output import write_file
from tinypack.registry.entries import PackageIndex, sha256
from tinypack.registry.site import listing, search
from tinypack.registry.site.beside import Source, read_beside
from tinypack.registry.site.package_page import in_order, package_page, shown_line
from tinypack.registry.site.text import jinja
from tinypack.templates_location import templates_folder

ASSETS = "site"
MEMORY = f"{ASSETS}/rendered.json"
#: Folders in which nothing else lies: files that are not written any more go.
OWN = (listing.FOLDER, search.FOLDER)
HASH_DIGITS = 16
TO_PAGES = "../../"  # from a package's page, or a list's, to the registry's root


@dataclass
class Written:
    """What became of the pages.

    unreadable  files of packages that could not be read; their pages are written again the next time
    """

    folder: Path
    rendered: int = 0
    kept: int = 0
    files: int = 0  # that changed
    unreadable: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Known:
    """What is remembered of a package whose page is written."""

    index: str
    published: str


@dataclass(frozen=True)
class _Site:
    """Where pages go, and what all of them show."""

    folder: Path
    name: str
    base_url: str
    made_by: str

    def render(self, template: str, root: str, **known: Any) -> bytes:
        files = f"{self.base_url}/" if self.base_url else root
        shared = {"root": root, "files": files, "registry": self.name, "made_by": self.made_by, "tinypack": __version__}
        return jinja().get_template(f"site/{template}").render(**shared, **known).encode()

    def write(self, path: str, data: bytes) -> bool:
        """Write a file unless it is there already; tell whether it was written."""
        place = self.folder / path
        if place.is_file() and place.read_bytes() == data:
            return False
        write_file(place, data)
        return True


def write_site(
    registry: Source, folder: Path, name: str, base_url: str = "", progress: Callable[[str], None] | None = None
) -> Written:
    """Write the pages. The same registry gives the same bytes.

    base_url  where the registry's files are served; "": the pages lie among them
    Raises: TinypackError (io, and what `registry` raises)
    """
    say = progress or (lambda _: None)
    base_url = base_url.rstrip("/")
    site = _Site(folder, name, base_url, _made_by(name, base_url))
    before, now = _remembered(folder / MEMORY, site.made_by), {}
    summaries: dict[str, dict[str, Any]] = {}
    written = Written(folder)
    written.files += sum(site.write(f"{ASSETS}/{path}", data) for path, data in _assets())
    for package in registry.names():
        if not PATTERN.fullmatch(package):
            continue
        index = registry.package(package)
        digest, lines = sha256(index.to_bytes())[:HASH_DIGITS], in_order(index)
        line = shown_line(lines)
        if line is None:
            continue
        if not line.yanked:
            summaries[package] = PackageIndex(name=package, lines=lines).summary()
        known = before.get(package)
        path = f"packages/{package}/index.html"
        if known and known.index == digest and (folder / path).is_file():
            now[package] = known
            written.kept += 1
            continue
        say(f"page of {package}")
        beside = read_beside(registry, line.release.body)
        written.unreadable += beside.unreadable
        page = package_page(lines, line, beside, base_url)
        written.files += site.write(path, site.render("package.html.j2", TO_PAGES, page=page))
        written.rendered += 1
        now[package] = _Known("" if beside.unreadable else digest, line.release.body.published)
    say("lists and search")
    rendered = {}
    for each in listing.list_pages(summaries, {name: now[name].published for name in summaries}):
        rendered[each.path] = site.render("list.html.j2", TO_PAGES if each.prefix else "", page=each)
    rendered |= search.search_files(summaries)
    written.files += sum(site.write(path, data) for path, data in rendered.items())
    _sweep(folder, rendered)
    memory = {"made_by": site.made_by, "packages": {name: asdict(known) for name, known in now.items()}}
    site.write(MEMORY, json.dumps(memory, separators=(",", ":")).encode())
    return written


def _assets() -> Iterator[tuple[str, bytes]]:
    for path in sorted((templates_folder() / "site" / "assets").iterdir()):
        yield path.name, path.read_bytes()


def _made_by(*settings: str) -> str:
    """Say by a few digits what pages are made by: tinypack, its templates, and settings."""
    digest = hashlib.sha256(repr((__version__, settings)).encode())
    for path in sorted((templates_folder() / "site").rglob("*.*")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:HASH_DIGITS]


def _remembered(path: Path, made_by: str) -> dict[str, _Known]:
    """Read what the last run wrote; nothing if it was another tinypack, or the file is damaged."""
    try:
        memory = json.loads(path.read_bytes())
        same = memory["made_by"] == made_by
        return {name: _Known(**known) for name, known in memory["packages"].items()} if same else {}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return {}


def _sweep(folder: Path, kept: dict[str, bytes]) -> None:
    for own in OWN:
        for path in (folder / own).glob("*"):
            if path.relative_to(folder).as_posix() not in kept:
                path.unlink()
