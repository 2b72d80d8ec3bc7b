"""Folders in which archives are built, kept for the next run: the same archive builds in a second there."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from tinypack.errors import TinypackError
from tinypack.verify.core_dir import core_dir

KEPT = 14 * 24 * 3600  # seconds since the last use


@contextmanager
def work_folder(name: str) -> Iterator[Path]:
    """Give a folder of this name to one process at a time, and drop those that nobody used for long."""
    home = core_dir() / "tinypack-verify"
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        rule, hint = "the folder for builds must be writable", "set TINYPACK_CORE_DIR to another folder"
        raise TinypackError.one("io", str(home), rule, str(error.strerror), hint) from None
    _drop_old(home)
    folder = home / name
    with FileLock(home / f"{name}.lock"):
        folder.mkdir(exist_ok=True)
        (folder / ".used").touch()
        yield folder


def write_changed(path: Path, data: bytes) -> None:
    """Write a file unless it holds the same bytes: build tools look at the time."""
    if not path.is_file() or path.read_bytes() != data:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _drop_old(home: Path) -> None:
    for used in home.glob("*/.used"):
        try:
            if time.time() - used.stat().st_mtime > KEPT:
                shutil.rmtree(used.parent, ignore_errors=True)
        except FileNotFoundError:
            pass  # another process was faster
