"""Write a registry's pages into a folder; packages that did not change since the last time keep theirs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import Any

from tinypack import __version__
from tinypack.errors import TinypackError
from tinypack.names import PATTERN
from tinypack.output import write_file
from tinypack.registry.entries import sha256
from tinypack.registry.package_index import PackageIndex
from tinypack.registry.site import listing, search
from tinypack.registry.site.beside import Source, read_beside
from tinypack.registry.site.package_page import Badge, in_order, package_page, shown_line
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
    """What is remembered of a package: what its page was made by and of, and what lists show beside its summary."""

    made_by: str
    index: str
    published: str
    status: str
    words: str


def write_site(
    registry: Source, folder: Path, name: str, base_url: str = "", progress: Callable[[str], None] | None = None
) -> Written:
    """Write the pages. The same registry gives the same bytes.

    base_url  where the registry's files are served; "": the pages lie among them
    Raises: TinypackError (io, and what `registry` raises)
    """
    site = _Site(registry, folder, name, base_url.rstrip("/"), progress or (lambda _: None))
    before = _remembered(folder / MEMORY)
    site.write_all({f"{ASSETS}/{path}": data for path, data in _assets()})
    names = [package for package in registry.names() if PATTERN.fullmatch(package)]
    # Packages of which all is yanked are in no list any more, but their pages say so.
    for package in sorted({*names, *before}):
        try:
            site.add(package, before.get(package))
        except TinypackError as error:
            if package in names or {problem.code for problem in error.problems} != {"no-package"}:
                raise
    site.finish()
    return site.written


class _Site:
    """Pages on their way into a folder."""

    def __init__(self, registry: Source, folder: Path, name: str, base_url: str, say: Callable[[str], None]) -> None:
        self.registry, self.folder, self.name, self.base_url, self.say = registry, folder, name, base_url, say
        self.made_by = _made_by(name, base_url)
        self.written = Written(folder)
        self.known: dict[str, _Known] = {}
        self.summaries: dict[str, dict[str, Any]] = {}

    def add(self, package: str, before: _Known | None) -> None:
        """Write the page of a package, unless it is there; before: what is remembered."""
        index, path = self.registry.package(package), f"packages/{package}/index.html"
        digest, lines = sha256(index.to_bytes())[:HASH_DIGITS], in_order(index)
        line = shown_line(lines)
        if line is None:
            return
        if before and (before.made_by, before.index) == (self.made_by, digest) and (self.folder / path).is_file():
            self.known[package] = before
            self.written.kept += 1
        else:
            self.say(f"page of {package}")
            beside = read_beside(self.registry, line.release.body)
            page = package_page(lines, line, beside, self.base_url)
            self.write_all({path: self._render("package.html.j2", TO_PAGES, page=page)})
            self.written.rendered += 1
            self.written.unreadable += beside.unreadable
            digest = "" if beside.unreadable else digest
            badge = page.badge
            self.known[package] = _Known(self.made_by, digest, line.release.body.published, badge.status, badge.text)
        if not line.yanked:
            known = self.known[package]
            also = {"published": known.published, "badge": Badge(known.status, known.words)}
            self.summaries[package] = PackageIndex(name=package, lines=lines).summary() | also

    def finish(self) -> None:
        """Write what is about all packages; at last, what is remembered."""
        self.say("lists and search")
        files = search.search_files(self.summaries)
        for page in listing.list_pages(self.summaries):
            files[page.path] = self._render("list.html.j2", TO_PAGES if page.prefix else "", page=page)
        self.write_all(files)
        for path in (path for own in OWN for path in (self.folder / own).glob("*")):
            if path.relative_to(self.folder).as_posix() not in files:
                path.unlink()
        memory = {name: astuple(known) for name, known in self.known.items()}
        self.write_all({MEMORY: json.dumps(memory, separators=(",", ":")).encode()})

    def write_all(self, files: Mapping[str, bytes]) -> None:
        """Write files that are not there yet as they should be."""
        for path, data in files.items():
            place = self.folder / path
            if not place.is_file() or place.read_bytes() != data:
                write_file(place, data)
                self.written.files += 1

    def _render(self, template: str, root: str, **known: Any) -> bytes:
        """Render a page; files: where the registry's files are, as seen from it."""
        files = f"{self.base_url}/" if self.base_url else root
        shared = {"root": root, "files": files, "registry": self.name, "made_by": self.made_by, "tinypack": __version__}
        return jinja().get_template(f"site/{template}").render(**shared, **known).encode()


def _assets() -> Iterator[tuple[str, bytes]]:
    for path in sorted((templates_folder() / "site" / "assets").iterdir()):
        yield path.name, path.read_bytes()


def _made_by(*settings: str) -> str:
    """Say by a few digits what pages are made by: tinypack, its templates, and settings."""
    digest = hashlib.sha256(repr((__version__, settings)).encode())
    for path in sorted((templates_folder() / "site").rglob("*.*")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:HASH_DIGITS]


def _remembered(path: Path) -> dict[str, _Known]:
    """Read what the last run wrote; nothing if the file is damaged."""
    try:
        return {str(name): _Known(*known) for name, known in json.loads(path.read_bytes()).items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
