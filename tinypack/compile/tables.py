"""Constant tables and parameter structs as C definitions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from tinypack.compile import ctext
from tinypack.ops.protocol import Param, Table


@dataclass
class Tables:
    """Constant definitions in order; equal tables are written once."""

    text: list[str] = field(default_factory=list)
    names: dict[tuple[str, bool, bytes], str] = field(default_factory=dict)

    def name(self, wanted: str, table: Table) -> str:
        """Define a table under a wanted name unless an equal one stands; give its name."""
        values = np.ascontiguousarray(table.values)
        if values.dtype.kind in "iub" and values.dtype != np.uint64:
            values = values.astype(np.int64)
        key = (table.ctype, table.program_memory, values.tobytes())
        if key not in self.names:
            self.names[key] = wanted
            self.text.append(ctext.array(table.ctype, wanted, values, " TP_FLASH" * table.program_memory))
        return self.names[key]

    def params(self, kernel: str, name: str, params: Sequence[tuple[str, Param]]) -> None:
        """Define the parameter struct of a kernel call, and the tables that it points to."""
        fields = [f"  {self._value(value, f'{name}_{key}')}{{comma}} /* {key} */" for key, value in params]
        lines = [text.format(comma="," if i < len(fields) - 1 else "") for i, text in enumerate(fields)]
        self.text.append(f"static const tp_{kernel}_t {name} = {{\n" + "\n".join(lines) + "\n};")

    def _value(self, value: Param, name: str) -> str:
        if isinstance(value, Table):
            return self.name(name, value)
        return "NULL" if value is None else ctext.number(value)
