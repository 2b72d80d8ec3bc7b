"""What extractors are made of: blocks, each an integer kernel in C and the same arithmetic in NumPy, in a chain."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinypack.ops.protocol import Param

#: C element types of arrays between blocks, and their NumPy types.
CTYPES: dict[str, type[np.generic]] = {
    "int8_t": np.int8,
    "uint8_t": np.uint8,
    "int16_t": np.int16,
    "uint16_t": np.uint16,
    "int32_t": np.int32,
    "uint32_t": np.uint32,
    "int64_t": np.int64,
    "uint64_t": np.uint64,
}


@dataclass(frozen=True)
class Array:
    """What blocks hand on or keep for one stream: elements of one type."""

    ctype: str  # a key of CTYPES
    length: int

    @property
    def dtype(self) -> type[np.generic]:
        return CTYPES[self.ctype]

    @property
    def itemsize(self) -> int:
        """Bytes of an element."""
        return np.dtype(self.dtype).itemsize

    @property
    def nbytes(self) -> int:
        return self.length * self.itemsize


Arrays = tuple[np.ndarray, ...]


class Block(ABC):
    """One step of a frame's computation: a frozen dataclass of its parameters.

    KERNEL    its function is tp_<kernel>(const tp_<kernel>_t *p, state..., inputs..., outputs...), of runtime/features
    IN_PLACE  True: the kernel may be given the first input's buffer for its first output
    BRIEF     a few words for the comment above the call
    work      optional, int: what a frame's instructions grow with, beside its outputs; without it they are estimated
              from the lengths of arrays and tables (see tinypack/costs)
    """

    KERNEL: ClassVar[str]
    IN_PLACE: ClassVar[bool] = False
    BRIEF: ClassVar[str]

    @property
    @abstractmethod
    def inputs(self) -> tuple[Array, ...]: ...

    @property
    @abstractmethod
    def outputs(self) -> tuple[Array, ...]: ...

    @property
    def state(self) -> tuple[Array, ...]:
        """What is kept from frame to frame in the caller's state; all zero at the start."""
        return ()

    @abstractmethod
    def params(self) -> tuple[tuple[str, Param], ...]:
        """Fields of `tp_<kernel>_t` in order."""

    @abstractmethod
    def apply(self, inputs: Arrays, state: Arrays) -> Arrays:
        """Compute the outputs as the kernel does, bit by bit.

        Shapes: inputs and outputs [batch, frames, length]; state [batch, length], brought up to date in place
        """


@dataclass(frozen=True, eq=False)
class Step:
    """A block and the names of the arrays that it reads and writes; each is written once."""

    block: Block
    reads: tuple[str, ...]
    writes: tuple[str, ...]


State = tuple[Arrays, ...]


@dataclass(frozen=True, eq=False)
class Chain:
    """Steps from named inputs to one output, for each frame."""

    inputs: Mapping[str, Array]
    steps: tuple[Step, ...]
    output: str

    @property
    def arrays(self) -> dict[str, Array]:
        """All arrays by their names."""
        found = dict(self.inputs)
        for step in self.steps:
            found |= dict(zip(step.writes, step.block.outputs, strict=True))
        return found

    def start(self, batch: int) -> State:
        """Give the state before the first frame, for a batch of independent streams."""
        return tuple(tuple(np.zeros((batch, a.length), a.dtype) for a in step.block.state) for step in self.steps)

    def apply(self, inputs: Mapping[str, np.ndarray], state: State) -> np.ndarray:
        """Compute frames of a batch of streams; the state is brought up to date.

        Shapes: inputs [batch, frames, length] -> [batch, frames, output length]
        """
        known = dict(inputs)
        for step, kept in zip(self.steps, state, strict=True):
            results = step.block.apply(tuple(known[name] for name in step.reads), kept)
            for name, array, result in zip(step.writes, step.block.outputs, results, strict=True):
                known[name] = result.astype(array.dtype, copy=False)
        return known[self.output]

    def then(self, block: Block, *writes: str) -> Chain:
        """Put a block behind that reads the output; the first of what it writes is the new one."""
        return Chain(self.inputs, (*self.steps, Step(block, (self.output,), writes)), writes[0])
