"""Folders in which archives are built, kept for the next run: the same archive builds in a second there."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from tinypack.errors import TinypackError
from tinypack.verify.core_dir import core_dir
from tinypack.verify.together import current

KEPT = 14 * 24 * 3600  # seconds since the last use
POLL = 0.5  # seconds after which a thread that waits for a folder looks whether it is stopped


@contextmanager
def work_folder(name: str) -> Iterator[Path]:
    """Give a folder of this name to one thread at a time, and drop those that nobody used for long.

    Work that is broken off leaves no folder: build tools would trust its half-written files.
    """
    home = core_dir() / "tinypack-verify"
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        rule, hint = "the folder for builds must be writable", "set TINYPACK_CORE_DIR to another folder"
        raise TinypackError.one("io", str(home), rule, str(error.strerror), hint) from None
    _drop_old(home)
    folder = home / name
    with _locked(home / f"{name}.lock"):
        folder.mkdir(exist_ok=True)
        (folder / ".used").touch()
        try:
            yield folder
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise


def write_changed(path: Path, data: bytes) -> None:
    """Write a file unless it holds the same bytes: build tools look at the time."""
    if not path.is_file() or path.read_bytes() != data:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    lock = FileLock(path)
    while not lock.is_locked:
        current().check()
        with suppress(Timeout):
            lock.acquire(timeout=POLL)
    try:
        yield
    finally:
        lock.release()


def _drop_old(home: Path) -> None:
    for used in home.glob("*/.used"):
        try:
            if time.time() - used.stat().st_mtime > KEPT:
                shutil.rmtree(used.parent, ignore_errors=True)
        except FileNotFoundError:
            pass  # another process was faster
