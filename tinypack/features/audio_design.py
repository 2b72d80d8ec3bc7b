"""What the audio extractors compute, in real numbers: the float64 tables that fixed-point blocks are made from."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tinypack.features.audio_options import LOUDEST, AudioOptions


@dataclass(frozen=True, eq=False)
class Log:
    """factor * ln(max(x, floor) + offset) + bias, or x itself if the kind is none; then limits and rounding."""

    kind: Literal["none", "ln", "log10", "db"]
    factor: float  # on the natural logarithm, such as 10 / ln 10 for dB
    floor: float
    offset: float
    bias: float
    lowest: float | None  # a result below is this; None: no limit
    highest: float | None  # a result above is this; None: no limit
    step: float | None  # then rounded to the nearest multiple of this (Edge Impulse: 1/256); None: as it is


@dataclass(frozen=True, eq=False)
class AudioDesign:
    """Frames start every `hop` samples; each is windowed, transformed, filtered, its logarithm taken, and so on down.

    Filters need not be triangles: the last row may be all ones (the energy of the frame), which `dct` then hands on
    as coefficient 0.
    """

    rate: float  # Hz
    frame: int  # samples taken; a library that cuts frames longer than the FFT has frame == fft here
    hop: int  # samples; may be more than `frame`
    fft: int  # a power of two 32..4096, >= frame: the rest is zeros
    pre_emphasis: float  # c in y[n] = x[n] - c * x[n - 1]; x[-1] is 0 at the start of the stream only, not of a frame
    window: np.ndarray  # [frame]
    spectrum: Literal["magnitude", "power"]
    spectrum_scale: float  # the spectrum is multiplied by this
    sample_scale: float  # the real value of one int16 step, such as 2^-15
    filters: np.ndarray | None  # [filters, fft / 2 + 1]; None: the log takes the spectrum's bins
    log: Log
    dct: np.ndarray | None  # [coefficients, filters], normalisation and lifter folded in; None: none
    cmvn: int  # frames whose mean is subtracted: this one and those before, at the start fewer; 0: none
    cmvn_variance: bool  # divided by their deviation (of the population), too; where that is 0, so is the result


SAMPLE_SCALES = {"fraction": 2.0**-15, "integer": 1.0}
#: Window: the constant and the cosine's part.
WINDOWS = {"hann": (0.5, 0.5), "hamming": (0.54, 0.46), "none": (1.0, 0.0)}
#: Amplitudes count twice in decibels.
DECIBELS = {"magnitude": 20 / math.log(10), "power": 10 / math.log(10)}


def design(options: AudioOptions) -> AudioDesign:
    """Compute what an extractor of these options does, in real numbers."""
    frame = min(options.frame_samples, options.fft)
    return AudioDesign(
        rate=options.sample_rate,
        frame=frame,
        hop=options.hop_samples,
        fft=options.fft,
        pre_emphasis=options.pre_emphasis,
        window=_window(options)[:frame],
        spectrum=options.spectrum,
        spectrum_scale=1 / options.fft if options.spectrum_per_point else 1.0,
        sample_scale=SAMPLE_SCALES[options.sample_values],
        filters=options.filters_matrix(),
        log=_log(options),
        dct=options.dct_matrix(),
        cmvn=options.cmvn,
        cmvn_variance=options.cmvn_variance,
    )


def _window(options: AudioOptions) -> np.ndarray:
    """Give the window of a whole frame, also where it is cut to the FFT afterwards."""
    constant, part = WINDOWS[options.window]
    period = options.frame_samples - (options.window_period == "symmetric")
    return np.asarray(constant - part * np.cos(2 * np.pi / period * np.arange(options.frame_samples)))


def _log(options: AudioOptions) -> Log:
    factors = {"none": 1.0, "natural": 1.0, "log10": 1 / math.log(10), "db": DECIBELS[options.spectrum]}
    factor = factors[options.log]
    bias = -factor * math.log(options.reference)
    lowest = highest = step = None
    if options.noise_floor is not None:
        span = LOUDEST - options.noise_floor
        factor, bias, lowest = factor / span, (bias - options.noise_floor) / span, 0.0
    if options.levels is not None:
        step = 1 / options.levels
        highest = 1 - step
    kind = "ln" if options.log == "natural" else options.log
    return Log(kind, factor, options.log_floor, options.log_offset, bias, lowest, highest, step)
