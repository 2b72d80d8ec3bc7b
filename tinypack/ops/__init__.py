"""Operators: one module each, listed here and nowhere else."""

from __future__ import annotations

from tinypack.ops import fully_connected
from tinypack.ops.protocol import Call, Operator, Table

__all__ = ["OPS", "Call", "Operator", "Table"]

OPS: dict[str, Operator] = {
    module.NAME: module
    for module in (fully_connected,)
}
