"""TensorFlow Lite Micro's RecognizeCommands, restated from its behaviour: in milliseconds, with truncated means."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import numpy as np


@dataclass
class RecognizeCommands:
    """Its scores are 0..255; label 0 is silence. Like it, labels that are no word are detected too."""

    average_window_ms: int
    threshold: int  # scores must be above it
    suppression_ms: int
    minimum_count: int
    _kept: deque[tuple[int, np.ndarray]] = field(default_factory=deque)
    _last: int = 0
    _when: int | None = None

    def process(self, scores: np.ndarray, now: int) -> tuple[int, int, bool] | None:
        """Give label, score and is-new; None where it finds too few results.

        Shapes: scores [labels] int8
        """
        self._kept.append((now, scores.astype(np.int64) + 128))
        while self._kept[0][0] < now - self.average_window_ms:
            self._kept.popleft()
        spanned = now - self._kept[0][0]
        if len(self._kept) < self.minimum_count or spanned < self.average_window_ms // 4:
            return None
        means = sum(kept for _, kept in self._kept) // len(self._kept)
        top = int(means.argmax())
        free = self._last == 0 or self._when is None or now - self._when > self.suppression_ms
        new = bool(means[top] > self.threshold and (top != self._last or free))
        if new:
            self._last, self._when = top, now
        return top, int(means[top]), new
