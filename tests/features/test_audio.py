"""Whole audio chains: C against NumPy, and NumPy against the design in float64."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.features.frames import trying_frames
from tests.features.harness import Case, assert_same
from tests.kernels.targets import STRICT, Target
from tests.support.machine import need
from tinypack.compile.emit import kernel_sources
from tinypack.features.audio import audio_chain
from tinypack.features.audio_design import AudioDesign, Log
from tinypack.features.extractor import FrontEnd

RATE = 16000
LN = Log("ln", 1.0, 1e-10, 0.0, 0.0, None, None, None)
OFFSET = Log("ln", 1.0, 0.0, 1e-6, 0.0, None, None, None)
DB = Log("db", 10 / np.log(10), 2.0**-52, 0.0, 0.0, None, None, None)
LEVELS = Log("db", 10 / np.log(10) / 64, 1e-10, 0.0, 52 / 64, 0.0, 1 - 2.0**-8, 2.0**-8)
NONE = Log("none", 1.0, 0.0, 0.0, 0.0, None, None, None)


def hann(frame: int) -> np.ndarray:
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(frame) / frame)


def triangles(filters: int, fft: int) -> np.ndarray:
    """Give filters that widen as mel filters do; the lowest see one bin or none."""
    centres = (fft / 2) * (np.linspace(0.1, 1, filters + 2) ** 2)[:, np.newaxis]
    k = np.arange(fft // 2 + 1)
    rising, falling = (
        (side - low) / (high - low)
        for side, low, high in ((k, centres[:-2], centres[1:-1]), (-k, -centres[2:], -centres[1:-1]))
    )
    return np.maximum(0, np.minimum(rising, falling))


def cosines(coefficients: int, filters: int) -> np.ndarray:
    angles = np.pi / filters * np.outer(np.arange(coefficients), np.arange(filters) + 0.5)
    return np.sqrt(2 / filters) * np.cos(angles)


def with_energy(filters: int, fft: int) -> np.ndarray:
    return np.concatenate((triangles(filters, fft), np.ones((1, fft // 2 + 1))))


ENERGY_FIRST = np.zeros((13, 33))
ENERGY_FIRST[0, 32], ENERGY_FIRST[1:, :32] = 1, cosines(13, 32)[1:]

DESIGNS = {
    "spectrogram": AudioDesign(
        RATE, 480, 320, 512, 0.0, hann(480), "magnitude", 1.0, 2.0**-15, None, OFFSET, None, 0, False
    ),
    "magnitudes without log": AudioDesign(
        RATE, 256, 160, 256, 0.0, hann(256), "magnitude", 1 / 256, 2.0**-15, None, NONE, None, 0, False
    ),
    "powers without log, filtered": AudioDesign(
        RATE, 128, 128, 128, 0.97, np.ones(128), "power", 1.0, 1.0, triangles(10, 128), NONE, None, 0, False
    ),
    "energies in dB": AudioDesign(
        RATE, 1024, 512, 1024, 0.0, hann(1024), "power", 1.0, 2.0**-15, triangles(64, 1024) * 0.02, DB, None, 0, False
    ),
    "levels": AudioDesign(
        RATE, 256, 320, 256, 0.98, np.ones(256), "power", 1 / 256, 2.0**-15, triangles(40, 256), LEVELS, None, 0, False
    ),
    "coefficients": AudioDesign(
        RATE,
        480,
        320,
        512,
        0.0,
        hann(480),
        "magnitude",
        1.0,
        2.0**-15,
        triangles(40, 512),
        OFFSET,
        cosines(10, 40),
        0,
        False,
    ),
    "coefficients, normalised": AudioDesign(
        RATE, 256, 320, 256, 0.98, np.ones(256), "power", 1 / 256, 1.0, with_energy(32, 256), LN, ENERGY_FIRST, 20, True
    ),
    "coefficients less their mean": AudioDesign(
        8000, 30, 20, 32, 0.95, hann(30), "power", 1.0, 1.0, triangles(6, 32), LN, cosines(5, 6), 7, False
    ),
}
T = np.arange(RATE) / RATE
RANDOM = np.random.default_rng(1)
SOUNDS = {
    "chirp": 20000 * np.sin(2 * np.pi * (50 * T + 3900 * T * T)) + RANDOM.normal(0, 3, RATE),
    "soft chirp": 500 * np.sin(2 * np.pi * (50 * T + 3900 * T * T)),
    "noise": RANDOM.integers(-32768, 32768, RATE),
    "faint noise": RANDOM.integers(-2, 3, RATE),
    "silence": np.zeros(RATE),
    "clipping": np.clip(90000 * np.sin(2 * np.pi * 440.7 * T), -32768, 32767),
}


def cut(front: FrontEnd, samples: np.ndarray) -> np.ndarray:
    return np.lib.stride_tricks.sliding_window_view(samples, front.frame)[:: front.hop]


def exact(design: AudioDesign, frame: int, samples: np.ndarray) -> np.ndarray:
    """Compute a design in float64."""
    x = samples * design.sample_scale
    y = x - design.pre_emphasis * np.concatenate(([0], x[:-1]))
    windows = np.lib.stride_tricks.sliding_window_view(y, frame)[:: design.hop, : design.frame]
    bins = np.abs(np.fft.rfft(windows * design.window, design.fft))
    values = design.spectrum_scale * (bins**2 if design.spectrum == "power" else bins)
    features = values if design.filters is None else values @ design.filters.T
    log = design.log
    if log.kind != "none":
        features = log.factor * np.log(np.maximum(features, log.floor) + log.offset) + log.bias
        features = np.clip(features, log.lowest, log.highest)
        features = features if log.step is None else np.rint(features / log.step) * log.step
    features = features if design.dct is None else features @ design.dct.T
    return normalised(features, design) if design.cmvn else features


def normalised(features: np.ndarray, design: AudioDesign) -> np.ndarray:
    seen = [features[max(0, i + 1 - design.cmvn) : i + 1] for i in range(len(features))]
    less = features - np.stack([x.mean(axis=0) for x in seen])
    if not design.cmvn_variance:
        return less
    deviations = np.stack([x.std(axis=0) for x in seen])
    return np.divide(less, deviations, out=np.zeros_like(less), where=deviations > 1e-9)


def test_kernels(tmp_path: Path, target: Target) -> None:
    fronts = {name: audio_chain(design) for name, design in DESIGNS.items()}
    sound = np.concatenate([SOUNDS[name][:4000] for name in SOUNDS]).astype(np.int16)
    frames = {name: np.concatenate((trying_frames(front.frame), cut(front, sound))) for name, front in fronts.items()}
    assert_same(
        [Case(name, front.chain, {"samples": frames[name]}) for name, front in fronts.items()], tmp_path, target
    )


@pytest.mark.parametrize("floor", [1.0, np.nextafter(1.0, 2)])
def test_nothing_above_a_floor_whose_logarithm_is_0(floor: float, tmp_path: Path) -> None:
    front = audio_chain(replace(DESIGNS["magnitudes without log"], log=replace(LN, floor=floor)))
    frames = trying_frames(front.frame)
    assert not front.chain.apply({"samples": frames[np.newaxis]}, front.chain.start(1)).any()
    assert_same([Case("zeros", front.chain, {"samples": frames})], tmp_path)


@pytest.mark.parametrize("log", [LEVELS, replace(LEVELS, highest=None, step=None)], ids=["levels", "no levels"])
def test_what_is_never_above_the_noise_floor_is_the_floor(log: Log, tmp_path: Path) -> None:
    front = audio_chain(replace(DESIGNS["levels"], log=replace(log, bias=-100.0)))
    frames = trying_frames(front.frame)
    features = front.chain.apply({"samples": frames[np.newaxis]}, front.chain.start(1))
    assert (features == 0).all()
    assert_same([Case("silent", front.chain, {"samples": frames})], tmp_path)


@pytest.mark.parametrize("design", DESIGNS.values(), ids=DESIGNS)
def test_is_the_design(design: AudioDesign) -> None:
    """After quantisation to 8 bits over the features' range, 99 % are equal, and none is off by more than 2."""
    front = audio_chain(design)
    sounds = {name: np.rint(sound).astype(np.int16) for name, sound in SOUNDS.items()}
    wanted = {name: exact(design, front.frame, sound) for name, sound in sounds.items()}
    everything = np.concatenate(list(wanted.values()))
    step = (everything.max() - everything.min()) / 255
    for name, sound in sounds.items():
        got = front.chain.apply({"samples": cut(front, sound)[np.newaxis]}, front.chain.start(1))[0] * front.unit
        errors = np.abs(np.rint(got / step) - np.rint(wanted[name] / step))
        assert errors.max() <= 2, name
        assert (errors == 0).mean() >= 0.99, name
        assert np.abs(got - wanted[name]).mean() <= 0.02 * step, name


