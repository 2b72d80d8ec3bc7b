"""A model that carries its front end: its packages compute both, and what they give is what the oracle gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.fused_model import fused
from tests.support.machine import need, need_board
from tinypack import verify_package
from tinypack.vectors import BUILT_IN_SEEDS

pytestmark = pytest.mark.tools

BOARDS = ("native", "mps2-an386")
MANIFEST = """\
[package]
name = "words"
[model]
file = "model.tflite"
labels = ["yes", "no", "other", "none"]
[features]
type = "tflite"
[build]
formats = ["cmake"]
"""


def test_verifies(tmp_path: Path) -> None:
    need("cmake", "gcc")
    need_board("mps2-an386")
    (tmp_path / "model.tflite").write_bytes(fused())
    (tmp_path / "tinypack.toml").write_text(MANIFEST)
    attestation = verify_package(tmp_path, tmp_path / "out", BOARDS, ("cmake",), vectors=3)
    found = [(r.board, r.status, r.vectors, r.mismatches) for r in attestation.results]
    assert found == [(board, "passed", len(BUILT_IN_SEEDS) + 3, 0) for board in BOARDS]
    assert attestation.record["stream"]["features"] == [40]
