"""Verify every model on every emulated board in every format: the whole matrix.

Writes dist/verify-all.html and dist/verify-all.xml (JUnit), and the packages into dist/verify-all/.
"""

from __future__ import annotations

import sys
import time
import wave
from pathlib import Path

import numpy as np
from PIL import Image
from tflite_micro.python.tflite_micro import runtime

from tinypack.boards import ALL
from tinypack.cli.show import progress
from tinypack.cli.verify_command import show_attestation
from tinypack.output import write_file
from tinypack.verify.junit import junit_xml
from tinypack.verify.package import verify_packages
from tinypack.verify.page import html_page

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
HOME = Path(__file__).parents[1]
DIST = HOME / "dist"
PHOTOGRAPHS = HOME / "sample_projects" / "person_detection" / "images"
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
    start = time.monotonic()
    projects = {name: MODELS / f"{name}.tflite" for name in NAMES}
    inputs = {projects[name]: made() for name, made in REAL.items()}
    with progress(quiet=False) as say:
        attestations = verify_packages([*projects.values()], DIST / "verify-all", [ALL], [ALL], VECTORS, inputs, say)
    for attestation in attestations:
        show_attestation(attestation)
    write_file(DIST / "verify-all.html", html_page(attestations).encode())
    write_file(DIST / "verify-all.xml", junit_xml(attestations).encode())
    print(f"{DIST / 'verify-all.html'}: {time.monotonic() - start:.0f} s")
    return int(not all(attestation.passed for attestation in attestations))


if __name__ == "__main__":
    sys.exit(main())
