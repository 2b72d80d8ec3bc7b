"""`[features] type = "tflite"`: a graph of Signal operators as the front end, in a file or at the model's beginning."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from tinypack.errors import TinypackError
from tinypack.features.extractor import LONGEST_HOP, FrontEnd, Rate, Sensor, StreamOptions
from tinypack.graph import Graph
from tinypack.importers.signal import split_front_end
from tinypack.importers.tflite import import_tflite
from tinypack.options import Duration, broken, samples

NAME = "tflite"
BRIEF = "A graph of TensorFlow Lite Micro's Signal operators, such as audio_preprocessor_int8.tflite."
MOST_BYTES = 16 << 20


class Options(StreamOptions):
    SENSOR: ClassVar[Sensor] = "microphone"

    type: Literal["tflite"]
    file: str | None = Field(
        None,
        pattern=r"^[^/\\\x00-\x1f]+\.tflite$",
        description="The graph, beside tinypack.toml: samples to int8 features (default: the model begins with it).",
    )
    sample_rate: Rate = Field(16000.0, description="Samples a second.")
    hop: Duration = Field("20 ms", description="From one frame to the next; the graph says how long a frame is.")

    @model_validator(mode="after")
    def _fits(self) -> Options:
        if self.channels != 1:
            raise broken("a graph of Signal operators takes one channel", "mix the channels before")
        if not 1 <= samples(self.hop, self.sample_rate) <= LONGEST_HOP:
            raise broken(f"hop must be 1 to {LONGEST_HOP} samples")
        if (self.mean, self.std) != ([0.0], [1.0]):
            raise broken("the graph's features are int8 already: mean and std must stay unset")
        return self


def front_end(options: Options, root: Path) -> FrontEnd:
    """Read the graph of a project in a folder, whose options name its file.

    Raises: TinypackError (io, bad-model, unsupported-op)
    """
    assert options.file is not None
    path = root / options.file
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise TinypackError.one("io", str(path), "the file must be readable", str(error.strerror)) from None
    if len(data) > MOST_BYTES:
        raise TinypackError.one("io", str(path), f"the file may have up to {MOST_BYTES} bytes", "more")
    graph = import_tflite(data, str(path))
    front, rest = _split(options, graph)
    if front is None or rest.nodes:
        found = "no Signal operator" if front is None else f"{rest.describe(rest.nodes[0])} behind them"
        rule, hint = "it must be Signal operators up to int8 features", "a whole model belongs in [model], without file"
        raise TinypackError.one("unsupported-op", str(path), rule, found, hint)
    if rest.unsupported:
        raise TinypackError(rest.unsupported)
    return front


def split_model(options: Options, graph: Graph, where: str) -> tuple[FrontEnd, Graph]:
    """Give the front end that a model begins with, and the network behind it; `where` names the section.

    Raises: TinypackError (bad-manifest, bad-model, unsupported-op)
    """
    front, network = _split(options, graph)
    if front is None:
        rule, hint = "without file the model must begin with Signal operators", "file names a graph of them"
        raise TinypackError.one("bad-manifest", where, rule, "none in the model", hint)
    if not network.nodes:
        rule, hint = "a network must come behind the model's Signal operators", "file takes them without one"
        raise TinypackError.one("bad-manifest", where, rule, "nothing", hint)
    return front, network


def _split(options: Options, graph: Graph) -> tuple[FrontEnd | None, Graph]:
    return split_front_end(graph, options.sample_rate, samples(options.hop, options.sample_rate))
