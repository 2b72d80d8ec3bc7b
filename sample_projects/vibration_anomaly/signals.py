"""Synthetic vibration of a machine with a ball bearing, healthy and with textbook faults. No measured data.

What is modelled, as condition monitoring's textbooks describe it:

- The shaft turns at `f`, which a drive varies, and its harmonics are always there; noise of the machine lies over all.
- Balls that roll over a defect strike it at a rate that the bearing's geometry gives, and each strike lets the
  housing ring at its resonance. With n balls of diameter d on a pitch circle D, and contact angle a:
      outer race  BPFO = n f / 2 (1 - d / D cos a)
      inner race  BPFI = n f / 2 (1 + d / D cos a)
  Balls slip, so that strikes are not quite periodic. The outer race stands still in the load; the inner one turns
  through it, so that its strikes swell and fade once a turn.
- Imbalance is a force that turns with the shaft: its first harmonic grows.
- Looseness lets the machine hit its stops: many harmonics, and ones of half the speed.

The sensor is an accelerometer with an analog output, such as the ADXL335: a tenth of the supply for each g, around half
of it, read with 12 bits against the same supply.

What a real machine adds (gears, other bearings, changing load, a sensor's mount) is not here: detectors that are
trained on these signals show how the parts work together, not how well they do on your machine.
"""

from __future__ import annotations

import math

import numpy as np

RATE = 1600  # Hz
UNIT = 10 / 4096  # g: a step of the converter
REST = 2048  # steps: no acceleration
SPEED = 25.0  # Hz: 1500 turns a minute
SPEEDS = (20.0, 30.0)  # Hz: what the drive allows
LOADS = (0.5, 2.0)  # all forces of the shaft grow with it

BALLS = 9
DIAMETER_RATIO = 0.25  # ball to pitch circle
CONTACT_ANGLE = 0.0  # radians
RESONANCE = 580.0  # Hz, of the housing
RING = 0.0035  # s: a strike has faded to 1 / e

NORMAL = "normal"
FAULTS = ("outer-race", "inner-race", "imbalance", "looseness")
KINDS = (NORMAL, *FAULTS)


def outer_race(speed: float) -> float:
    """Give BPFO, the rate of strikes on the outer race. Units: Hz"""
    return BALLS / 2 * speed * (1 - DIAMETER_RATIO * math.cos(CONTACT_ANGLE))


def inner_race(speed: float) -> float:
    """Give BPFI, the rate of strikes on the inner race. Units: Hz"""
    return BALLS / 2 * speed * (1 + DIAMETER_RATIO * math.cos(CONTACT_ANGLE))


def make(
    rng: np.random.Generator, kind: str, seconds: float, severity: float = 1.0, speed: float | None = None
) -> np.ndarray:
    """Make a recording of one axis, radial to the shaft. Load, phases and (without `speed`) speed are drawn by `rng`.

    Shapes: int16 [n, 1]; n = seconds * RATE
    Units: severity 0 (no fault yet) to 1 (a fault that can be felt by hand); speed Hz
    Raises: KeyError if kind is none of KINDS
    """
    fault = _FAULTS[kind]
    t = np.arange(round(seconds * RATE)) / RATE
    speed = rng.uniform(*SPEEDS) if speed is None else speed
    load = rng.uniform(*LOADS)
    x = load * _harmonics(rng, t, speed, {1: 0.06, 2: 0.03, 3: 0.012, 4: 0.006})
    x += rng.normal(0, 0.025, len(t))
    # Friction excites the resonance a little in any bearing.
    x += _ringing(rng, t, np.sort(rng.uniform(-0.05, seconds, round(60 * seconds))), rng.uniform(0.0, 0.03))
    x += severity * load * fault(rng, t, speed)
    return np.clip(np.rint(x / UNIT) + REST, 0, 4095).astype(np.int16)[:, np.newaxis]


def _none(rng: np.random.Generator, t: np.ndarray, speed: float) -> np.ndarray:
    return np.zeros(len(t))


def _outer_race(rng: np.random.Generator, t: np.ndarray, speed: float) -> np.ndarray:
    times = _strikes(rng, outer_race(speed), t)
    return _ringing(rng, t, times, rng.uniform(0.2, 0.6))


def _inner_race(rng: np.random.Generator, t: np.ndarray, speed: float) -> np.ndarray:
    times = _strikes(rng, inner_race(speed), t)
    in_load = 0.5 + 0.5 * np.cos(2 * np.pi * speed * times + rng.uniform(0, 2 * np.pi))
    return _ringing(rng, t, times, rng.uniform(0.3, 0.8) * in_load)


def _imbalance(rng: np.random.Generator, t: np.ndarray, speed: float) -> np.ndarray:
    return _harmonics(rng, t, speed, {1: rng.uniform(0.25, 0.7)})


def _looseness(rng: np.random.Generator, t: np.ndarray, speed: float) -> np.ndarray:
    size = rng.uniform(0.08, 0.2)
    orders = np.arange(1, 17) / 2
    x = _harmonics(rng, t, speed, {order: size * rng.uniform(0.4, 1.0) for order in orders})
    return np.clip(x, -2.5 * size, 2.5 * size)


_FAULTS = {
    NORMAL: _none,
    "outer-race": _outer_race,
    "inner-race": _inner_race,
    "imbalance": _imbalance,
    "looseness": _looseness,
}


def _harmonics(rng: np.random.Generator, t: np.ndarray, speed: float, sizes: dict[float, float]) -> np.ndarray:
    """Add sines at multiples of the speed. sizes: order -> g"""
    phases = rng.uniform(0, 2 * np.pi, len(sizes))
    waves = [
        size * np.sin(2 * np.pi * order * speed * t + phase)
        for (order, size), phase in zip(sizes.items(), phases, strict=True)
    ]
    return np.sum(waves, axis=0)


def _strikes(rng: np.random.Generator, rate: float, t: np.ndarray) -> np.ndarray:
    """Give times of strikes, each interval with 1 % of slip."""
    count = math.ceil(len(t) / RATE * rate) + 10
    intervals = rng.normal(1 / rate, 0.01 / rate, count)
    return np.cumsum(intervals) - rng.uniform(0, 1 / rate) - 5 / rate


def _ringing(rng: np.random.Generator, t: np.ndarray, times: np.ndarray, size: float | np.ndarray) -> np.ndarray:
    """Let the housing ring from each strike on. size: g, of all or of each"""
    sizes = size * rng.uniform(0.8, 1.2, len(times))
    resonance = RESONANCE * rng.uniform(0.97, 1.03)
    x = np.zeros(len(t))
    for start, strength in zip(times, sizes, strict=True):
        first = max(math.ceil(start * RATE), 0)
        since = t[first : first + round(8 * RING * RATE)] - start
        x[first : first + len(since)] += strength * np.exp(-since / RING) * np.sin(2 * np.pi * resonance * since)
    return x
