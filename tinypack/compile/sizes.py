"""What a program holds in flash and computes, counted from the program itself: no compiler is asked."""

from __future__ import annotations

import numpy as np

from tinypack.compile.program import Program, Step
from tinypack.ops.protocol import Table

ELEMENT_BYTES = {"int8_t": 1, "uint8_t": 1, "int16_t": 2, "int32_t": 4, "float": 4}


def step_bytes(step: Step) -> int:
    """Bytes of constant tables that one node's calls hold."""
    return sum(_nbytes(table) for table in _tables(step))


def table_bytes(program: Program) -> int:
    """Bytes of all constant tables, equal ones once, as they are emitted."""
    unique = {
        (t.ctype, np.ascontiguousarray(t.values).tobytes()): _nbytes(t) for s in program.steps for t in _tables(s)
    }
    return sum(unique.values())


def _tables(step: Step) -> list[Table]:
    values = [v for call in step.calls for v in (*(value for _, value in call.params), *call.inputs)]
    return [v for v in values if isinstance(v, Table)]


def _nbytes(table: Table) -> int:
    return int(table.values.size) * ELEMENT_BYTES[table.ctype]
