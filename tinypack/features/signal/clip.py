"""What stands in the place of the logarithm where it is switched off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinypack.features.protocol import Array, Arrays, Block
from tinypack.ops.protocol import Param


@dataclass(frozen=True)
class SignalClip(Block):
    """y = x, at most 65535."""

    length: int

    KERNEL: ClassVar[str] = "signal_clip_u32"
    IN_PLACE: ClassVar[bool] = True
    BRIEF: ClassVar[str] = "limit to 16 bits"

    @property
    def inputs(self) -> tuple[Array, ...]:
        return (Array("uint32_t", self.length),)

    @property
    def outputs(self) -> tuple[Array, ...]:
        return (Array("int32_t", self.length),)

    def params(self) -> tuple[tuple[str, Param], ...]:
        return (("length", self.length),)

    def apply(self, inputs: Arrays, state: Arrays) -> Arrays:
        return (np.minimum(inputs[0], 2**16 - 1).astype(np.int32),)
