"""Synthetic accelerometer windows of gestures: made by formulas, not recorded from people.

A board in the hand, x to the right, y forward, z up: gravity and the hand's acceleration, turned by how the board is
held, and noise. Each window has its own speed, strength, start, orientation and noise.

    wave    the hand swings from side to side, and tilts as it does
    circle  a circle in the vertical plane before the body
    punch   one to three thrusts forward, each speeding up and stopping short
    none    rest in any position, walking, or being handled: turned and bumped
"""

from __future__ import annotations

import numpy as np

RATE = 100  # Hz
UNIT = 4 / 32768  # g: a step of int16 at +-4 g
GESTURES = ("wave", "circle", "punch")
NONE = "none"
KINDS = (*GESTURES, NONE)


def make(rng: np.random.Generator, kind: str, seconds: float) -> np.ndarray:
    """Make a window of three axes. A gesture fills most of two seconds; in more it begins anywhere.

    Shapes: int16 [n, 3]; n = seconds * RATE
    Raises: KeyError if kind is none of KINDS
    """
    t = np.arange(round(seconds * RATE)) / RATE
    g = _KINDS[kind](rng, t) + rng.normal(0, rng.uniform(0.005, 0.03), (len(t), 3))
    return np.clip(np.rint(g / UNIT), -32768, 32767).astype(np.int16)


def _wave(rng: np.random.Generator, t: np.ndarray) -> np.ndarray:
    phase = 2 * np.pi * rng.uniform(1.4, 2.8) * t + rng.uniform(0, 2 * np.pi)
    envelope = _envelope(rng, t)
    tilt = np.deg2rad(rng.uniform(5, 25)) * envelope * np.sin(phase)
    x = rng.uniform(0.6, 1.8) * envelope * np.sin(phase) + np.sin(tilt)
    # An arm is a pendulum: it pulls outwards twice a swing.
    z = np.cos(tilt) + rng.uniform(0.05, 0.25) * envelope * np.cos(2 * phase)
    return np.stack((x, rng.uniform(-0.15, 0.15) * x, z), axis=1) @ _held(rng, 20).T


def _circle(rng: np.random.Generator, t: np.ndarray) -> np.ndarray:
    phase = 2 * np.pi * rng.uniform(0.8, 1.7) * t * rng.choice((-1, 1)) + rng.uniform(0, 2 * np.pi)
    envelope = rng.uniform(0.4, 1.1) * _envelope(rng, t)
    x, z = envelope * np.cos(phase), rng.uniform(0.75, 1.3) * envelope * np.sin(phase)
    return np.stack((x, rng.uniform(-0.15, 0.15) * z, z + 1), axis=1) @ _held(rng, 20).T


def _punch(rng: np.random.Generator, t: np.ndarray) -> np.ndarray:
    count, spacing = rng.integers(1, 4), rng.uniform(0.45, 0.65)
    slack = max(t[-1] - 0.4 - (count - 1) * spacing, 0.05)
    starts = 0.15 + rng.uniform(0, slack) + spacing * np.arange(count) + rng.normal(0, 0.02, count)
    y = np.zeros(len(t))
    for start in starts:
        strength, length = rng.uniform(1.2, 2.6), rng.uniform(0.06, 0.11)
        # The hand stops in less time than it took to speed up, so with more force.
        y += strength * np.exp(-(((t - start) / length) ** 2))
        y -= 1.4 * strength * np.exp(-(((t - start - 1.6 * length) / (length / 1.4)) ** 2))
    z = 1 + rng.uniform(-0.25, 0.25) * y
    return np.stack((rng.uniform(-0.2, 0.2) * y, y, z), axis=1) @ _held(rng, 20).T


def _none(rng: np.random.Generator, t: np.ndarray) -> np.ndarray:
    return rng.choice((_rest, _walking, _handled))(rng, t)


def _rest(rng: np.random.Generator, t: np.ndarray) -> np.ndarray:
    return np.tile((0.0, 0.0, 1.0), (len(t), 1)) @ _held(rng, 180).T


def _walking(rng: np.random.Generator, t: np.ndarray) -> np.ndarray:
    step = 2 * np.pi * rng.uniform(1.6, 2.3) * t + rng.uniform(0, 2 * np.pi)
    size = rng.uniform(0.12, 0.35)
    z = 1 + size * (np.sin(step) + rng.uniform(0.2, 0.5) * np.sin(2 * step + 1))
    x = 0.5 * size * np.sin(step / 2 + rng.uniform(0, 2 * np.pi))
    return np.stack((x, 0.4 * size * np.cos(step), z), axis=1) @ _held(rng, 60).T


def _handled(rng: np.random.Generator, t: np.ndarray) -> np.ndarray:
    """Turn slowly about two axes, with a bump now and then."""
    roll, pitch = (rng.uniform(-np.pi, np.pi) + rng.uniform(0.2, 1.2) * _drift(rng, t) for _ in range(2))
    g = np.stack((-np.sin(pitch), np.sin(roll) * np.cos(pitch), np.cos(roll) * np.cos(pitch)), axis=1)
    for start in rng.uniform(0, t[-1], rng.integers(0, 3)):
        g += rng.normal(0, 0.4, 3) * np.exp(-(((t - start) / 0.03) ** 2))[:, np.newaxis]
    return g


_KINDS = {"wave": _wave, "circle": _circle, "punch": _punch, NONE: _none}


def _envelope(rng: np.random.Generator, t: np.ndarray) -> np.ndarray:
    """Rise within the first fifth and fall within the last, more or less, of about two seconds."""
    length = min(t[-1], rng.uniform(1.7, 2.4))
    start = rng.uniform(0, max(t[-1] - length, 0.0))
    rise, fall = rng.uniform(0.1, 0.35), rng.uniform(0.1, 0.35)
    return np.clip((t - start) / rise, 0, 1) * np.clip((start + length - t) / fall + 0.3, 0, 1)


def _drift(rng: np.random.Generator, t: np.ndarray) -> np.ndarray:
    waves = [np.sin(2 * np.pi * rng.uniform(0.1, 0.7) * t + rng.uniform(0, 2 * np.pi)) for _ in range(3)]
    return np.sum(waves, axis=0)


def _held(rng: np.random.Generator, degrees: float) -> np.ndarray:
    """Give a rotation about a random axis by up to an angle."""
    axis = rng.normal(size=3)
    x, y, z = axis / np.linalg.norm(axis)
    cross = np.array(((0, -z, y), (z, 0, -x), (-y, x, 0)))
    angle = np.deg2rad(rng.uniform(0, degrees))
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross
