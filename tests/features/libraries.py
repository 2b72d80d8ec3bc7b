"""The features of the named libraries, called as people call them; whole frames only.

tf.signal and librosa take samples in [-1, 1), python_speech_features the int16 values.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from tests.support.machine import lack_extra

RATE = 16000
FRACTION = 2.0**-15
Library = Callable[[np.ndarray], np.ndarray]


def need_module(name: str) -> Any:
    """Import a module of the extra `libraries`."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
    try:
        return importlib.import_module(name)
    except ImportError:
        lack_extra(f"{name} (the extra `libraries`)")


def _tf_spectrum(samples: np.ndarray, dtype: str, points: int | None = None) -> Any:
    tf = need_module("tensorflow")
    x = tf.constant(samples * FRACTION, dtype)
    return tf.abs(tf.signal.stft(x, 480, 320, points, window_fn=tf.signal.hann_window))


def _tf_spectrogram(samples: np.ndarray, dtype: str, points: int | None = None) -> np.ndarray:
    return np.asarray(need_module("tensorflow").math.log(_tf_spectrum(samples, dtype, points) + 1e-6))


def _tf_log_mel(samples: np.ndarray, dtype: str) -> Any:
    tf = need_module("tensorflow")
    weights = tf.signal.linear_to_mel_weight_matrix(40, 257, RATE, 20.0, 4000.0, tf.as_dtype(dtype))
    return tf.math.log(tf.tensordot(_tf_spectrum(samples, dtype), weights, 1) + 1e-6)


def _tf_mfe(samples: np.ndarray, dtype: str) -> np.ndarray:
    return np.asarray(_tf_log_mel(samples, dtype))


def _tf_mfcc(samples: np.ndarray, dtype: str) -> np.ndarray:
    tf = need_module("tensorflow")
    return np.asarray(tf.signal.mfccs_from_log_mel_spectrograms(_tf_log_mel(samples, dtype))[..., :10])


def _librosa_options(samples: np.ndarray) -> dict[str, Any]:
    return {"y": (samples * FRACTION).astype(np.float32), "n_fft": 1024, "hop_length": 512, "center": False}


def _librosa_spectrogram(samples: np.ndarray) -> np.ndarray:
    librosa = need_module("librosa")
    spectrum = np.abs(librosa.stft(**_librosa_options(samples))) ** 2
    return np.asarray(librosa.power_to_db(spectrum, top_db=None)).T


def _librosa_mel(samples: np.ndarray) -> np.ndarray:
    librosa = need_module("librosa")
    options = _librosa_options(samples)
    return np.asarray(librosa.feature.melspectrogram(sr=RATE, n_mels=128, power=2.0, **options))


def _librosa_mfe(samples: np.ndarray) -> np.ndarray:
    return (20 / 2.0 * np.log10(_librosa_mel(samples) + np.finfo(float).eps)).T


def _librosa_mfcc(samples: np.ndarray) -> np.ndarray:
    librosa = need_module("librosa")
    decibels = librosa.power_to_db(_librosa_mel(samples), top_db=None)
    return np.asarray(librosa.feature.mfcc(S=decibels, n_mfcc=20)).T


def _speech_spectrogram(samples: np.ndarray) -> np.ndarray:
    processing = need_module("python_speech_features").sigproc
    frames = processing.framesig(processing.preemphasis(samples, 0.97), 400, 160)
    return np.asarray(processing.logpowspec(frames, 512, norm=0))


def _speech_mfe(samples: np.ndarray) -> np.ndarray:
    return np.asarray(need_module("python_speech_features").logfbank(samples, RATE))


def _speech_mfcc(samples: np.ndarray, points: int = 512) -> np.ndarray:
    return np.asarray(need_module("python_speech_features").mfcc(samples, RATE, nfft=points))


#: (extractor, preset) -> features of a stream, [frames, features]
LIBRARIES: dict[tuple[str, str], Library] = {
    ("spectrogram", "tf-signal"): partial(_tf_spectrogram, dtype="float32"),
    ("mfe", "tf-signal"): partial(_tf_mfe, dtype="float32"),
    ("mfcc", "tf-signal"): partial(_tf_mfcc, dtype="float32"),
    ("spectrogram", "librosa"): _librosa_spectrogram,
    ("mfe", "librosa"): _librosa_mfe,
    ("mfcc", "librosa"): _librosa_mfcc,
    ("spectrogram", "python-speech-features"): _speech_spectrogram,
    ("mfe", "python-speech-features"): _speech_mfe,
    ("mfcc", "python-speech-features"): _speech_mfcc,
}
#: The same in float64, where a library has it: what the float32 above is measured by.
DOUBLE: dict[tuple[str, str], Library] = {
    ("spectrogram", "tf-signal"): partial(_tf_spectrogram, dtype="float64"),
    ("mfe", "tf-signal"): partial(_tf_mfe, dtype="float64"),
    ("mfcc", "tf-signal"): partial(_tf_mfcc, dtype="float64"),
}
#: With a transform of 256 points, which is shorter than their frames.
LONG_FRAMES: dict[tuple[str, str], Library] = {
    ("spectrogram", "tf-signal"): partial(_tf_spectrogram, dtype="float64", points=256),
    ("mfcc", "python-speech-features"): partial(_speech_mfcc, points=256),
}