def test_frames_are_what_a_stream_gives() -> None:
    """A frame with pre-emphasis sees the samples up to the next one, so that the last before it is known."""
    assert audio_chain(DESIGNS["levels"]).frame == 320
    assert audio_chain(DESIGNS["spectrogram"]).frame == 480


def test_chains_need_no_float(tmp_path: Path) -> None:
    need("arm-none-eabi-gcc", "arm-none-eabi-nm")
    kernels = {step.block.KERNEL for design in DESIGNS.values() for step in audio_chain(design).chain.steps}
    sources = kernel_sources(sorted(kernels | {"feature_quantise_s8"}))
    for name, content in sources.items():
        (tmp_path / name).write_text(content)
    units = [name for name in sources if name.endswith(".c")]
    command = ["arm-none-eabi-gcc", *STRICT, "-O1", "-mcpu=cortex-m0", "-mthumb", "-c", *units]
    subprocess.run(command, cwd=tmp_path, check=True)
    objects = [name.replace(".c", ".o") for name in units]
    listed = subprocess.run(
        ["arm-none-eabi-nm", "-u", *objects], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    wanted = {line.split()[-1] for line in listed.stdout.splitlines() if " U " in line}
    # Integer arithmetic of libgcc, and what compilers make of loops that fill and copy.
    helpers = {"lmul", "ldivmod", "uldivmod", "idiv", "idivmod", "uidiv", "uidivmod", "llsl", "llsr", "lasr"}
    assert wanted - {"memset", "memcpy", "__clzsi2"} <= {f"__aeabi_{name}" for name in helpers}
    assert "__aeabi_lmul" in wanted
