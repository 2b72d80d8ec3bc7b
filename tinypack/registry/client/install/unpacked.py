"""Archives as the trees that they become, in memory."""

from __future__ import annotations

from pathlib import Path

from tinypack.errors import TinypackError
from tinypack.registry.client.install.marker import NAME, marker_of
from tinypack.registry.client.install.place import Tree


def unpacked(
    data: bytes, where: str, top: bool, name: str, version: str, source: str, folder: Path, within: Path | None
) -> Tree:
    """Read an archive that may be hostile; `top`: it must hold one folder, which the package's takes the place of.

    Raises: TinypackError (bad-archive)
    """
    from tinypack.formats.unpack import read_archive

    files = read_archive(data, where)
    if top:
        tops = {path.partition("/")[0] for path in files}
        if len(tops) != 1 or tops & files.keys():
            found = ascii(", ".join(sorted(tops)[:3]))[1:-1] or "nothing"
            raise TinypackError.one("bad-archive", where, "the archive must hold one folder", found)
        files = {path.partition("/")[2]: content for path, content in files.items()}
    if not files or any(path.partition("/")[0].casefold() == NAME for path in files):
        rule = f"an archive must hold files, and none that is called {NAME}"
        raise TinypackError.one("bad-archive", where, rule, "it has it" if files else "nothing")
    return Tree(folder, files, marker_of(name, version, source, files), within)
