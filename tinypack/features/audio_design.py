"""What the audio extractors compute, in real numbers: the float64 tables that fixed-point blocks are made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np


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
    cmvn: int  # frames: this one and those before (at the start, as many as there are) give the mean to subtract; 0: none
    cmvn_variance: bool  # and the deviation (of the population) to divide by; where that is 0, so is the result
