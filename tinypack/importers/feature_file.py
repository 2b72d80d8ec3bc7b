"""`[features] type = "tflite"`: a graph of Signal operators, in a file beside tinypack.toml, as the front end."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from tinypack.errors import TinypackError
from tinypack.features.extractor import FrontEnd, Positive, Sensor, StreamOptions
from tinypack.importers.signal import split_front_end
from tinypack.importers.tflite import import_tflite
from tinypack.options import Duration, broken, samples

NAME = "tflite"
BRIEF = "A graph of TensorFlow Lite Micro's Signal operators, such as audio_preprocessor_int8.tflite."
MOST_BYTES = 16 << 20


class Options(StreamOptions):
    SENSOR: ClassVar[Sensor] = "microphone"

    type: Literal["tflite"]
    file: str = Field(
        pattern=r"^[^/\\\x00-\x1f]+\.tflite$", description="The graph, beside tinypack.toml: samples to int8 features."
    )
    sample_rate: Positive = Field(16000.0, description="Samples a second.")
    hop: Duration = Field("20 ms", description="From one frame to the next; the graph says how long a frame is.")

    @model_validator(mode="after")
    def _fits(self) -> Options:
        if self.channels != 1:
            raise broken("a graph of Signal operators takes one channel", "mix the channels before")
        if samples(self.hop, self.sample_rate) < 1:
            raise broken("hop must be at least one sample")
        if (self.mean, self.std) != ([0.0], [1.0]):
            raise broken("the graph's features are int8 already: mean and std must stay unset")
        return self


def front_end(options: Options, root: Path) -> FrontEnd:
    """Read the graph of a project in a folder.

    Raises: TinypackError (io, bad-model, unsupported-op)
    """
    path = root / options.file
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise TinypackError.one("io", str(path), "the file must be readable", str(error.strerror)) from None
    if len(data) > MOST_BYTES:
        raise TinypackError.one("io", str(path), f"the file may have up to {MOST_BYTES} bytes", "more")
    graph = import_tflite(data, str(path))
    front, rest = split_front_end(graph, options.sample_rate, samples(options.hop, options.sample_rate))
    if front is None or rest.nodes:
        found = "no Signal operator" if front is None else f"{rest.describe(rest.nodes[0])} behind them"
        rule, hint = "it must be Signal operators up to int8 features", "a whole model belongs into [model]"
        raise TinypackError.one("unsupported-op", str(path), rule, found, hint)
    if rest.unsupported:
        raise TinypackError(rest.unsupported)
    return front
