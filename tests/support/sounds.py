"""Sounds to try audio front ends with: recordings, and what microphones rarely give."""

from __future__ import annotations

import wave

import numpy as np

from tests.support.machine import lack
from tests.support.models import MODELS

RATE = 16000  # Hz
RECORDINGS = ("yes_1000ms", "no_1000ms", "silence_1000ms", "noise_1000ms", "marvin_617de221_0")


def recording(name: str) -> np.ndarray:
    """Read a recording's first channel, or skip the test where they are not on this machine."""
    path = MODELS / "audio" / f"{name}.wav"
    if not path.exists():
        lack(str(path))
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getsampwidth()) == (RATE, 2)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, file.getnchannels())[:, 0]


def synthetic(length: int = RATE) -> dict[str, np.ndarray]:
    """Make sounds of extremes, the same ones each time."""
    rng, t = np.random.default_rng(1), np.arange(length)
    impulses, hiss = np.zeros(length, np.int16), rng.integers(-1, 2, length).astype(np.int16)
    impulses[::700], impulses[350::900] = -32768, 32767
    return {
        "zeros": np.zeros(length, np.int16),
        "lowest": np.full(length, -32768, np.int16),
        "highest": np.full(length, 32767, np.int16),
        "hiss": hiss,
        "noise": rng.integers(-32768, 32768, length).astype(np.int16),
        "square": np.where(t // 40 % 2, 32767, -32768).astype(np.int16),
        "fast square": np.where(t % 2, 32767, -32768).astype(np.int16),
        "clipping": np.clip(1e5 * np.sin(0.05 * t), -32768, 32767).astype(np.int16),
        "chirp": (32767 * np.sin(np.cumsum(0.0002 * t))).astype(np.int16),
        "impulses": impulses,
        "impulses in hiss": np.where(t % 733, hiss, np.int16(-32768)).astype(np.int16),
        "silence, then noise": (rng.integers(-9000, 9000, length) * (t > length // 2)).astype(np.int16),
    }


def frames(sound: np.ndarray, length: int, hop: int) -> np.ndarray:
    """Cut a sound into frames [frames, length]."""
    return np.lib.stride_tricks.sliding_window_view(sound, length)[::hop]
