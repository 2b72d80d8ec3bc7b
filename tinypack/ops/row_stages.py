"""How a call computes its output row by row, so that the tensor before it need not stand as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tinypack.ops.protocol import Param


class RowStage(Protocol):
    """A call whose input 0 and output are images: rows of their height."""

    @property
    def params(self) -> tuple[tuple[str, Param], ...]:
        """Those of the kernel; they may differ from those of a call for all rows."""

    @property
    def finds_rows(self) -> bool:
        """Whether the kernel finds the rows of input 0 that it needs, given where one of them is."""

    @property
    def in_rows(self) -> int: ...

    @property
    def out_rows(self) -> int: ...

    def window(self, row: int) -> tuple[int, int]:
        """Give the first input row that an output row needs, and the one after the last."""

    def window_text(self, row: str) -> tuple[str, str]:
        """Write what `window` gives as C expressions."""

    def text(self, kernel: str, place: RowPlace) -> str:
        """Write the call for one output row."""


@dataclass(frozen=True)
class RowPlace:
    """What a call for one row is given, as C expressions."""

    params: str  # pointer
    row: str
    in_first: str  # number of the row at which input 0 points
    inputs: Sequence[str]  # pointers; others than input 0 to the same row
    output: str  # pointer to the row
    scratch: str


@dataclass(frozen=True, eq=False)
class Windows:
    """A convolution: tp_<kernel>_rows(params, first, last, in_first, input, output, scratch)."""

    params: tuple[tuple[str, Param], ...]
    in_rows: int
    out_rows: int
    filter: int
    stride: int
    padding: int
    finds_rows = True

    def window(self, row: int) -> tuple[int, int]:
        first = row * self.stride - self.padding
        return max(0, min(first, self.in_rows)), max(0, min(first + self.filter, self.in_rows))

    def window_text(self, row: str) -> tuple[str, str]:
        edges = (-self.padding, self.filter - self.padding)
        first, end = (f"tp_clamp({row} * {self.stride} + {edge}, 0, {self.in_rows})" for edge in edges)
        return first, end

    def text(self, kernel: str, place: RowPlace) -> str:
        rows = f"{place.row}, {place.row} + 1, {place.in_first}"
        return f"tp_{kernel}_rows({place.params}, {rows}, {place.inputs[0]}, {place.output}, {place.scratch});"


@dataclass(frozen=True, eq=False)
class Flat:
    """A function of each element and others at its place: tp_<kernel>_run(params, inputs, output, elements)."""

    params: tuple[tuple[str, Param], ...]
    in_rows: int
    elements: int  # of a row
    finds_rows = False

    @property
    def out_rows(self) -> int:
        return self.in_rows

    def window(self, row: int) -> tuple[int, int]:
        return row, row + 1

    def window_text(self, row: str) -> tuple[str, str]:
        return row, f"{row} + 1"

    def text(self, kernel: str, place: RowPlace) -> str:
        return f"tp_{kernel}_run({place.params}, {', '.join(place.inputs)}, {place.output}, {self.elements});"
