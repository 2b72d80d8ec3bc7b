"""The part of a package around its model: from samples to the model's input, and from its output to a result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tinypack.decisions.protocol import Decision
from tinypack.features.extractor import FrontEnd
from tinypack.features.protocol import Array, Chain

RESULTS = 3  # of a self-test
MOST_TEST = 1 << 20  # samples of all channels that it makes for more than one


@dataclass(frozen=True, eq=False)
class Stream:
    """What joins a front end, a model and a decision."""

    front: FrontEnd
    chain: Chain  # of a frame: "samples" -> int8, as the model's input has them
    frames: int  # that the model sees at once
    every: int  # hops from one inference to the next
    ring: int  # samples of a channel that wait at most; 0 for images
    decision: Decision

    @property
    def streaming(self) -> bool:
        """False for images, which come whole."""
        return self.front.rate > 0

    @property
    def need(self) -> int:
        """Samples of a channel that must have come before a frame is computed."""
        return max(self.front.frame, self.front.hop)

    @property
    def features(self) -> Array:
        """A frame's features."""
        return self.chain.arrays[self.chain.output]

    @property
    def inputs(self) -> int:
        """Elements of the model's input."""
        return self.frames * self.features.length

    @property
    def reads_input(self) -> bool:
        """Whether the decision looks at the features, too."""
        return "input" in self.decision.chain.inputs

    @property
    def kernels(self) -> tuple[str, ...]:
        """Names of the runtime's files that are used beside the model's."""
        steps = (*self.chain.steps, *self.decision.chain.steps)
        others = {"stream_test", "ring"} if self.streaming else {"stream_test"}
        return tuple(sorted({step.block.KERNEL for step in steps} | others))

    @property
    def state_bytes(self) -> int:
        """RAM of the stream beside the model's arena, without padding."""
        chains = (self.chain, self.decision.chain)
        kept = sum(array.nbytes for chain in chains for step in chain.steps for array in step.block.state)
        verdict = self.decision.chain.arrays["verdict"].nbytes
        counts = 8 + 6 * 4
        ring = (self.ring + 1) * self.front.channels * self.front.samples.itemsize
        return kept + verdict + (counts + ring + self.inputs if self.streaming else 0)


def stream_record(stream: Stream) -> dict[str, Any]:
    """Say in a package's record how samples become results."""
    front = stream.front
    return {
        "sample_rate": front.rate,
        "channels": front.channels,
        "sample_type": front.samples.ctype.removesuffix("_t"),
        "frame": front.frame,
        "hop": front.hop,
        "frames": stream.frames,
        "features": list(front.shape),
        "every": stream.every,
        "ring": stream.ring,
        "results": [*["time_ms"] * stream.streaming, *(result.name for result in stream.decision.results)],
    }


@dataclass(frozen=True)
class Signal:
    """What the self-test gives a stream; units: samples of a channel."""

    level: int  # until the noise changes its level
    count: int


def test_results(stream: Stream) -> int:
    """Say how many results the self-test asks for: RESULTS, or fewer of a stream where they are far apart."""
    if not stream.streaming:
        return RESULTS
    room = max(MOST_TEST // stream.front.channels - stream.need - (stream.frames - 1) * stream.front.hop, 0)
    return 1 + min(room // (stream.every * stream.front.hop), RESULTS - 1)


def test_signal(stream: Stream) -> Signal:
    """Choose a signal that gives the results and meets all levels of the noise."""
    hops = stream.frames - 1 + (test_results(stream) - 1) * stream.every
    count = stream.need + hops * stream.front.hop
    return Signal(max(1, count // 9), count)
