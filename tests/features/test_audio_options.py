from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from tests.features.float_reference import logarithm
from tinypack.features.audio_design import design
from tinypack.features.audio_options import AudioOptions, MfccOptions, MfeOptions, SpectrogramOptions

OPTIONS: dict[str, type[AudioOptions]] = {"spectrogram": SpectrogramOptions, "mfe": MfeOptions, "mfcc": MfccOptions}
CUT = {"frame_length": 600, "long_frames": "cut"}
#: Extractor, keys, and words of the rule that they break.
BAD: list[tuple[str, dict[str, Any], str]] = [
    ("mfcc", {"preset": "kaldi"}, "tf-signal, librosa, python-speech-features, edge-impulse"),
    ("mfcc", {"channels": 2}, "one channel"),
    ("mfcc", {"frame_length": 1}, "2 to 32768 samples; here 1"),
    ("spectrogram", {"frame_length": 10**9, "fft_length": 32, "long_frames": "cut"}, "2 to 32768 samples"),
    ("mfcc", {"log_offset": 1e300}, "between 1e-30 and 1e+30"),
    ("mfcc", {"hop": 0}, "1 to 32768 samples; here 0"),
    ("mfcc", {"fft_length": 500}, "power of two from 32 to 4096; here 500"),
    ("mfcc", {"fft_length": 16, **CUT}, "power of two"),
    ("mfcc", {"fft_length": 0}, "power of two"),
    ("mfcc", {"fft_length": 8192}, "power of two"),
    ("mfcc", {"frame_length": "300 ms"}, "power of two from 32 to 4096; here 8192"),
    ("mfcc", {"frame_length": 600, "fft_length": 512}, "600 samples is longer than the FFT of 512"),
    ("mfcc", {"high_edge": 8001}, "half of sample_rate, 8000 Hz"),
    ("mfcc", {"low_edge": 8000}, "below high_edge, 8000 Hz"),
    ("mfcc", {"low_edge": 500, "high_edge": 300}, "below high_edge, 300 Hz"),
    ("mfe", {"filters": 128}, "filter 0 of 128 covers none"),
    ("mfcc", {"coefficients": 33}, "as many coefficients as filters, 32"),
    ("mfcc", {"log_floor": 0}, "silence has no logarithm"),
    ("mfcc", {"reference": 2}, "of decibels"),
    ("mfcc", {"noise_floor": -52}, "of decibels"),
    ("mfcc", {"log": "db", "noise_floor": 11.01}, "at least 1 dB below 12 dB"),
    ("mfcc", {"log": "db", "levels": 256}, "noise_floor"),
    ("mfcc", {"cmvn_variance": True}, "cmvn counts"),
    ("spectrogram", {"filters": 32}, "Extra inputs"),
    ("mfe", {"coefficients": 13}, "Extra inputs"),
    ("mfcc", {"pre_emphasis": 1.0}, "less than 1"),
]


def options(extractor: str = "mfcc", **keys: Any) -> AudioOptions:
    rate = {} if keys.get("preset") else {"sample_rate": 16000}
    return OPTIONS[extractor].model_validate({"type": extractor, **rate, **keys})


