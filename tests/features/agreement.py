"""How well audio features agree after a model's int8 input quantisation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from tests.features.audio_signals import RECORDINGS, signal
from tests.features.float_reference import compute, frames_of
from tests.support.models import model_bytes
from tinypack.features import mfcc, mfe, spectrogram
from tinypack.features.audio_design import design
from tinypack.features.audio_options import AudioOptions
from tinypack.features.extractor import Extractor, FrontEnd
from tinypack.features.quantise import quantise
from tinypack.importers.tflite import import_tflite

Key = tuple[str, str]  # extractor, preset
EXTRACTORS: dict[str, Extractor] = {module.NAME: module for module in (spectrogram, mfe, mfcc)}
PRESETS: list[Key] = [(name, preset) for name, module in EXTRACTORS.items() for preset in module.Options.PRESETS]
#: Presets that a model of ../shared/models was trained with.
MODELS: dict[Key, str] = {("mfcc", "tf-signal"): "kws_ref_model", ("mfe", "librosa"): "ad01_int8"}
LEAST_EQUAL = 0.99
MOST_OFF = 2


@dataclass(frozen=True)
class Agreement:
    """int8 features beside those of another computation."""

    equal: float  # part of all
    most_off: int  # steps
    mean_off: float  # steps: about the mean error before rounding

    def __str__(self) -> str:
        return f"{self.equal:8.3%} equal, at most {self.most_off} off, on average {self.mean_off:.4f}"

    @property
    def good(self) -> bool:
        return self.equal >= LEAST_EQUAL and self.most_off <= MOST_OFF


def agreement(got: np.ndarray, expected: np.ndarray) -> Agreement:
    """Compare int8 features of whole frames; those at the end that only one has are padded, or cut frames."""
    count = min(len(got), len(expected))
    assert count > len(got) - 3
    off = np.abs(got[:count].astype(int) - expected[:count])
    return Agreement(float((off == 0).mean()), int(off.max()), float(off.mean()))


def options_of(key: Key, **more: object) -> AudioOptions:
    extractor, preset = key
    options = EXTRACTORS[extractor].Options.model_validate({"type": extractor, "preset": preset, **more})
    assert isinstance(options, AudioOptions)
    return options


def front_end(key: Key) -> FrontEnd:
    return EXTRACTORS[key[0]].front_end(options_of(key))


@cache
def reference(key: Key, name: str) -> np.ndarray:
    """Compute a signal's features in float64."""
    return compute(design(options_of(key)), signal(name))


@cache
def quantisation(key: Key) -> tuple[float, int]:
    """Give scale and zero point of a model's input: a real one's, or for 0 and 99.8 % of the recordings' features.

    The others saturate: a bin whose sum cancels has -300 dB, and no model would spend its range on that.
    """
    if key in MODELS:
        graph = import_tflite(model_bytes(MODELS[key]), MODELS[key])
        found = graph.tensors[graph.inputs[0]].quantization
        assert found is not None
        return found.scales[0], found.zero_points[0]
    features = np.concatenate([reference(key, name) for name in RECORDINGS])
    low, high = (float(x) for x in np.percentile(features, (0.1, 99.9)))
    low, high = min(low, 0.0), max(high, 0.0)
    scale = (high - low) / 255
    return scale, round(-128 - low / scale)


def quantised(key: Key, features: np.ndarray) -> np.ndarray:
    """Give real features as a model's input has them."""
    scale, zero_point = quantisation(key)
    return np.clip(np.floor(features / scale + zero_point + 0.5), -128, 127).astype(np.int8)


def fixed_point(key: Key, name: str) -> np.ndarray:
    """Give a signal's features as the package computes them, in int8."""
    made = front_end(key)
    assert isinstance(made.unit, float)
    chain = made.chain.then(quantise(made.shape[0], made.unit, *quantisation(key)), "input")
    return chain.apply({"samples": frames_of(signal(name), made.frame, made.hop)[np.newaxis]}, chain.start(1))[0]
