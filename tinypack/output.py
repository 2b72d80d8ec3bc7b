"""Files that appear whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
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


def write_tree(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make a folder hold exactly these files (path -> bytes); what it held before goes when all is written.

    Raises: TinypackError (io)
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=".tinypack-", dir=folder.parent))
        try:
            for name, data in files.items():
                path = staging / "new" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
            if folder.exists():
                folder.replace(staging / "old")
            (staging / "new").replace(folder)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    except OSError as error:
        raise _unwritable(folder, error) from None


def _unwritable(folder: Path, error: OSError) -> TinypackError:
    where = str(error.filename or folder)
    return TinypackError.one("io", where, "the output folder must be writable", str(error.strerror))
