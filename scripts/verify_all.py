"""Verify every model on every emulated board in every format: the whole matrix, one table."""

from __future__ import annotations

import sys
import tempfile
import time
import wave
from pathlib import Path

import numpy as np
from PIL import Image
from tflite_micro.python.tflite_micro import runtime

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
VECTORS = 46  # and the four that are built in, and the real ones below
PHOTOGRAPHS = Path(__file__).parents[1] / "sample_projects" / "person_detection" / "images"
FRAME, HOP, FRAMES = 480, 320, 49  # samples at 16 kHz, as the wake word model was trained


def photographs() -> list[list[np.ndarray]]:
    """Give the sample's photographs as person_detect takes them."""
    pictures = [np.asarray(Image.open(path).convert("L"), np.int16) for path in sorted(PHOTOGRAPHS.glob("*.bmp"))]
    return [[(picture - 128).astype(np.int8).reshape(1, 96, 96, 1)] for picture in pictures]


def spectrograms() -> list[list[np.ndarray]]:
    """Give recordings as micro_speech takes them, by TensorFlow Lite Micro's own preprocessor."""
    preprocessor = (MODELS / "audio_preprocessor_int8.tflite").read_bytes()
    found = []
    for path in sorted((MODELS / "audio").glob("*_1000ms.wav")):
        with wave.open(str(path)) as file:
            samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
        interpreter = runtime.Interpreter.from_bytes(preprocessor)  # its filters remember: a fresh one a recording
        frames = []
        for start in range(0, FRAMES * HOP, HOP):
            frame = np.zeros((1, FRAME), np.int16)
            part = samples[start : start + FRAME]
            frame[0, : len(part)] = part
            interpreter.set_input(frame, 0)
            interpreter.invoke()
            frames.append(interpreter.get_output(0).reshape(-1))
        found.append([np.concatenate(frames).astype(np.int8).reshape(1, 1960)])
    return found


REAL = {"person_detect": photographs, "micro_speech_quantized": spectrograms}


def main() -> int:
    rows, failed = [], False
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        for name in NAMES:
            attestation = verify_package(
                MODELS / f"{name}.tflite", folder, vectors=VECTORS, inputs=REAL.get(name, list)()
            )
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
