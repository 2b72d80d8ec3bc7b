"""Real models, verified in every node: the part of `make verify-all` that runs each time."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.support.machine import need
from tests.support.models import model_bytes
from tinypack import verify_package
from tinypack.vectors import BUILT_IN_SEEDS
from tinypack.verify.report import Attestation

pytestmark = pytest.mark.tools

BOARDS = ("native", "mps2-an386")
FORMATS = ("arduino", "cmake")
SAMPLE = Path(__file__).parents[2] / "sample_projects" / "person_detection"
INT8_ZERO = 128  # a pixel of 0 is -128


def assert_proven(attestation: Attestation, vectors: int) -> None:
    """Fail unless every format passed on every board, with figures, and the file says so of the archives beside it."""
    found = {(r.format, r.board): (r.status, r.reason, r.vectors, r.mismatches) for r in attestation.results}
    assert found == {(format, name): ("passed", "", vectors, 0) for format in FORMATS for name in BOARDS}
    on_target = [r for r in attestation.results if r.board == "mps2-an386"]
    assert all(r.flash_bytes and r.ram_bytes and r.stack_bytes and r.instructions for r in on_target)

    written = json.loads(attestation.path.read_text())
    assert written["passed"] and len(written["results"]) == len(found)
    for listed in written["artifacts"]:
        data = (attestation.path.parent / listed["filename"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == listed["sha256"]
    assert {r["artifact_sha256"] for r in written["results"]} <= {a["sha256"] for a in written["artifacts"]}


@pytest.mark.parametrize("name", ["hello_world_int8", "kws_ref_model"])
def test_random_inputs(name: str, tmp_path: Path) -> None:
    need("cmake", "gcc", "g++", "arm-none-eabi-gcc", "qemu-system-arm")
    (tmp_path / f"{name}.tflite").write_bytes(model_bytes(name))
    attestation = verify_package(tmp_path / f"{name}.tflite", tmp_path / "out", BOARDS, FORMATS, vectors=6)
    assert_proven(attestation, len(BUILT_IN_SEEDS) + 6)


def test_photographs(tmp_path: Path) -> None:
    need("cmake", "gcc", "g++", "arm-none-eabi-gcc", "qemu-system-arm")
    pixels = [np.asarray(Image.open(path).convert("L"), np.int16) for path in sorted(SAMPLE.glob("images/*.bmp"))]
    inputs = [[(image - INT8_ZERO).astype(np.int8).reshape(1, *image.shape, 1)] for image in pixels]
    assert len(inputs) == 2
    attestation = verify_package(SAMPLE, tmp_path, BOARDS, FORMATS, vectors=0, inputs=inputs)
    assert_proven(attestation, len(BUILT_IN_SEEDS) + len(inputs))
