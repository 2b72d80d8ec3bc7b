"""Options of `spectrogram`, `mfe` and `mfcc`: each is a key of [features]."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from tinypack.features.audio_presets import MFCC, MFE, SPECTROGRAM
from tinypack.features.extractor import LONGEST_HOP, NotNegative, Positive, Real, Sensor, StreamOptions
from tinypack.features.mel import DctNorm, ScaleName, TrianglesName, dct_rows, filter_bank, lifter_factors, mel_edges
from tinypack.options import Duration, broken, samples

SHORTEST_FFT, LONGEST_FFT = 32, 4096
LONGEST_FRAME = 32768  # samples, also of one that is cut to the FFT
LOUDEST = 12.0  # dB that are 1 where `noise_floor` is 0


class AudioOptions(StreamOptions):
    """Keys of all three."""

    SENSOR: ClassVar[Sensor] = "microphone"

    sample_values: Literal["fraction", "integer"] = Field(
        "fraction", description="Values of int16 samples: within [-1, 1), or as they are."
    )
    pre_emphasis: Annotated[float, Field(strict=False, ge=0, lt=1)] = Field(
        0.0, description="c in y[n] = x[n] - c x[n - 1], such as 0.97; 0: none."
    )
    frame_length: Duration = Field("30 ms", description="What one frame is computed from.")
    hop: Duration = Field("20 ms", description="From the start of a frame to the next one's.")
    fft_length: int | None = Field(
        None, description="Points: 32, 64, ... 4096 (default: the fewest that hold a frame)."
    )
    long_frames: Literal["refuse", "cut"] = Field(
        "refuse", description="A frame longer than the FFT: an error, or its first samples count only."
    )
    window: Literal["hann", "hamming", "none"] = Field("hann", description="What a frame is weighted by.")
    window_period: Literal["periodic", "symmetric"] = Field(
        "periodic", description="The window ends one sample before its first value returns, or on it."
    )
    spectrum: Literal["magnitude", "power"] = Field("power", description="Of the FFT's bins.")
    spectrum_per_point: bool = Field(False, description="The spectrum is divided by the FFT's length.")
    log: Literal["none", "natural", "log10", "db"] = Field("natural", description="Logarithm; dB are of power.")
    log_floor: NotNegative = Field(1e-10, description="Less counts as this.")
    log_offset: NotNegative = Field(0.0, description="Added before the logarithm.")
    reference: Positive = Field(1.0, description='With log = "db": what is 0 dB.')
    noise_floor: Real | None = Field(
        None, description='With log = "db": dB that become 0, as 12 dB become 1; less is 0 too.'
    )
    levels: int | None = Field(
        None,
        ge=2,
        le=65536,
        description="With noise_floor: rounded to as many steps between 0 and 1, the last below 1.",
    )
    cmvn: int = Field(
        0, ge=0, le=1024, description="The mean of so many frames, this one the last, is subtracted; 0: none."
    )
    cmvn_variance: bool = Field(False, description="With cmvn: divided by their standard deviation, too.")

    @property
    def frame_samples(self) -> int:
        """Samples of a frame as given, before a cut to the FFT."""
        return samples(self.frame_length, self.sample_rate)

    @property
    def hop_samples(self) -> int:
        return samples(self.hop, self.sample_rate)

    @property
    def fft(self) -> int:
        if self.fft_length is not None:
            return self.fft_length
        return max(SHORTEST_FFT, 1 << max(self.frame_samples - 1, 0).bit_length())

    def filters_matrix(self) -> np.ndarray | None:
        """Give the weights of bins in filters, if there are any.

        Shapes: -> [filters, fft / 2 + 1]
        """
        return None

    def dct_matrix(self) -> np.ndarray | None:
        """Give what makes coefficients of filters, if there are any.

        Shapes: -> [coefficients, filters]
        """
        return None

    @model_validator(mode="after")
    def _frames(self) -> AudioOptions:
        if self.channels != 1:
            raise broken("audio features are of one channel", "mix the channels before, and leave channels out")
        if not 2 <= self.frame_samples <= LONGEST_FRAME:
            raise broken(f"a frame has 2 to {LONGEST_FRAME} samples; here {self.frame_samples}", "check sample_rate")
        if not 1 <= self.hop_samples <= LONGEST_HOP:
            raise broken(f"hop is 1 to {LONGEST_HOP} samples; here {self.hop_samples}", "check sample_rate")
        if self.fft & (self.fft - 1) or not SHORTEST_FFT <= self.fft <= LONGEST_FFT:
            raise broken(
                f"the FFT's length is a power of two from {SHORTEST_FFT} to {LONGEST_FFT}; here {self.fft}",
                "leave fft_length out to have the fewest points that hold a frame, or use shorter frames",
            )
        if self.frame_samples > self.fft and self.long_frames == "refuse":
            raise broken(
                f"a frame of {self.frame_samples} samples is longer than the FFT of {self.fft}",
                'a longer fft_length, or long_frames = "cut" if training has cut frames so',
            )
        return self

    @model_validator(mode="after")
    def _logarithm(self) -> AudioOptions:
        if self.log != "none" and self.log_floor == self.log_offset == 0:
            raise broken("silence has no logarithm", "log_floor or log_offset above 0, such as 1e-10")
        if self.log != "db" and (self.noise_floor is not None or self.reference != 1):
            raise broken("reference and noise_floor are of decibels", 'log = "db"')
        if self.noise_floor is not None and self.noise_floor > LOUDEST - 1:
            raise broken(f"noise_floor is at least 1 dB below {LOUDEST:g} dB, which become 1", "such as -52")
        if self.levels is not None and self.noise_floor is None:
            raise broken("levels divide the range that noise_floor opens", "noise_floor, such as -52")
        if self.cmvn_variance and not self.cmvn:
            raise broken("cmvn_variance is of the frames that cmvn counts", "cmvn, such as 101")
        return self


class SpectrogramOptions(AudioOptions):
    """Keys of `spectrogram`."""

    PRESETS = SPECTROGRAM

    type: Literal["spectrogram"]


class FilterOptions(AudioOptions):
    """Keys of extractors with a mel filter bank."""

    filters: int = Field(32, ge=1, le=256, description="Mel filters, each a triangle that overlaps the next by half.")
    low_edge: NotNegative = Field(0.0, description="Hz: where the first filter begins.")
    high_edge: Positive | None = Field(None, description="Hz: where the last one ends (default: half of sample_rate).")
    mel: ScaleName = Field("htk", description="Formula: logarithmic throughout, or linear up to 1 kHz (slaney).")
    triangles: TrianglesName = Field(
        "hz",
        description="Straight over Hz, over mel, or between whole bins (closed: peaks stay without a falling side).",
    )
    filter_norm: Literal["none", "slaney"] = Field("none", description="Filters peak at 1, or have equal areas.")

    @property
    def edges(self) -> np.ndarray:
        """Corners of the filters.

        Shapes: [filters + 2]
        Units:  Hz
        """
        high = self.sample_rate / 2 if self.high_edge is None else self.high_edge
        return mel_edges(self.filters, self.low_edge, high, self.mel)

    def filters_matrix(self) -> np.ndarray:
        area = self.filter_norm == "slaney"
        return filter_bank(self.edges, self.sample_rate, self.fft, self.mel, self.triangles, area)

    @model_validator(mode="after")
    def _edges(self) -> FilterOptions:
        high = self.high_edge or self.sample_rate / 2
        if high > self.sample_rate / 2:
            raise broken(
                f"high_edge is at most half of sample_rate, {self.sample_rate / 2:g} Hz",
                "a lower one, or leave it out to have half of sample_rate",
            )
        if self.low_edge >= high:
            raise broken(f"low_edge lies below high_edge, {high:g} Hz", "such as 20")
        empty = np.flatnonzero(~self.filters_matrix().any(axis=1))
        if len(empty):
            raise broken(
                f"each filter covers an FFT bin; filter {empty[0]} of {self.filters} covers none",
                "fewer filters, a longer fft_length, or edges further apart",
            )
        return self


class MfeOptions(FilterOptions):
    """Keys of `mfe`."""

    PRESETS = MFE

    type: Literal["mfe"]


class MfccOptions(FilterOptions):
    """Keys of `mfcc`."""

    PRESETS = MFCC

    type: Literal["mfcc"]
    coefficients: int = Field(13, ge=1, description="Of the cosine transform, from the lowest.")
    dct_norm: DctNorm = Field("orthonormal", description="HTK's makes coefficient 0 larger by the root of 2.")
    lifter: int = Field(0, ge=0, description="Coefficient n times 1 + L/2 sin(pi n / L); 0: none.")
    energy: bool = Field(False, description="Coefficient 0 is the logarithm of the frame's energy instead.")

    def filters_matrix(self) -> np.ndarray:
        bank = super().filters_matrix()
        return np.vstack((bank, np.ones(bank.shape[1]))) if self.energy else bank

    def dct_matrix(self) -> np.ndarray:
        matrix = dct_rows(self.coefficients, self.filters, self.dct_norm)
        matrix *= lifter_factors(self.coefficients, self.lifter)[:, None]
        if not self.energy:
            return matrix
        matrix[0] = 0
        return np.column_stack((matrix, np.arange(self.coefficients) == 0))

    @model_validator(mode="after")
    def _coefficients(self) -> MfccOptions:
        if self.coefficients > self.filters:
            raise broken(
                f"there are as many coefficients as filters, {self.filters}, or fewer",
                "more filters, or 13 coefficients",
            )
        return self
