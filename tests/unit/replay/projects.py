"""Small projects with recordings: a dense layer of fixed weights, and features of each kind."""

from __future__ import annotations

import json
import wave
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.support.model_builder import T, single_op

HEAD = '[package]\nname = "kws"\nversion = "1.0.0"\nlicense = "MIT"\n[model]\nfile = "model.tflite"\n'
#: What a page, an SVG and matplotlib's text could each take for their own.
LABELS = ('<b>&"', "_none", "$x^$ a label that is longer than there is room for")
STEP = 1 / 4096


@dataclass(frozen=True)
class Project:
    features: str
    inputs: int
    outputs: int
    record: Callable[[Path], list[Path]]
    scale: float = 1 / 16  # of the model's input
    labels: Sequence[str] = ()

    def write(self, folder: Path) -> list[Path]:
        """Make the project in a folder; give its recordings."""
        labels = f"labels = {json.dumps(self.labels)}\n" if self.labels else ""
        (folder / "tinypack.toml").write_text(HEAD + labels + self.features)
        (folder / "model.tflite").write_bytes(dense(self.inputs, self.outputs, self.scale))
        return self.record(folder)


def dense(inputs: int, outputs: int, scale: float) -> bytes:
    draw = np.random.default_rng(3)
    tensors = [
        T((1, inputs), scale=scale, zero_point=0),
        T((outputs, inputs), scale=0.01, data=draw.integers(-127, 128, (outputs, inputs)).astype(np.int8)),
        T((outputs,), "int32", scale=0.01 * scale, data=np.full(outputs, 32 / scale, np.int32)),
    ]
    return single_op("FULLY_CONNECTED", tensors, T((1, outputs), scale=1 / 256, zero_point=-128))


def sound(folder: Path) -> list[Path]:
    """Two recordings: a tone that grows, and noise."""
    t = np.arange(16000) / 16000
    tone = 12000 * t * np.sin(2 * np.pi * 440 * t)
    noise = np.random.default_rng(5).normal(0, 3000, 8000)
    for name, samples in (("tone.wav", tone), ("noise.wav", noise)):
        with wave.open(str(folder / name), "wb") as file:
            file.setparams((1, 2, 16000, 0, "NONE", ""))
            file.writeframes(np.rint(samples).astype("<i2").tobytes())
    return [folder / "tone.wav", folder / "noise.wav"]


def motion(channels: int) -> Callable[[Path], list[Path]]:
    """Three seconds at 100 Hz, shaken in the middle."""

    def record(folder: Path) -> list[Path]:
        t = np.arange(300) / 100
        shaken = np.exp(-(((t - 1.5) / 0.4) ** 2))
        g = np.stack([shaken * np.sin(2 * np.pi * (2 + i) * t) + (i == 2) for i in range(channels)], axis=1)
        rows = "".join(",".join(f"{value:.4f}" for value in row) + "\n" for row in g)
        (folder / "motion.csv").write_text("# rate: 100\n" + rows)
        return [folder / "motion.csv"]

    return record


def pictures(folder: Path) -> list[Path]:
    """Four grey gradients."""
    paths = [folder / f"{i}.pgm" for i in range(4)]
    for i, path in enumerate(paths):
        levels = (np.arange(20)[None, :] * 4 * i + np.arange(12)[:, None] * 10) % 256
        path.write_bytes(b"P5 20 12 255\n" + levels.astype(np.uint8).tobytes())
    return paths


RAW = '[features]\ntype = "raw"\n'
CLASSIFY = '[decision]\ntype = "classify"\nevery = "100 ms"\nthreshold = { _none = 0.6 }\n'
ANOMALY = '[decision]\ntype = "anomaly"\nthreshold = 0.3\nevery = "100 ms"\nrefractory = "1 s"\n'
REGRESS = '[decision]\ntype = "regress"\nnames = ["speed", "angle"]\nunits = ["m/s", "deg"]\n'
PROJECTS = {
    "audio": Project(
        '[features]\ntype = "mfe"\npreset = "tf-signal"\nframes = 4\n' + CLASSIFY, 160, 3, sound, labels=LABELS
    ),
    "imu": Project(
        RAW + f"sample_rate = 100\nchannels = 3\nunit = {STEP}\n" + CLASSIFY, 60, 3, motion(3), labels=LABELS
    ),
    "anomaly": Project(
        '[features]\ntype = "statistics"\nsample_rate = 100\nchannels = 3\nwindow = "200 ms"\nhop = "50 ms"\n'
        f'unit = {STEP}\nfeatures = ["mean", "std", "rms"]\n' + ANOMALY,
        9,
        9,
        motion(3),
    ),
    "regress": Project(RAW + f"sample_rate = 100\nunit = {STEP}\n" + REGRESS, 20, 2, motion(1)),
    "pictures": Project(
        '[features]\ntype = "image"\nwidth = 20\nheight = 12\npixels = "grey"\noutput_width = 10\noutput_height = 6\n'
        'colours = "grey"\ndivisor = 64\nmean = [2]\n',
        60,
        3,
        pictures,
        labels=LABELS,
    ),
}
