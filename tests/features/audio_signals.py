"""What audio features are compared on: the recordings, and signals that arithmetic finds hard; 16 kHz, int16."""

from __future__ import annotations

import wave
from functools import cache

import numpy as np

from tests.support.machine import lack
from tests.support.models import MODELS

RATE = 16000
RECORDINGS = ("yes_1000ms", "no_1000ms", "silence_1000ms", "noise_1000ms", "marvin_617de221_0")
TIME = np.arange(RATE) / RATE
SWEEP = 2 * np.pi * (20 * TIME + (7900 - 20) / 2 * TIME**2)  # 20 Hz to 7.9 kHz


def _int16(x: np.ndarray) -> np.ndarray:
    return np.clip(np.round(x), -32768, 32767).astype(np.int16)


def _noise(deviation: float) -> np.ndarray:
    return _int16(np.random.default_rng(4).normal(0, deviation, RATE))


def _burst() -> np.ndarray:
    """Digital silence, then a word of noise, then silence."""
    return np.where((TIME > 0.4) & (TIME < 0.6), _noise(3000), 0).astype(np.int16)


SYNTHETIC: dict[str, np.ndarray] = {
    "chirp": _int16(20000 * np.sin(SWEEP)),
    "quiet chirp": _int16(30 * np.sin(SWEEP)),
    "noise": _noise(4000),
    "quiet noise": _noise(1.5),
    "silence": np.zeros(RATE, np.int16),
    "burst": _burst(),
    "clipped tone": _int16(200000 * np.sin(2 * np.pi * 441 * TIME)),
    "clipped noise": _noise(60000),
}
SIGNALS = (*RECORDINGS, *SYNTHETIC)


@cache
def signal(name: str) -> np.ndarray:
    """Give a signal, the first channel of a recording; skip the test where recordings are not on this machine."""
    if name in SYNTHETIC:
        return SYNTHETIC[name]
    path = MODELS / "audio" / f"{name}.wav"
    if not path.exists():
        lack(str(path))
    with wave.open(str(path)) as recording:
        data = np.frombuffer(recording.readframes(recording.getnframes()), "<i2")
        return data[:: recording.getnchannels()].astype(np.int16)
