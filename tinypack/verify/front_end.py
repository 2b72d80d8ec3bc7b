"""A front end that a model carries, against the oracle: its blocks must give what the model's own operators give."""

from __future__ import annotations

import numpy as np

from tinypack.compile.stream import Stream
from tinypack.features.pipeline import frames_of
from tinypack.importers.tflite import import_tflite
from tinypack.oracle import oracle_name, run_oracle
from tinypack.stream_reference import SEED
from tinypack.vectors import noise

FRAMES = 40
SHIFTS = (6, 0, 3, 5, 9, 15, 1, 4)  # of the noise's levels: up and down by so much that noise reduction shows
ORACLE = "tflite-micro"  # the one that knows Signal operators


def front_end_differences(model: bytes, stream: Stream, features: int) -> list[str]:
    """Name each frame of noise whose features differ from a tensor of the whole model, which keeps its state.

    Empty where the oracle is another: the front end is then compared with its own reference only.
    Raises: TinypackError (bad-model, missing-tool)
    """
    if oracle_name().split()[0] != ORACLE:
        return []
    frames = _frames(stream)
    graph = import_tflite(model, "the model")
    shape = graph.tensors[graph.inputs[0]].shape
    answers = run_oracle(model, graph, ([frame.reshape(shape)] for frame in frames), [features])
    found = stream.chain.apply({"samples": frames[np.newaxis]}, stream.chain.start(1))[0]
    return [
        f"features of frame {i} (in Python)"
        for i, (ours, (theirs,)) in enumerate(zip(found, answers, strict=True))
        if (ours != theirs.reshape(-1)).any()
    ]


def _frames(stream: Stream) -> np.ndarray:
    """Make frames of noise whose level changes.

    Shapes: [FRAMES, frame] int16
    """
    count = stream.need + (FRAMES - 1) * stream.front.hop
    data, _ = noise(SEED, 2 * count)
    shifts = np.array(SHIFTS, np.int16)[np.arange(count) * len(SHIFTS) // count]
    samples = np.frombuffer(data, "<i2") >> shifts
    frames: np.ndarray = frames_of(stream.front, samples[np.newaxis])[0]
    return frames
