"""Defaults named after what people trained with."""

from __future__ import annotations

from typing import Any

Preset = dict[str, Any]

#: tf.signal as in MLPerf Tiny's keyword spotting: window by window, 40 mels, ten coefficients.
TF_SIGNAL: Preset = {
    "sample_rate": 16000,
    "frame_length": "30 ms",
    "hop": "20 ms",
    "long_frames": "cut",
    "spectrum": "magnitude",
    "log_floor": 0.0,
    "log_offset": 1e-6,
}
TF_SIGNAL_MEL: Preset = {"filters": 40, "low_edge": 20, "high_edge": 4000, "triangles": "mel"}

#: librosa with center=False, as in MLPerf Tiny's anomaly detection; dB of power_to_db without its limit of the range.
LIBROSA: Preset = {"sample_rate": 16000, "frame_length": 1024, "hop": 512, "log": "db"}
LIBROSA_MEL: Preset = {"filters": 128, "mel": "slaney", "filter_norm": "slaney"}

#: python_speech_features.mfcc and logfbank, on int16 values.
SPEECH: Preset = {
    "sample_rate": 16000,
    "sample_values": "integer",
    "pre_emphasis": 0.97,
    "frame_length": "25 ms",
    "hop": "10 ms",
    "fft_length": 512,
    "long_frames": "cut",
    "window": "none",
    "window_period": "symmetric",
    "spectrum_per_point": True,
}
SPEECH_MEL: Preset = {"filters": 26, "triangles": "bins", "log_floor": 2.0**-52}

#: Edge Impulse's blocks, implementation version 4.
EDGE_IMPULSE: Preset = {
    "sample_rate": 16000,
    "frame_length": "20 ms",
    "hop": "10 ms",
    "fft_length": 256,
    "long_frames": "cut",
    "window": "none",
    "spectrum_per_point": True,
}
EDGE_IMPULSE_NOISE_FLOOR: Preset = {"log": "db", "log_floor": 1e-30, "noise_floor": -52}
EDGE_IMPULSE_MEL: Preset = {"pre_emphasis": 0.98, "triangles": "bins-closed"}

SPECTROGRAM: dict[str, Preset] = {
    "tf-signal": TF_SIGNAL,
    "librosa": LIBROSA,
    "python-speech-features": {**SPEECH, "log": "db", "log_floor": 1e-30},
    "edge-impulse": {**EDGE_IMPULSE, **EDGE_IMPULSE_NOISE_FLOOR, "sample_values": "integer", "fft_length": 128},
}
MFE: dict[str, Preset] = {
    "tf-signal": {**TF_SIGNAL, **TF_SIGNAL_MEL},
    "librosa": {**LIBROSA, **LIBROSA_MEL, "log_floor": 0.0, "log_offset": 2.0**-52, "frames": 5},
    "python-speech-features": {**SPEECH, **SPEECH_MEL},
    "edge-impulse": {**EDGE_IMPULSE, **EDGE_IMPULSE_MEL, **EDGE_IMPULSE_NOISE_FLOOR, "filters": 40, "levels": 256},
}
MFCC: dict[str, Preset] = {
    "tf-signal": {**TF_SIGNAL, **TF_SIGNAL_MEL, "coefficients": 10, "dct_norm": "htk"},
    "librosa": {**LIBROSA, **LIBROSA_MEL, "coefficients": 20},
    "python-speech-features": {**SPEECH, **SPEECH_MEL, "coefficients": 13, "lifter": 22, "energy": True},
    "edge-impulse": {
        **EDGE_IMPULSE,
        **EDGE_IMPULSE_MEL,
        "sample_values": "integer",
        "hop": "20 ms",
        "filters": 32,
        "coefficients": 13,
        "energy": True,
        "cmvn": 101,
        "cmvn_variance": True,
    },
}
