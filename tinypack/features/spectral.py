"""`spectral`: each axis filtered, its statistics, its spectrum and the peaks of it; for vibration and motion."""

from __future__ import annotations

import math
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field, field_validator, model_validator

from tinypack.features.butterworth import FRACTION_BITS, Filter, butterworth
from tinypack.features.extractor import FrontEnd, NotNegative, Positive
from tinypack.features.moments import Statistic
from tinypack.features.protocol import Chain, Step
from tinypack.features.sensor_options import WindowOptions, axis_names
from tinypack.features.spectral_block import LOG_BITS, TAPER_BITS, Spectral
from tinypack.features.statistics import once, units
from tinypack.options import broken

NAME = "spectral"
BRIEF = "Each axis of a window filtered; its statistics, powers of its frequencies, and the peaks of these."
SHAPE_UNIT = 2.0**-16
#: Cosine windows: a - (1 - a) cos
TAPERS = {"hann": 0.5, "hamming": 0.54}
LOWEST_CUTOFF, HIGHEST_CUTOFF = 1e-4, 0.45  # of the sample rate


class Options(WindowOptions):
    PRESETS: ClassVar[dict[str, dict[str, Any]]] = {
        "edge-impulse": {
            "statistics": ["std", "skewness", "kurtosis"],
            "spectrum_shape": True,
            "fft": 16,
            "taper": "none",
            "average": "max",
            "tail": "pad",
            "norm": "length",
            "scale": "log10",
        }
    }

    type: Literal["spectral"]
    filter: Literal["none", "low", "high"] = Field("none", description="Butterworth filter before all else.")
    cutoff: Positive | None = Field(None, description="Where the filter's gain is -3 dB, Hz.")
    order: Literal[2, 4, 6, 8] = Field(6, description="Of the filter.")
    statistics: list[Statistic] = Field(
        ["std", "skewness", "kurtosis"], description="Of each axis, in this order, as in `statistics`; may be empty."
    )
    spectrum_shape: bool = Field(False, description="Skewness and kurtosis of the powers too, all bins together.")
    fft: Literal[16, 32, 64, 128, 256, 512, 1024, 2048, 4096] = Field(64, description="Samples of a segment.")
    overlap: float = Field(0.5, ge=0, le=0.95, strict=False, description="Of a segment with the next, as a share.")
    taper: Literal["hann", "hamming", "none"] = Field("hann", description="Window of each segment.")
    average: Literal["mean", "max"] = Field("mean", description="What is taken of the segments' powers.")
    tail: Literal["drop", "pad"] = Field("drop", description="Samples that fill no segment: left out, or with zeros.")
    norm: Literal["density", "spectrum", "length"] = Field(
        "density",
        description="Powers: unit^2 / Hz or unit^2, one-sided, as SciPy's welch has them; or |X|^2 / fft.",
    )
    scale: Literal["log10", "linear"] = Field("log10", description="Powers as they are, or their logarithms.")
    floor: Positive = Field(1e-10, description="A power below this is taken for it, in the logarithm.")
    lowest: NotNegative | None = Field(
        None, description="First bin, Hz (default: the first but 0, or that a high-pass passes)."
    )
    highest: Positive | None = Field(
        None, description="Last bin, Hz (default: half the sample rate, or what a low-pass passes)."
    )
    peaks: int = Field(0, ge=0, le=32, description="Largest peaks: frequency (0: none) and power each.")
    peak_threshold: float = Field(
        0.1, ge=0, le=1, strict=False, description="Of a peak, as a share of the largest power."
    )

    @field_validator("statistics")
    @classmethod
    def _once(cls, features: list[Statistic]) -> list[Statistic]:
        return once(features)

    @model_validator(mode="after")
    def _fits(self) -> Options:
        if (self.filter == "none") != (self.cutoff is None):
            raise broken("`cutoff` goes with a filter", 'give both `filter` ("low" or "high") and `cutoff`, or neither')
        least, most = LOWEST_CUTOFF * self.sample_rate, HIGHEST_CUTOFF * self.sample_rate
        if self.cutoff is not None and not least <= self.cutoff <= most:
            raise broken(f"cutoff is {LOWEST_CUTOFF:g} to {HIGHEST_CUTOFF:g} of sample_rate: {least:g} to {most:g} Hz")
        if self.tail == "drop" and self.window_samples < self.fft:
            raise broken(
                f"a window holds at least one segment of `fft` samples; here {self.window_samples} of {self.fft}",
                'use a longer window, a smaller fft, or `tail = "pad"`',
            )
        if not self.bins:
            raise broken("at least one bin must lie between `lowest` and `highest`", "move them, or use a larger fft")
        return self

    @property
    def step(self) -> int:
        """Samples from one segment to the next."""
        return max(round(self.fft * (1 - self.overlap)), 1)

    @property
    def segments(self) -> int:
        whole = (self.window_samples - self.fft) // self.step + 1
        return whole if self.tail == "drop" else -(-self.window_samples // self.step)

    @property
    def bins(self) -> range:
        """Bins that are features: of a filter's stop band none but that which the cut-off lies in, nor 0."""
        spacing = self.sample_rate / self.fft
        first, last = 1, self.fft // 2
        if self.filter == "high" and self.cutoff is not None:
            first = max(first, math.ceil(self.cutoff / spacing - 0.5))
        if self.filter == "low" and self.cutoff is not None:
            last = min(last, math.floor(self.cutoff / spacing + 0.5))
        if self.lowest is not None:
            first = math.ceil(self.lowest / spacing - 1e-9)
        if self.highest is not None:
            last = min(math.floor(self.highest / spacing + 1e-9), self.fft // 2)
        return range(first, last + 1)


def front_end(options: Options) -> FrontEnd:
    """Design the computation of one window."""
    length, bins = options.window_samples, options.bins
    sections = butterworth(options.order, options.cutoff, options.sample_rate) if options.cutoff is not None else ()
    first = Filter(options.channels, length, sections, options.filter == "high")
    taper, factor = _taper(options), _factor(options)
    bits = _linear_bits(options, factor)
    second = Spectral(
        channels=options.channels,
        length=length,
        statistics=tuple(options.statistics),
        fft=options.fft,
        taper=() if options.taper == "none" else tuple(np.rint(taper * 2.0**TAPER_BITS).astype(int).tolist()),
        segments=options.segments,
        step=options.step,
        hold_largest=options.average == "max",
        halve_ends=options.norm != "length",
        shape=options.spectrum_shape,
        scale=_mantissa(factor * 4.0**-FRACTION_BITS),
        log=options.scale == "log10",
        bits=bits,
        floor=round(math.log10(options.floor) * 2.0**LOG_BITS),
        first=bins.start,
        end=bins.stop,
        peaks=options.peaks,
        at_least=round(options.peak_threshold * 2**15),
    )
    power_unit = 2.0**-LOG_BITS if options.scale == "log10" else 2.0**-bits
    axis = (
        *units(second.statistics, options.unit),
        *(SHAPE_UNIT,) * (2 * options.spectrum_shape),
        *(power_unit,) * len(bins),
        *(options.sample_rate / options.fft, power_unit) * options.peaks,
    )
    steps = (
        Step(first, ("samples",), ("signals",)),
        Step(second, ("signals",), ("features", "powers", "work")),
    )
    return FrontEnd(
        chain=Chain({"samples": first.inputs[0]}, steps, "features"),
        rate=options.sample_rate,
        channels=options.channels,
        frame=length,
        hop=options.hop_samples,
        shape=(second.outputs[0].length,),
        unit=axis * options.channels,
        sample_unit=options.unit,
    )


def feature_names(options: Options) -> list[str]:
    """Name the features of a window in order, such as "ax 12.5 Hz"."""
    spacing = options.sample_rate / options.fft
    names: list[str] = [*options.statistics]
    names += ["spectral skewness", "spectral kurtosis"] * options.spectrum_shape
    names += [f"{k * spacing:g} Hz" for k in options.bins]
    names += [f"peak {i + 1} {what}" for i in range(options.peaks) for what in ("frequency", "power")]
    return [f"{axis} {name}" for axis in axis_names(options.channels) for name in names]


def _taper(options: Options) -> np.ndarray:
    if options.taper == "none":
        return np.ones(options.fft)
    a = TAPERS[options.taper]
    return a - (1 - a) * np.cos(2 * np.pi * np.arange(options.fft) / options.fft)


def _factor(options: Options) -> float:
    """Give what |X|^2, summed over segments, is multiplied by; X of samples in steps."""
    taper = _taper(options)
    norms = {
        "density": 2 / (options.sample_rate * float(np.sum(taper * taper))),
        "spectrum": 2 / float(np.sum(taper)) ** 2,
        "length": 1 / options.fft,
    }
    count = options.segments if options.average == "mean" else 1
    return norms[options.norm] * options.unit**2 / count


def _linear_bits(options: Options, factor: float) -> int:
    """Give bits behind the point so that the power of a full-scale sine fits 31."""
    count = options.segments if options.average == "mean" else 1
    largest = factor * count * (2.0**15 * float(np.sum(_taper(options))) / 2) ** 2
    return 31 - math.frexp(largest * 1.001)[1]


def _mantissa(x: float) -> tuple[int, int]:
    """Give x as a mantissa of 32 bits and an exponent."""
    fraction, exponent = math.frexp(x)
    mantissa = math.floor(fraction * 2.0**32)
    return mantissa, exponent - 32
