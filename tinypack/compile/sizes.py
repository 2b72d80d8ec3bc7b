"""What a program holds in flash and computes, counted from the program itself: no compiler is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from tinypack.compile.program import Program, Step
from tinypack.compile.stream import Stream
from tinypack.ops.protocol import Table

ELEMENT_BYTES = {"int8_t": 1, "uint8_t": 1, "int16_t": 2, "uint16_t": 2, "int32_t": 4, "uint32_t": 4, "int64_t": 8}
ELEMENT_BYTES |= {"uint64_t": 8, "float": 4}
AVR_TABLES, AVR_TABLE = 65_535, 32_767  # bytes: what 16-bit pointers reach, and the largest array


def step_bytes(step: Step) -> int:
    """Bytes of constant tables that one node's calls hold."""
    return sum(_nbytes(table) for table in _tables(step))


def table_bytes(program: Program, stream: Stream | None = None) -> int:
    """Bytes of all constant tables; equal ones once in each source file, as they are emitted."""
    return sum(map(_nbytes, (*_unique(_program_tables(program)), *_unique(_stream_tables(stream)))))


def ram_bytes(program: Program, stream: Stream | None = None) -> int:
    """Bytes of a package's state."""
    return program.arena_bytes + (stream.state_bytes if stream else 0)


def avr_excess(program: Program) -> str:
    """Say by how much the tables are too large for AVR's program memory; "" if they are not."""
    sizes = [_nbytes(table) for table in _unique(_program_tables(program)) if table.program_memory]
    total, largest = sum(sizes), max(sizes, default=0)
    if total <= AVR_TABLES and largest <= AVR_TABLE:
        return ""
    reach = f"AVR reaches {AVR_TABLES:,} in all, {AVR_TABLE:,} in one"
    return f"tables of {total:,} bytes, the largest {largest:,}; {reach}"


def _unique(tables: Iterable[Table]) -> list[Table]:
    unique = {(t.ctype, t.program_memory, np.ascontiguousarray(t.values).tobytes()): t for t in tables}
    return list(unique.values())


def _program_tables(program: Program) -> Iterator[Table]:
    return (table for step in program.steps for table in _tables(step))


def _stream_tables(stream: Stream | None) -> Iterator[Table]:
    chains = (stream.chain, stream.decision.chain) if stream else ()
    values = (value for chain in chains for step in chain.steps for _, value in step.block.params())
    return (value for value in values if isinstance(value, Table))


def _tables(step: Step) -> list[Table]:
    values = [v for call in step.calls for v in (*(value for _, value in call.params), *call.inputs)]
    return [v for v in values if isinstance(v, Table)]


def _nbytes(table: Table) -> int:
    return int(table.values.size) * ELEMENT_BYTES[table.ctype]
