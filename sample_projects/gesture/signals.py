"""Synthetic accelerometer signals of gestures: made by formulas, not recorded from people.

A board in the hand, x to the right, y forward, z up: gravity and the hand's acceleration, turned by how the board is
held, and noise. Each movement has its own speed, strength, start, orientation and noise.

    wave    the hand swings from side to side, and tilts as it does
    circle  a circle in the vertical plane before the body
    punch   one to three thrusts forward, each speeding up and stopping short
    none    rest in any position, walking, running, reaching for something, or being handled: turned and bumped

What people add (other gestures, half gestures, habits, a bus) is not here: a model that is trained on these signals
shows how the parts work together, not how well they do in your hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

RATE = 100  # Hz
UNIT = 4 / 32768  # g: a step of int16 at +-4 g
GESTURES = ("wave", "circle", "punch")
NONE = "none"
KINDS = (*GESTURES, NONE)
GESTURE = 3.0  # s in which a gesture of a stream is made
BLEND = 0.3  # s from one movement to the next


class Span(NamedTuple):
    """When a gesture is made. Units: seconds"""

    start: float
    end: float
    label: str


class Recording(NamedTuple):
    """Samples of three axes, int16 [n, 3] in steps of UNIT, and the gestures in them."""

    samples: np.ndarray
    spans: tuple[Span, ...]


class Motion(NamedTuple):
    """Acceleration over time: gravity as the board feels it, and the hand's. Units: g, seconds"""

    gravity: np.ndarray  # [n, 3]
    hand: np.ndarray  # [n, 3]
    span: tuple[float, float] | None = None  # of a gesture


def make(rng: np.random.Generator, kind: str, seconds: float) -> np.ndarray:
    """Make a window of three axes. A gesture fills most of two seconds; in more it begins anywhere.

    Shapes: int16 [n, 3]; n = seconds * RATE
    Raises: KeyError if kind is none of KINDS
    """
    motion = _KINDS[kind](rng, np.arange(round(seconds * RATE)) / RATE, seconds)
    return _measured(rng, motion.gravity + motion.hand)


def make_stream(rng: np.random.Generator, kinds: Sequence[str], pause: tuple[float, float] = (1.5, 4.0)) -> Recording:
    """Make a recording of movements, one after another, and "none" of some length before and after each.

    Units: pause is the shortest and the longest "none", in seconds
    """
    lead = round(BLEND * RATE)
    motions, spans, begin = [], [], 0
    for kind in (NONE, *(each for gesture in kinds for each in (gesture, NONE))):
        seconds = rng.uniform(*pause) if kind == NONE else GESTURE
        motion = _KINDS[kind](rng, np.arange(-lead, round(seconds * RATE)) / RATE, seconds)
        if motion.span:
            spans.append(Span(*(round(begin / RATE + t, 2) for t in motion.span), kind))
        motions.append(motion)
        begin += len(motion.gravity) - lead
    return Recording(_measured(rng, _joined(motions, lead)), tuple(spans))


def _joined(motions: Sequence[Motion], lead: int) -> np.ndarray:
    """Let each motion fade into the next one, and gravity turn over: [n, 3] in g."""
    gravity, hand = (np.zeros((sum(len(m.gravity) - lead for m in motions) + lead, 3)) for _ in range(2))
    rise = np.sin(np.linspace(0, np.pi / 2, lead)) ** 2
    begin = 0
    for motion in motions:
        weight = np.ones((len(motion.gravity), 1))
        weight[:lead, 0] *= rise
        weight[-lead:, 0] *= rise[::-1]
        part = slice(begin, begin + len(weight))
        gravity[part] += weight * motion.gravity
        hand[part] += weight * motion.hand
        begin += len(weight) - lead
    whole = slice(lead, -lead)
    return gravity[whole] / np.linalg.norm(gravity[whole], axis=1, keepdims=True) + hand[whole]


def _measured(rng: np.random.Generator, g: np.ndarray) -> np.ndarray:
    noisy = g + rng.normal(0, rng.uniform(0.005, 0.03), g.shape)
    return np.clip(np.rint(noisy / UNIT), -32768, 32767).astype(np.int16)


def _wave(rng: np.random.Generator, t: np.ndarray, seconds: float) -> Motion:
    phase = 2 * np.pi * rng.uniform(1.4, 2.8) * t + rng.uniform(0, 2 * np.pi)
    envelope, span = _envelope(rng, t, seconds)
    tilt = np.deg2rad(rng.uniform(5, 25)) * envelope * np.sin(phase)
    x = rng.uniform(0.6, 1.8) * envelope * np.sin(phase)
    # An arm is a pendulum: it pulls outwards twice a swing.
    z = rng.uniform(0.05, 0.25) * envelope * np.cos(2 * phase)
    gravity = np.stack((np.sin(tilt), np.zeros(len(t)), np.cos(tilt)), axis=1)
    return _held(rng, 20, gravity, np.stack((x, rng.uniform(-0.15, 0.15) * x, z), axis=1), span)


def _circle(rng: np.random.Generator, t: np.ndarray, seconds: float) -> Motion:
    phase = 2 * np.pi * rng.uniform(0.8, 1.7) * t * rng.choice((-1, 1)) + rng.uniform(0, 2 * np.pi)
    envelope, span = _envelope(rng, t, seconds)
    envelope *= rng.uniform(0.4, 1.1)
    x, z = envelope * np.cos(phase), rng.uniform(0.75, 1.3) * envelope * np.sin(phase)
    return _held(rng, 20, _upright(t), np.stack((x, rng.uniform(-0.15, 0.15) * z, z), axis=1), span)


