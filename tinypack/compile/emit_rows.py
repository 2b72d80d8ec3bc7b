"""A group of layers that run row by row, as C: nested loops, each of which makes the rows that the next one needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tinypack.compile.program import Program
from tinypack.compile.row_groups import RowGroup
from tinypack.compile.tables import Tables
from tinypack.ops.protocol import Table
from tinypack.ops.row_stages import RowPlace


@dataclass(frozen=True)
class GroupText:
    group: RowGroup
    program: Program
    tables: Tables

    def lines(self) -> list[str]:
        """Write the group as a block of statements.

        Names: rows_<i> counts the rows that stage i has made, kept_<i> is the first of them that are still there.
        """
        last = len(self.group.stages) - 1
        for step, stage in zip(self.group.steps, self.group.stages, strict=True):
            self.tables.params(step.calls[0].kernel, f"node_{step.node.index}", stage.params)
        counters = [f"int32_t rows_{i} = 0, kept_{i} = 0;" for i in range(last)]
        loop = f"for (int32_t rows_{last} = 0; rows_{last} < {self.group.stages[last].out_rows}; rows_{last}++) {{"
        return ["{", *(f"  {line}" for line in (*counters, loop, *self._body(last), "}")), "}"]

    def _body(self, stage: int) -> Iterator[str]:
        """Make one row of a stage, number rows_<stage>."""
        if stage:
            yield from (f"  {line}" for line in self._rows_before(stage))
        yield f"  {self._call(stage)}"

    def _rows_before(self, stage: int) -> Iterator[str]:
        """Have the stage before make the rows that this one needs, and drop those that it no longer needs."""
        before = stage - 1
        first, end = self.group.stages[stage].window_text(f"rows_{stage}")
        kept = f"tp_rows_keep({self._rows(before)}, {self.group.row_bytes[before]}, &kept_{before}, rows_{before}, "
        yield f"{kept}{first});"
        yield f"for (; rows_{before} < {end}; rows_{before}++) {{"
        yield from self._body(before)
        yield "}"

    def _call(self, stage: int) -> str:
        step = self.group.steps[stage]
        call, row, stages = step.calls[0], f"rows_{stage}", self.group.stages
        inner = self.group.calls[stage - 1].output if stage else None
        inputs = []
        for i, key in enumerate(call.inputs):
            if isinstance(key, Table):
                inputs.append(self.tables.name(f"node_{step.node.index}_input_{i}", key))
            elif key == inner:
                inputs.append(self._rows(stage - 1))
            else:
                inputs.append(self._tensor_row(key, "0" if stages[stage].finds_rows else row, stages[stage].in_rows))
        place = RowPlace(
            params=f"&node_{step.node.index}",
            row=row,
            in_first=f"kept_{stage - 1}" if stage else "0",
            inputs=inputs,
            output=self._output(stage, row),
            scratch=f"arena + {self._base + self.group.offsets[-1]}",
        )
        return self.group.stages[stage].text(call.kernel, place)

    @property
    def _base(self) -> int:
        return self.program.scratch[self.group.steps[-1].node.index]

    def _rows(self, stage: int) -> str:
        return f"(int8_t *)(void *)(arena + {self._base + self.group.offsets[stage]})"

    def _output(self, stage: int, row: str) -> str:
        if stage == len(self.group.stages) - 1:
            return self._tensor_row(self.group.calls[stage].output, row, self.group.stages[stage].out_rows)
        return f"{self._rows(stage)} + ({row} - kept_{stage}) * {self.group.row_bytes[stage]}"

    def _tensor_row(self, key: int, row: str, rows: int) -> str:
        tensor = self.program.graph.tensors[key]
        place = f"(int8_t *)(void *)(arena + {self.program.offsets[key]})"
        return place if row == "0" else f"{place} + {row} * {tensor.nbytes // rows}"
