"""Graph in, Program out, C text from that. Knows no file format and no board."""

from __future__ import annotations

from tinypack.compile.lower import compile_graph
from tinypack.compile.program import Program, Step

__all__ = ["Program", "Step", "compile_graph"]
