"""A stream in Python: what a package must make of samples, bit by bit, its model run by the oracle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tinypack.compile.stream import RESULTS, Stream, test_signal
from tinypack.decisions.replay import read_verdicts
from tinypack.features.pipeline import frames_of
from tinypack.graph import Graph
from tinypack.oracle import run_oracle
from tinypack.vectors import digest, noise

SEED = 0x9E3779B9  # of the test signal, as in runtime/include/tp_stream_test.h
SHIFTS = (4, 0, 15, 9)  # of its levels


@dataclass(frozen=True, eq=False)
class Replayed:
    """What a stream makes of samples: one row a result."""

    features: np.ndarray  # [frames, length] int8
    windows: np.ndarray  # [results, inputs] int8
    outputs: np.ndarray  # [results, outputs] int8
    verdicts: np.ndarray  # [results, k] int32
    frames: np.ndarray  # [results]: frames that were computed until then
    times_ms: np.ndarray  # [results]


def replay_python(stream: Stream, model: bytes, graph: Graph, samples: np.ndarray) -> Replayed:
    """Run samples through features, the oracle and the decision.

    Shapes: samples [n] or [n, channels] int16; images [count, bytes] uint8
    """
    streams = samples[np.newaxis] if stream.streaming else samples
    frames = frames_of(stream.front, streams)
    if not stream.streaming:  # each image is a frame of its own, of one stream
        frames = frames.reshape(1, len(samples), -1)
    features = stream.chain.apply({"samples": frames}, stream.chain.start(1))[0]
    ends = np.arange(stream.frames, len(features) + 1, stream.every)
    windows = np.array([features[end - stream.frames : end].reshape(-1) for end in ends], np.int8)
    windows = windows.reshape(len(ends), stream.inputs)
    shape = graph.tensors[graph.inputs[0]].shape
    vectors = ([window.reshape(shape)] for window in windows)
    found = [output.reshape(-1) for (output,) in run_oracle(model, graph, vectors, graph.outputs[:1])]
    outputs = np.array(found, np.int8).reshape(len(ends), -1)
    verdicts = decide(stream, outputs, windows)
    heard = (ends - 1) * stream.front.hop + stream.front.frame
    times = heard * 1_000_000 // round(stream.front.rate * 1000) if stream.streaming else np.zeros(len(ends))
    return Replayed(features, windows, outputs, verdicts, ends, times.astype(np.uint32))


def decide(stream: Stream, outputs: np.ndarray, windows: np.ndarray) -> np.ndarray:
    """Run the decision over a model's outputs and inputs, in the order of time.

    Shapes: outputs [results, n] int8, windows [results, m] int8 -> [results, k] int32
    """
    chain = stream.decision.chain
    arrays = {"output": outputs[np.newaxis], "input": windows[np.newaxis]}
    verdicts: np.ndarray = chain.apply({name: arrays[name] for name in chain.inputs}, chain.start(1))[0]
    return verdicts


def results(stream: Stream, found: Replayed) -> list[dict[str, Any]]:
    """Give each result by the names of its members, as `<prefix>_result_t` has them."""
    columns = {"time_ms": found.times_ms, **read_verdicts(stream.decision, found.verdicts)}
    return [dict(zip(columns, row, strict=True)) for row in zip(*(c.tolist() for c in columns.values()), strict=True)]


def test_samples(stream: Stream) -> np.ndarray:
    """Make the self-test's signal.

    Shapes: [n, channels] int16, or images [RESULTS, bytes] uint8
    """
    if not stream.streaming:
        data, _ = noise(SEED, RESULTS * stream.front.samples.length)
        return np.frombuffer(data, np.uint8).reshape(RESULTS, -1)
    signal = test_signal(stream)
    data, _ = noise(SEED, 2 * signal.count * stream.front.channels)
    samples = np.frombuffer(data, "<i2").reshape(signal.count, stream.front.channels)
    shifts = np.array(SHIFTS, np.int16)[np.arange(signal.count) // signal.level % 4]
    return samples >> shifts[:, np.newaxis]


def stream_digests(stream: Stream, model: bytes, graph: Graph) -> list[int]:
    """Say what the self-test's signal must give."""
    return result_digests(stream, replay_python(stream, model, graph, test_samples(stream)))


def result_digests(stream: Stream, found: Replayed) -> list[int]:
    """Hash each result as the self-test does: time, the ring of features, the model's output, the verdict."""
    digests = []
    for i, end in enumerate(found.frames):
        parts = [found.outputs[i], found.verdicts[i]]
        if stream.streaming:
            ring = np.roll(found.windows[i].reshape(stream.frames, -1), int(end) % stream.frames, axis=0)
            parts = [found.times_ms[i : i + 1], ring, *parts]
        digests.append(digest(*parts))
    return digests