def _punch(rng: np.random.Generator, t: np.ndarray, seconds: float) -> Motion:
    count, spacing = rng.integers(1, 4), rng.uniform(0.45, 0.65)
    slack = max(seconds - 0.4 - (count - 1) * spacing, 0.05)
    starts = 0.15 + rng.uniform(0, slack) + spacing * np.arange(count) + rng.normal(0, 0.02, count)
    y = np.zeros(len(t))
    for start in starts:
        strength, length = rng.uniform(1.2, 2.6), rng.uniform(0.06, 0.11)
        # The hand stops in less time than it took to speed up, so with more force.
        y += strength * np.exp(-(((t - start) / length) ** 2))
        y -= 1.4 * strength * np.exp(-(((t - start - 1.6 * length) / (length / 1.4)) ** 2))
    hand = np.stack((rng.uniform(-0.2, 0.2) * y, y, rng.uniform(-0.25, 0.25) * y), axis=1)
    return _held(rng, 20, _upright(t), hand, (starts[0] - 0.15, starts[-1] + 0.25))


def _none(rng: np.random.Generator, t: np.ndarray, seconds: float) -> Motion:
    return rng.choice((_rest, _walking, _running, _reaching, _handled))(rng, t, seconds)


def _rest(rng: np.random.Generator, t: np.ndarray, seconds: float) -> Motion:
    return _held(rng, 180, _upright(t), np.zeros((len(t), 3)))


def _walking(rng: np.random.Generator, t: np.ndarray, seconds: float) -> Motion:
    return _steps(rng, t, rng.uniform(1.6, 2.3), rng.uniform(0.12, 0.35))


def _running(rng: np.random.Generator, t: np.ndarray, seconds: float) -> Motion:
    return _steps(rng, t, rng.uniform(2.4, 3.0), rng.uniform(0.4, 1.0))


def _steps(rng: np.random.Generator, t: np.ndarray, rate: float, size: float) -> Motion:
    step = 2 * np.pi * rate * t + rng.uniform(0, 2 * np.pi)
    z = size * (np.sin(step) + rng.uniform(0.2, 0.5) * np.sin(2 * step + 1))
    x = 0.5 * size * np.sin(step / 2 + rng.uniform(0, 2 * np.pi))
    return _held(rng, 60, _upright(t), np.stack((x, 0.4 * size * np.cos(step), z), axis=1))


def _reaching(rng: np.random.Generator, t: np.ndarray, seconds: float) -> Motion:
    """Move to somewhere and back: the hand speeds up and slows down evenly."""
    length, wait = rng.uniform(0.4, 0.9), rng.uniform(0, 0.5)
    start = rng.uniform(0, max(seconds - 2 * length - wait, 0.0))
    profile = np.zeros(len(t))
    for begin, sign in ((start, 1), (start + length + wait, -1)):
        part = np.clip((t - begin) / length, 0, 1)
        profile += sign * 10.4 * part * (1 - part) * (1 - 2 * part)  # of a jerk as small as can be; its peak is 1
    direction = rng.normal(size=3)
    hand = rng.uniform(0.2, 0.9) * profile[:, np.newaxis] * direction / np.linalg.norm(direction)
    return _held(rng, 60, _upright(t), hand)


def _handled(rng: np.random.Generator, t: np.ndarray, seconds: float) -> Motion:
    """Turn slowly about two axes, with a bump now and then."""
    roll, pitch = (rng.uniform(-np.pi, np.pi) + rng.uniform(0.2, 1.2) * _drift(rng, t) for _ in range(2))
    gravity = np.stack((-np.sin(pitch), np.sin(roll) * np.cos(pitch), np.cos(roll) * np.cos(pitch)), axis=1)
    hand = np.zeros((len(t), 3))
    for start in rng.uniform(0, seconds, rng.integers(0, 3)):
        hand += rng.normal(0, 0.4, 3) * np.exp(-(((t - start) / 0.03) ** 2))[:, np.newaxis]
    return Motion(gravity, hand)


_KINDS = {"wave": _wave, "circle": _circle, "punch": _punch, NONE: _none}


def _envelope(rng: np.random.Generator, t: np.ndarray, seconds: float) -> tuple[np.ndarray, tuple[float, float]]:
    """Rise within the first fifth and fall within the last, more or less, of about two seconds; say when these are."""
    length = min(seconds, rng.uniform(1.7, 2.4))
    start = rng.uniform(0, max(seconds - length, 0.0))
    rise, fall = rng.uniform(0.1, 0.35), rng.uniform(0.1, 0.35)
    envelope = np.clip((t - start) / rise, 0, 1) * np.clip((start + length - t) / fall + 0.3, 0, 1)
    return envelope, (start, start + length)


def _drift(rng: np.random.Generator, t: np.ndarray) -> np.ndarray:
    waves = [np.sin(2 * np.pi * rng.uniform(0.1, 0.7) * t + rng.uniform(0, 2 * np.pi)) for _ in range(3)]
    return np.sum(waves, axis=0)


def _upright(t: np.ndarray) -> np.ndarray:
    return np.tile((0.0, 0.0, 1.0), (len(t), 1))


def _held(
    rng: np.random.Generator,
    degrees: float,
    gravity: np.ndarray,
    hand: np.ndarray,
    span: tuple[float, float] | None = None,
) -> Motion:
    """Turn the board about a random axis by up to an angle."""
    axis = rng.normal(size=3)
    x, y, z = axis / np.linalg.norm(axis)
    cross = np.array(((0, -z, y), (z, 0, -x), (-y, x, 0)))
    angle = np.deg2rad(rng.uniform(0, degrees))
    turn = (np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross).T
    return Motion(gravity @ turn, hand @ turn, span)
