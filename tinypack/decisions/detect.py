"""Events from scores: thresholds, votes, and what is new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinypack.features.protocol import Array, Arrays, Block
from tinypack.ops.protocol import Param, Table

#: The most labels: votes are 16 bits wide.
MOST_LABELS = 60_000


@dataclass(frozen=True)
class Detect(Block):
    """The label with the highest score, whether it is accepted, and whether it is new.

    Verdict: index, score, accepted, new; with `novel` also the anomaly's score and whether an anomaly is accepted
    """

    thresholds: tuple[int, ...]  # of each label, and of the anomaly behind them
    background: tuple[bool, ...]  # likewise: never new
    novel: bool  # the last score is an anomaly's
    window: int  # votes that are looked at
    votes: int
    least_results: int
    refractory: int
    per_label: bool
    repeat: bool

    KERNEL: ClassVar[str] = "detect_s32"
    BRIEF: ClassVar[str] = "decide"

    @property
    def labels(self) -> int:
        return len(self.thresholds) - self.novel

    @property
    def inputs(self) -> tuple[Array, ...]:
        return (Array("int32_t", len(self.thresholds)),)

    @property
    def outputs(self) -> tuple[Array, ...]:
        return (Array("int32_t", 4 + 2 * self.novel),)

    @property
    def state(self) -> tuple[Array, ...]:
        return (Array("uint16_t", self.window), Array("int32_t", 5))

    def params(self) -> tuple[tuple[str, Param], ...]:
        return (
            ("threshold", Table("int32_t", np.array(self.thresholds, np.int32))),
            ("background", Table("uint8_t", np.array(self.background, np.uint8))),
            ("labels", self.labels),
            ("novel", int(self.novel)),
            ("window", self.window),
            ("votes", self.votes),
            ("least_results", self.least_results),
            ("refractory", self.refractory),
            ("per_label", int(self.per_label)),
            ("repeat", int(self.repeat)),
        )

    def apply(self, inputs: Arrays, state: Arrays) -> Arrays:
        scores = inputs[0].astype(np.int64)
        top = scores[..., : self.labels].argmax(-1)
        strange = self.novel & (scores[..., -1] >= self.thresholds[-1])
        label = np.where(strange, self.labels, top)
        passes = np.take_along_axis(scores, label[..., None], -1)[..., 0] >= np.array(self.thresholds)[label]
        accepted, new = self._events(label, passes, *state)
        columns = [
            np.where(strange, -1, top),
            np.take_along_axis(scores, top[..., None], -1)[..., 0],
            accepted,
            new,
            *((scores[..., -1], accepted & strange) if self.novel else ()),
        ]
        return (np.stack(columns, axis=-1),)

    def _events(
        self, labels: np.ndarray, passing: np.ndarray, vote: np.ndarray, memory: np.ndarray
    ) -> Sequence[np.ndarray]:
        """Tell for each result whether it is accepted, and whether it is new.

        Shapes: labels, passing [batch, results]; vote, memory: the state
        """
        results, at, last, since, lasting = memory.T
        streams = np.arange(len(memory))
        background = np.array(self.background)[labels]
        accepted, new = np.zeros(labels.shape, bool), np.zeros(labels.shape, bool)
        for i in range(labels.shape[1]):
            mine = np.where(passing[:, i], labels[:, i] + 1, 0)
            vote[streams, at] = mine
            at[:] = (at + 1) % self.window
            results[:] = np.minimum(results + 1, self.least_results)
            since[:] = np.minimum(since + 1, self.refractory)
            enough = (results >= self.least_results) & ((vote == mine[:, None]).sum(1) >= self.votes)
            accepted[:, i] = yes = passing[:, i] & enough
            same = last == labels[:, i] + 1
            lasting &= yes & same
            early = (last != 0) & (since < self.refractory) & (same | (not self.per_label))
            new[:, i] = now = yes & ~background[:, i] & ~early & ((lasting == 0) | self.repeat)
            last[yes & background[:, i] & self.per_label] = 0
            last[now], since[now], lasting[now] = mine[now], 0, 1
        return accepted, new
