"""Feature extraction: one module an extractor, listed here and nowhere else.

from tinypack.features import load_features
pipeline = load_features("tinypack.toml")
"""

from __future__ import annotations

from tinypack.features import image, raw
from tinypack.features.extractor import Extractor

MODULES: tuple[Extractor, ...] = (image, raw)
EXTRACTORS: dict[str, Extractor] = {module.NAME: module for module in MODULES}
