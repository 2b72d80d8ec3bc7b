"""One more score behind others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinypack.features.protocol import Array, Arrays, Block
from tinypack.ops.protocol import Param


@dataclass(frozen=True)
class Join(Block):
    length: int

    KERNEL: ClassVar[str] = "join_s32"
    IN_PLACE: ClassVar[bool] = True
    BRIEF: ClassVar[str] = "put the anomaly's score behind those of the labels"

    @property
    def inputs(self) -> tuple[Array, ...]:
        return (Array("int32_t", self.length), Array("int32_t", 1))

    @property
    def outputs(self) -> tuple[Array, ...]:
        return (Array("int32_t", self.length + 1),)

    def params(self) -> tuple[tuple[str, Param], ...]:
        return (("length", self.length),)

    def apply(self, inputs: Arrays, state: Arrays) -> Arrays:
        return (np.concatenate(inputs, axis=-1),)
