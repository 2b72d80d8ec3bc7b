"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from errno import EACCES, ENOTDIR
from pathlib import Path

from tinypack.errors import TinypackError


def write_whole(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder: all are complete on the same disk before the first takes its name.

    Raises: TinypackError (io)
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=".tinypack-", dir=folder))
        try:
            for name, data in files.items():
                (staging / name).write_bytes(data)
            for name in files:
                (staging / name).replace(folder / name)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    except OSError as error:
        raise _unwritable(folder, error) from None


def check_folder(folder: Path) -> None:
    """Find out whether files can be written into a folder, or the folder be made, without making it.

    Raises: TinypackError (io)
    """
    there = folder.absolute()
    try:
        while not there.exists():
            there = there.parent
        if not there.is_dir():
            raise NotADirectoryError(ENOTDIR, os.strerror(ENOTDIR), str(there))
        if not os.access(there, os.W_OK | os.X_OK):
            raise PermissionError(EACCES, os.strerror(EACCES), str(there))
    except OSError as error:
        raise _unwritable(folder, error) from None


def check_file(path: Path) -> None:
    """Find out whether `write_file` could write there, before the work that it takes to know what; nothing is made.

    Raises: TinypackError (io)
    """
    if not _is_stream(path):
        check_folder(path.resolve().parent)


def write_file(path: Path, data: bytes) -> None:
    """Write a file whole; pipes and devices take the bytes as they come.

    Raises: TinypackError (io)
    """
    target = path.resolve()
    if not _is_stream(path):
        write_whole(target.parent, {target.name: data})
        return
    try:
        path.write_bytes(data)
    except OSError as error:
        raise TinypackError.one("io", str(path), "the output must take what is written", str(error.strerror)) from None


def _is_stream(path: Path) -> bool:
    return path.exists() and not path.is_file()


def write_tree(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make a folder hold exactly these files (path -> bytes); what it held before goes when all is written.

    Raises: TinypackError (io)
    """
    with new_tree(folder) as new:
        for name, data in files.items():
            path = new / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


@contextmanager
def new_tree(folder: Path) -> Iterator[Path]:
    """Give an empty folder to fill, which takes another's place at the end; after an exception that stays as it was.

    Raises: TinypackError (io)
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=".tinypack-", dir=folder.parent))
        try:
            (staging / "new").mkdir()
            yield staging / "new"
            if folder.exists():
                folder.replace(staging / "old")
            (staging / "new").replace(folder)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    except OSError as error:
        raise _unwritable(folder, error) from None


def _unwritable(folder: Path, error: OSError) -> TinypackError:
    where = str(error.filename or folder)
    hint = "choose another folder, or move away what is there"
    return TinypackError.one("io", where, "the output folder must be writable", str(error.strerror), hint)
