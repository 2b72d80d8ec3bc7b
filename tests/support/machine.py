"""What tests do where a tool is missing: skip, or fail if TINYPACK_REQUIRE_TOOLS=1."""

from __future__ import annotations

import os
import shutil

import pytest


def need(*programs: str) -> None:
    """Go on only if all programs are on the PATH."""
    missing = [program for program in programs if shutil.which(program) is None]
    if missing and os.environ.get("TINYPACK_REQUIRE_TOOLS") == "1":
        pytest.fail(f"missing: {', '.join(missing)}")
    if missing:
        pytest.skip(f"missing: {', '.join(missing)}")
