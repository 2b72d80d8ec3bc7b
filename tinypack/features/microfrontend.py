"""microfrontend: the audio front end of TensorFlow Lite Micro, which its micro_speech model was trained behind."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from tinypack.features.extractor import LONGEST_HOP, FrontEnd, Positive, Rate, Sensor, StreamOptions
from tinypack.features.protocol import Array, Block, Chain, Step
from tinypack.features.signal import design
from tinypack.features.signal.auto_scale import SignalFftAutoScale
from tinypack.features.signal.clip import SignalClip
from tinypack.features.signal.energy import SignalEnergy
from tinypack.features.signal.filter_bank import SignalFilterBank
from tinypack.features.signal.log import SignalLog
from tinypack.features.signal.pcan import SNR_BITS, SignalPcan
from tinypack.features.signal.rescale import SignalRescale
from tinypack.features.signal.rfft import SignalRfft
from tinypack.features.signal.spectral_subtraction import SignalSpectralSubtraction, Smoothing
from tinypack.features.signal.square_root import SignalFilterBankSquareRoot
from tinypack.features.signal.window import SignalWindow
from tinypack.options import Duration, broken, samples

NAME = "microfrontend"
BRIEF = "TensorFlow Lite Micro's audio front end, bit by bit: log mel energies without noise, with automatic gain."

LEAST_FRAME, MOST_FRAME = 33, 4096  # samples
SHARE_BITS = 14  # of smoothing factors
#: micro_speech divides features by 25.6 and spreads 0..26 over the int8 range, in integers.
UNIT = 1 / 25.6
SCALE, DIVISOR = 256, 666

Share = Annotated[float, Field(strict=False, ge=0, le=1)]


class Options(StreamOptions):
    """Defaults are those of audio_preprocessor_int8.tflite, and thus of micro_speech."""

    PRESETS: ClassVar[dict[str, dict[str, Any]]] = {
        "tflm": {},
        "micro-wake-word": {"hop": "10 ms", "tables": "library", "scaling": "model"},
    }
    SENSOR: ClassVar[Sensor] = "microphone"

    type: Literal["microfrontend"]
    sample_rate: Rate = Field(16000.0, description="Samples a second.")
    frame_length: Duration = Field("30 ms", description="Length of a frame.")
    hop: Duration = Field("20 ms", description="From one frame to the next.")
    filters: int = Field(40, ge=1, le=128, description="Features of a frame (num_channels).")
    low_edge: Positive = Field(125.0, description="Lower edge of the first filter, Hz (lower_band_limit).")
    high_edge: Positive = Field(7500.0, description="Upper edge of the last filter, Hz (upper_band_limit).")
    tables: Literal["graph", "library"] = Field(
        "graph", description="How tables are rounded: as in graphs of Signal operators, or as in the C library."
    )
    smoothing_bits: int = Field(10, ge=0, le=16, description="Fraction bits of the noise estimate.")
    even_smoothing: Share = Field(0.025, description="How fast the estimate of channels 0, 2, … follows.")
    odd_smoothing: Share = Field(0.06, description="The same of channels 1, 3, …")
    min_signal_remaining: Share = Field(0.05, description="Part of a channel that noise reduction leaves at least.")
    pcan: bool = Field(True, description="Automatic gain of each channel (enable_pcan).")
    pcan_strength: Share = Field(0.95, description="Exponent of the gain (strength).")
    pcan_offset: Positive = Field(80.0, description="Added to the noise estimate before (offset).")
    pcan_gain_bits: int = Field(21, ge=0, le=30, description="Fraction bits of the gain (gain_bits).")
    log: bool = Field(True, description="Logarithm of each channel (enable_log).")
    log_scale_shift: int = Field(6, ge=0, le=10, description="Its scale, as a power of 2 (scale_shift).")
    scaling: Literal["micro-speech", "model"] = Field(
        "micro-speech",
        description="int8 as micro_speech takes it, in its own arithmetic; or features / 25.6 in any model's scale.",
    )

    @property
    def length(self) -> int:
        return samples(self.frame_length, self.sample_rate)

    @property
    def fft(self) -> int:
        return 1 << max(self.length - 1, 0).bit_length()

    @property
    def correction_bits(self) -> int:
        return self.fft.bit_length() - 1 - design.WEIGHT_BITS // 2

    @property
    def snr_shift(self) -> int:
        return self.pcan_gain_bits - self.correction_bits - SNR_BITS

    @model_validator(mode="after")
    def _fits(self) -> Options:
        if self.channels != 1:
            raise broken("microfrontend takes one channel", "mix the channels before")
        if not LEAST_FRAME <= self.length <= MOST_FRAME:
            raise broken(f"a frame must have {LEAST_FRAME} to {MOST_FRAME} samples")
        if not 1 <= samples(self.hop, self.sample_rate) <= LONGEST_HOP:
            raise broken(f"hop must be 1 to {LONGEST_HOP} samples")
        if not self.low_edge < self.high_edge:
            raise broken("high_edge must be above low_edge")
        if self.high_edge > self.sample_rate / 2 * (1 - 2 / self.fft):
            raise broken("high_edge must be a bin below half the sample rate", "lower it")
        if self.pcan and self.snr_shift < 0:
            least = self.correction_bits + SNR_BITS
            raise broken(f"pcan_gain_bits must be at least {least} with frames of this length")
        if self.scaling == "micro-speech" and (self.mean, self.std) != ([0.0], [1.0]):
            raise broken('mean and std need scaling = "model"', 'set scaling = "model", or leave them out')
        return self


def front_end(options: Options) -> FrontEnd:
    fixed = _fixed(options)
    hop = samples(options.hop, options.sample_rate)
    stream = options.sample_rate, options.channels, options.length, hop, (options.filters,)
    if options.scaling == "model":
        return FrontEnd(fixed, *stream, unit=UNIT)
    rescale = SignalRescale(options.filters, SCALE, DIVISOR // 2, DIVISOR, -128, -128, 127)
    return FrontEnd(fixed.then(rescale, "features"), *stream, unit=UNIT * DIVISOR / SCALE, zero_point=-128)


def _fixed(options: Options) -> Chain:
    """Compute what the C library gives: logarithms times 2^log_scale_shift."""
    bins, count = options.fft // 2 + 1, options.filters
    style = design.STYLES[options.tables]
    mel = design.Mel(count, options.low_edge, options.high_edge, options.sample_rate, bins, style.weight)
    slopes = mel.slopes()
    end = slopes[-1].start + len(slopes[-1].rising)
    chain = Chain({"samples": Array("int16_t", options.length)}, (), "samples")
    chain = chain.then(SignalWindow(style.window(options.length), design.WINDOW_BITS), "windowed")
    chain = chain.then(SignalFftAutoScale(options.length), "scaled", "bits")
    chain = chain.then(SignalRfft(options.length, options.fft), "spectrum")
    chain = chain.then(SignalEnergy(bins, mel.start, end), "energy")
    chain = chain.then(SignalFilterBank(bins, tuple(slope.trimmed() for slope in slopes)), "sums")
    chain = _also_reading(chain, SignalFilterBankSquareRoot(count), "bits", "magnitudes")
    chain = chain.then(_noise_reduction(options), "signal", "noise")
    if options.pcan:
        input_bits = options.smoothing_bits - options.correction_bits
        gains = design.gains(options.pcan_strength, options.pcan_offset, options.pcan_gain_bits, input_bits)
        chain = _also_reading(chain, SignalPcan(count, gains, options.snr_shift), "noise", "levelled")
    if not options.log:
        return chain.then(SignalClip(count), "values")
    return chain.then(SignalLog(count, 1 << options.log_scale_shift, options.correction_bits), "logs")


def _also_reading(chain: Chain, block: Block, second: str, writes: str) -> Chain:
    """Put a block behind that reads the output and an earlier array."""
    return Chain(chain.inputs, (*chain.steps, Step(block, (chain.output, second), (writes,))), writes)


def _noise_reduction(options: Options) -> SignalSpectralSubtraction:
    return SignalSpectralSubtraction(
        length=options.filters,
        even=_smoothing(options.even_smoothing),
        odd=_smoothing(options.odd_smoothing),
        floor=int(options.min_signal_remaining * (1 << SHARE_BITS)),
        bits=SHARE_BITS,
        smoothing_bits=options.smoothing_bits,
        clamp=False,
    )


def _smoothing(share: float) -> Smoothing:
    take = int(share * (1 << SHARE_BITS))
    return Smoothing(take, (1 << SHARE_BITS) - take)
