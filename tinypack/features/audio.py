"""What the audio extractors have in common: from a design in real numbers to a chain of fixed-point blocks."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tinypack.features.audio_design import AudioDesign, Log
from tinypack.features.cmvn import cmvn
from tinypack.features.dct import dct
from tinypack.features.extractor import FrontEnd
from tinypack.features.filter_bank import filter_bank
from tinypack.features.logarithm import ONE, Linear, Logarithm, float_parts
from tinypack.features.protocol import Block, Chain, Step
from tinypack.features.rfft import Rfft
from tinypack.features.spectrum import Magnitude, Power
from tinypack.features.window import Emphasis, Window

LARGEST = 2**28  # of logarithms and linear features, so that a matrix may make them four times as large
SAMPLE = 2**15  # the largest
FACTOR_BITS = 29  # of a logarithm's factor: 2^33 times it, the bias too, are within 63 bits
OCTAVES = 256  # more than lie between any two values: 64 bits and an exponent
#: Order, block, largest value.
SPECTRA: dict[str, tuple[int, Callable[[int], Block], int]] = {
    "magnitude": (1, Magnitude, 2**31),
    "power": (2, Power, 2**62),
}


@dataclass(frozen=True)
class Values:
    """Values before features are made of them."""

    length: int
    order: int  # 1: magnitudes; 2: powers
    unit: float  # the real value of one step
    largest: int  # no value is above, in steps
    loudest: float  # no real value is above


def audio_chain(design: AudioDesign) -> FrontEnd:
    """Make the blocks that compute a design, with all constants in tables."""
    order, spectrum, largest = SPECTRA[design.spectrum]
    first = _first(design)
    bins, name = design.fft // 2 + 1, "spectrum"
    steps = [
        Step(first, ("samples",), ("frame", "frame_exponent")),
        Step(Rfft(design.fft), ("frame", "frame_exponent"), ("bins", "exponent")),
        Step(spectrum(bins), ("bins",), (name,)),
    ]
    unit = design.spectrum_scale * design.sample_scale**order
    values = Values(bins, order, unit, largest, _loudest(design))
    if design.filters is not None:
        filters, step, largest = filter_bank(design.filters, largest)
        gain = float(design.filters.sum(axis=1).max())
        values = Values(len(design.filters), order, unit * step, largest, values.loudest * gain)
        steps.append(Step(filters, (name,), ("energies",)))
        name = "energies"
    features, unit, most = _linear(values) if design.log.kind == "none" else _logarithm(values, design.log)
    steps.append(Step(features, (name, "exponent"), ("features",)))
    chain = Chain({"samples": first.inputs[0]}, tuple(steps), "features")
    if design.dct is not None:
        matrix, step = dct(design.dct)
        chain = chain.then(matrix, "coefficients")
        unit, most = unit * step, most * float(np.abs(design.dct).sum(axis=1).max())
    length = chain.arrays[chain.output].length
    if design.cmvn:
        normalised = cmvn(length, design.cmvn, design.cmvn_variance, math.ceil(most / unit) + 1)
        chain = chain.then(normalised, "normalised")
        unit = 2.0**-16 if design.cmvn_variance else math.ldexp(unit, normalised.down)
    return FrontEnd(chain, design.rate, 1, first.inputs[0].length, design.hop, (length,), unit)


def _first(design: AudioDesign) -> Block:
    if design.pre_emphasis:
        return Emphasis(design.pre_emphasis, design.window, design.fft, design.hop)
    return Window(design.window, design.fft)


def _loudest(design: AudioDesign) -> float:
    """Bound a bin's real value."""
    amplitude = SAMPLE * design.sample_scale * (1 + design.pre_emphasis) * float(np.abs(design.window).sum())
    return design.spectrum_scale * amplitude ** SPECTRA[design.spectrum][0]


def _linear(values: Values) -> tuple[Block, float, float]:
    """Make the block of features that are the values themselves; give it, its features' step, and a bound of them."""
    step = values.loudest / LARGEST
    factor, exponent = float_parts(values.unit / step)
    return Linear(values.length, values.order, factor, -exponent, LARGEST), step, values.loudest


def _logarithm(values: Values, log: Log) -> tuple[Block, float, float]:
    """Make the block of logarithms; give it, its features' step, and a bound of them."""

    def real(x: float) -> float:
        return log.factor * math.log(x) + log.bias

    octave = log.factor * math.log(2)
    bias = log.factor * math.log(values.unit) + log.bias
    highest = real(max(values.loudest, log.floor) + log.offset)
    lowest = real(log.floor + log.offset) if log.floor + log.offset else highest - OCTAVES * octave
    lowest = lowest if log.lowest is None else max(lowest, log.lowest)
    highest = highest if log.highest is None else min(highest, log.highest)
    most = max(abs(lowest), abs(highest), octave)  # where nothing exceeds the floor, both may be 0
    step = log.step or 2.0 ** math.ceil(math.log2(most / LARGEST))
    slope = octave / step / ONE
    shift = FACTOR_BITS - math.frexp(max(slope, abs(bias) / step / 2**32))[1]
    offset, offset_exponent = float_parts(log.offset / values.unit) if log.offset else (0, 0)
    up = 63 - values.largest.bit_length() if log.offset else 0
    block = Logarithm(
        values.length,
        values.order,
        factor=round(slope * 2.0**shift),
        bias=round(bias / step * 2.0**shift) + (1 << shift >> 1),
        shift=shift,
        offset=offset,
        offset_exponent=offset_exponent,
        up=up,
        lowest=round(lowest / step),
        highest=max(math.ceil(highest / step), round(lowest / step)),  # even the loudest may be below the noise floor
    )
    return block, step, most
