"""A package's files out of its archive, and what its releases say in words."""

from __future__ import annotations

from collections.abc import Container

from tinypack.errors import TinypackError
from tinypack.formats import FORMATS
from tinypack.formats.unpack import read_archive
from tinypack.registry.entries import Archive, File, Release
from tinypack.registry.exports.protocol import Source
from tinypack.registry.snippets import FETCHED, WEB

UNVERIFIED = "Unverified: published without a passing verification."
#: What Git keeps for itself, in every spelling that some file system takes for it.
GITS_OWN = (".git", "git~1", ".gitmodules")


def package_files(source: Source, archive: Archive) -> dict[str, bytes]:
    """Fetch an archive and give its package's files, without the folder on top.

    Raises: TinypackError (bad-archive, and what fetching raises)
    """
    files = read_archive(source.fetch(archive), archive.filename)
    if FORMATS[archive.format].TOP_FOLDER:
        tops = {path.partition("/")[0] for path in files}
        if len(tops) != 1 or any("/" not in path for path in files):
            rule = f"an archive for {archive.format} has one folder on top"
            raise TinypackError.one("bad-archive", archive.filename, rule, ", ".join(sorted(tops)[:3]))
        files = {path.partition("/")[2]: data for path, data in files.items()}
    hidden = [path for path in files if any(part.lower() in GITS_OWN for part in path.split("/"))]
    if hidden:
        raise TinypackError.one("bad-archive", archive.filename, "nothing in an archive is Git's own", hidden[0])
    return files


def described(release: Release) -> str:
    """Describe a version in a sentence; one that nobody verified says so."""
    text = " ".join(release.description.split())
    return f"{text} {UNVERIFIED}".lstrip() if release.unverified else text


def web_url(source: Source, file: File, schemes: Container[str] = FETCHED) -> str:
    """Say where tools other than tinypack fetch a file.

    Raises: TinypackError (unreachable)
    """
    url = source.url_of(file)
    match = WEB.fullmatch(url)
    if match is None or match["scheme"] not in schemes:
        rule = "what other tools install must be at a plain web address, or in a folder where they take one"
        hint = "export from the address where a web server has the registry"
        raise TinypackError.one("unreachable", file.filename, rule, url or "none", hint)
    return url
