"""What tests do where a tool is missing: skip, or fail if TINYPACK_REQUIRE_TOOLS=1."""

from __future__ import annotations

import os
import shutil

import pytest


def need(*programs: str) -> None:
    """Go on only if all programs are on the PATH."""
    missing = [program for program in programs if shutil.which(program) is None]
    if missing:
        lack(", ".join(missing))


def lack(what: str) -> None:
    """End the test because something is not on this machine."""
    if os.environ.get("TINYPACK_REQUIRE_TOOLS") == "1":
        pytest.fail(f"missing: {what}")
    pytest.skip(f"missing: {what}")
