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
        where = str(error.filename or folder)
        raise TinypackError.one("io", where, "the output folder must be writable", str(error.strerror)) from None
