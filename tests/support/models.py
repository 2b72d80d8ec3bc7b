"""Where the real models lie."""

from __future__ import annotations

from pathlib import Path

from tests.support.machine import lack

MODELS = Path(__file__).parents[3] / "shared" / "models"

#: Models that tinypack compiles.
INT8_MODELS = (
    "hello_world_int8",
    "ad01_int8",
    "kws_ref_model",
    "micro_speech_quantized",
    "person_detect",
    "pretrainedResnet_quant",
    "vww_96_int8",
)
#: Models whose operators it does not have.
OTHER_MODELS = ("trained_lstm_int8", "audio_preprocessor_int8")


def model_bytes(name: str) -> bytes:
    """Read a model, or skip the test where the models are not on this machine."""
    path = MODELS / f"{name}.tflite"
    if not path.exists():
        lack(str(path))
    return path.read_bytes()
