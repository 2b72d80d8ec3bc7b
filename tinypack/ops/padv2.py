"""PADV2: PAD with a value of its own."""

from __future__ import annotations

from tinypack.ops.pad import CONSTRAINTS, lower, macs, output_shape

__all__ = ["BRIEF", "CONSTRAINTS", "NAME", "lower", "macs", "output_shape"]

NAME = "PADV2"
BRIEF = "Padding with a constant."
