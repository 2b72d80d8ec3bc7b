"""The `mfcc` extractor."""

from __future__ import annotations

from tinypack.features.audio import audio_chain
from tinypack.features.audio_design import design
from tinypack.features.audio_options import MfccOptions as Options
from tinypack.features.extractor import FrontEnd

__all__ = ["BRIEF", "NAME", "Options", "front_end"]

NAME = "mfcc"
BRIEF = "Mel-frequency cepstral coefficients."


def front_end(options: Options) -> FrontEnd:
    return audio_chain(design(options))
