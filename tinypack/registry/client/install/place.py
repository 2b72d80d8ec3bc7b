"""Folders that take their places together: all of them, or everything stays as it was."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tinypack.errors import Problem, TinypackError
from tinypack.registry.client.install.marker import NAME, Marker, differences, read_marker

MOST_SAID = 5  # differences that an error lists


@dataclass(frozen=True)
class Tree:
    """A package's folder to be.

    within  folder below which nothing may be a link; None if the user named the place
    """

    folder: Path
    files: Mapping[str, bytes]
    marker: Marker
    within: Path | None = None


@contextmanager
def readable(where: Path) -> Iterator[None]:
    """Say of what can't be looked at that it must be.

    Raises: TinypackError (io)
    """
    try:
        yield
    except OSError as error:
        place = str(error.filename or where)
        raise TinypackError.one("io", place, "folders of packages must be readable", str(error.strerror)) from None


def intact(folder: Path, source: str) -> bool:
    """Whether a folder holds just what was put there from a source."""
    if folder.is_symlink():
        return False
    marker = read_marker(folder)
    return marker is not None and marker.source == source and not differences(folder, marker.files)


def place_problems(trees: Sequence[Tree], force: bool) -> list[Problem]:
    """Say why folders can't take their places: links, other people's files, names that differ in case alone."""
    problems = [problem for tree in trees for problem in _problems(tree, force)]
    places = [str(tree.folder).casefold() for tree in trees]
    for tree in trees:
        if places.count(str(tree.folder).casefold()) > 1:
            problems.append(_problem(tree.folder, "each package has a folder of its own", "two of one name"))
    return problems


@contextmanager
def placed(trees: Sequence[Tree]) -> Iterator[None]:
    """Put folders into their places; if what is done meanwhile fails, everything is as it was.

    Raises: TinypackError (io)
    """
    made: list[Path] = []  # parents that were not there
    staged: list[tuple[Path, Path]] = []  # folder, where its files wait
    moved: list[tuple[Path, Path]] = []
    try:
        for tree in trees:
            _make(tree.folder.parent, made)
            staging = Path(tempfile.mkdtemp(prefix=".tinypack-", dir=tree.folder.parent))
            staged.append((tree.folder, staging))
            _write(staging / "new", {**tree.files, NAME: tree.marker.to_bytes()})
        for folder, staging in staged:
            moved.append((folder, staging))
            if os.path.lexists(folder):
                folder.rename(staging / "old")
            (staging / "new").rename(folder)
        yield
    except BaseException as error:
        kept = [staging for folder, staging in reversed(moved) if not _put_back(folder, staging)]
        _clean([staging for _, staging in staged if staging not in kept], made)
        if isinstance(error, OSError):
            where = str(error.filename or trees[0].folder)
            raise TinypackError.one("io", where, "the folder must be writable", str(error.strerror)) from None
        raise
    _clean([staging for _, staging in staged], [])


def _problems(tree: Tree, force: bool) -> Iterator[Problem]:
    folder = tree.folder
    ways = [folder, *(parent for parent in folder.parents if tree.within and tree.within in parent.parents)]
    for way in ways:
        if way.is_symlink():
            yield _problem(way, "no link may lie in a package's way", f"a link to {str(way.readlink())!a}")
        elif os.path.lexists(way) and not way.is_dir():
            yield _problem(way, "a folder is needed here", "a file")
    if any(way.is_symlink() for way in ways) or not folder.parent.is_dir():
        return
    for name in (path.name for path in folder.parent.iterdir()):
        if name != folder.name and name.casefold() == folder.name.casefold():
            yield _problem(folder, "folders differ in more than case", ascii(name))
    if folder.is_dir() and not force:
        yield from _foreign(tree)


def _foreign(tree: Tree) -> Iterator[Problem]:
    """Find what an upgrade would delete though tinypack did not put it there."""
    folder, marker = tree.folder, read_marker(tree.folder)
    if not any(folder.iterdir()) or not differences(folder, tree.marker.files):
        return
    hint = "move it away, or `--force` replaces it"
    if marker is None:
        yield Problem("io", str(folder), "only what tinypack put there is replaced", "another's folder", hint)
        return
    found = differences(folder, marker.files)
    if found:
        more = f", and {len(found) - MOST_SAID} more" if len(found) > MOST_SAID else ""
        said = ascii(", ".join(found[:MOST_SAID]))[1:-1] + more
        yield Problem("io", str(folder), "what was changed after it was installed is not replaced", said, hint)


def _problem(path: Path, rule: str, found: str) -> Problem:
    return Problem("io", str(path), rule, found, "choose another folder, or move away what is there")


def _make(folder: Path, made: list[Path]) -> None:
    """Make a folder and note those that were not there."""
    for path in reversed([path for path in (folder, *folder.parents) if not path.exists()]):
        path.mkdir(exist_ok=True)
        made.append(path)


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _put_back(folder: Path, staging: Path) -> bool:
    """Undo one move; False if the old folder still waits."""
    old = staging / "old"
    try:
        if not (staging / "new").exists():
            folder.rename(staging / "new")
        if os.path.lexists(old):
            old.rename(folder)
    except OSError:
        return not os.path.lexists(old)
    return True


def _clean(stagings: Sequence[Path], made: Sequence[Path]) -> None:
    for staging in stagings:
        shutil.rmtree(staging, ignore_errors=True)
    for folder in reversed(made):
        try:
            folder.rmdir()
        except OSError:
            continue
