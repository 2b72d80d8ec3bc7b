"""Feature extraction: one module an extractor, listed here and nowhere else.

To train with: `from tinypack.features import load_features`, `pipeline = load_features("tinypack.toml")`.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from tinypack.features import image, mfcc, mfe, microfrontend, raw, spectral, spectrogram, statistics
from tinypack.features.extractor import Extractor

MODULES: tuple[Extractor, ...] = (image, mfcc, mfe, microfrontend, raw, spectral, spectrogram, statistics)
EXTRACTORS: dict[str, Extractor] = {module.NAME: module for module in MODULES}


def __getattr__(name: str) -> Any:
    """Give `load_features`, which lies above this package: it reads whole projects."""
    if name != "load_features":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module("tinypack.streams").load_features
