"""Verify every model on every emulated board in every format: the whole matrix, one table."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from tinypack import verify_package
from tinypack.cli.show import show_table

MODELS = Path(__file__).parents[2] / "shared" / "models"
NAMES = (
    "kws_ref_model",
    "vww_96_int8",
    "pretrainedResnet_quant",
    "ad01_int8",
    "micro_speech_quantized",
    "person_detect",
    "hello_world_int8",
)
VECTORS = 46  # and the four that are built in


def main() -> int:
    rows, failed = [], False
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        for name in NAMES:
            attestation = verify_package(MODELS / f"{name}.tflite", folder, vectors=VECTORS)
            failed |= not attestation.passed
            print(f"{name}: {'passed' if attestation.passed else 'FAILED'}", flush=True)
            rows += [
                (name, r.format, r.board, r.status, r.vectors, r.mismatches, r.flash_bytes or "-", r.ram_bytes or "-",
                 r.stack_bytes or "-", r.instructions or "-", r.reason.splitlines()[0] if r.reason else "")
                for r in attestation.results
            ]  # fmt: skip
    measures = (">vectors", ">differ", ">flash B", ">RAM B", ">stack B", ">instructions")
    show_table("", ("model", "format", "board", "status", *measures, "~reason"), rows)
    print(f"{time.monotonic() - start:.0f} s")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
