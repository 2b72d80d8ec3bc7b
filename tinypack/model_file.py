"""Reads a model's file."""

from __future__ import annotations

from pathlib import Path

from tinypack.errors import TinypackError

MOST_MODEL_BYTES = 64 << 20


def read_model(path: Path) -> bytes:
    """Read a model file of sane size.

    Raises: TinypackError (io)
    """
    try:
        if path.exists() and not path.is_file():
            raise TinypackError.one("io", str(path), "the model must be a regular file", "a folder, pipe or device")
        with path.open("rb") as file:
            data = file.read(MOST_MODEL_BYTES + 1)
    except OSError as error:
        raise TinypackError.one("io", str(path), "the model must be a readable file", str(error.strerror)) from None
    if len(data) > MOST_MODEL_BYTES:
        raise TinypackError.one("io", str(path), f"a model may have up to {MOST_MODEL_BYTES} bytes", "more")
    return data