@pytest.mark.parametrize(("extractor", "keys", "words"), BAD, ids=lambda value: str(value)[:40])
def test_rules(extractor: str, keys: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        options(extractor, **keys)
    assert words in str(caught.value)


def test_defaults() -> None:
    made = design(options())
    assert (made.rate, made.frame, made.hop, made.fft) == (16000, 480, 320, 512)
    assert (made.spectrum, made.spectrum_scale, made.sample_scale) == ("power", 1.0, 2.0**-15)
    assert made.filters is not None and made.filters.shape == (32, 257)
    assert made.dct is not None and made.dct.shape == (13, 32)
    assert design(options("mfe")).dct is None
    assert design(options("spectrogram")).filters is None


#: Preset and what it is known by: frame, hop, FFT, values of a frame.
KNOWN = {
    ("spectrogram", "tf-signal"): (480, 320, 512, 257),
    ("mfe", "tf-signal"): (480, 320, 512, 40),
    ("mfcc", "tf-signal"): (480, 320, 512, 10),
    ("spectrogram", "librosa"): (1024, 512, 1024, 513),
    ("mfe", "librosa"): (1024, 512, 1024, 128),
    ("mfcc", "librosa"): (1024, 512, 1024, 20),
    ("spectrogram", "python-speech-features"): (400, 160, 512, 257),
    ("mfe", "python-speech-features"): (400, 160, 512, 26),
    ("mfcc", "python-speech-features"): (400, 160, 512, 13),
    ("spectrogram", "edge-impulse"): (128, 160, 128, 65),
    ("mfe", "edge-impulse"): (256, 160, 256, 40),
    ("mfcc", "edge-impulse"): (256, 320, 256, 13),
}


def test_presets() -> None:
    assert set(KNOWN) == {(name, preset) for name, cls in OPTIONS.items() for preset in cls.PRESETS}
    for (extractor, preset), sizes in KNOWN.items():
        made = design(options(extractor, preset=preset))
        matrices = [len(m) for m in (made.dct, made.filters) if m is not None]
        found = (made.frame, made.hop, made.fft, (matrices or [made.fft // 2 + 1])[0])
        assert found == sizes, (extractor, preset)
    assert options("mfe", preset="librosa").frames == 5


def test_keys_go_before_a_preset() -> None:
    made = options("mfcc", preset="tf-signal", sample_rate=8000, coefficients=13, high_edge=3800)
    assert (made.sample_rate, made.frame_samples, made.fft, made.preset) == (8000, 240, 256, "tf-signal")
    assert design(made).filters is not None


@pytest.mark.parametrize(("window", "period", "numpys"), [
    ("hann", "symmetric", np.hanning(480)),
    ("hann", "periodic", np.hanning(481)[:-1]),
    ("hamming", "symmetric", np.hamming(480)),
    ("hamming", "periodic", np.hamming(481)[:-1]),
    ("none", "periodic", np.ones(480)),
])  # fmt: skip
def test_windows(window: str, period: str, numpys: np.ndarray) -> None:
    np.testing.assert_allclose(design(options(window=window, window_period=period)).window, numpys, atol=1e-15)


def test_cut_frame_keeps_the_window_of_the_whole() -> None:
    made = design(options(frame_length=400, fft_length=256, long_frames="cut"))
    assert (made.frame, made.fft) == (256, 256)
    np.testing.assert_allclose(made.window, np.hanning(401)[:256], atol=1e-15)


#: Keys, and what a spectrum of 0.01 becomes.
LOGS = {
    "none": ({"log": "none"}, 0.01),
    "natural": ({"log": "natural"}, np.log(0.01)),
    "natural, offset": ({"log": "natural", "log_floor": 0, "log_offset": 0.5}, np.log(0.51)),
    "log10": ({"log": "log10"}, -2),
    "floor": ({"log": "log10", "log_floor": 0.1}, -1),
    "power in dB": ({"log": "db"}, -20),
    "magnitude in dB": ({"log": "db", "spectrum": "magnitude"}, -40),
    "reference": ({"log": "db", "reference": 100}, -40),
    "noise floor": ({"log": "db", "noise_floor": -52}, 0.5),
    "below the noise floor": ({"log": "db", "noise_floor": -10}, 0),
    "levels": ({"log": "db", "noise_floor": -52, "levels": 3}, 2 / 3),
}


@pytest.mark.parametrize(("keys", "expected"), LOGS.values(), ids=LOGS)
def test_logarithms(keys: dict[str, Any], expected: float) -> None:
    assert logarithm(design(options(**keys)).log, np.array([0.01])) == pytest.approx(expected)


def test_top_level_is_below_1() -> None:
    log = design(options("mfe", preset="edge-impulse")).log
    assert logarithm(log, np.array([1e9, 0.0])).tolist() == [255 / 256, 0]


def test_energy_takes_the_place_of_coefficient_0() -> None:
    with_energy, without = (design(options(energy=energy, lifter=22)) for energy in (True, False))
    assert with_energy.filters is not None and without.filters is not None
    assert with_energy.dct is not None and without.dct is not None
    np.testing.assert_array_equal(with_energy.filters[-1], np.ones(257))
    np.testing.assert_array_equal(with_energy.filters[:-1], without.filters)
    np.testing.assert_array_equal(with_energy.dct[0], np.arange(33) == 32)
    np.testing.assert_array_equal(with_energy.dct[1:, :-1], without.dct[1:])
    assert not with_energy.dct[1:, -1].any()
