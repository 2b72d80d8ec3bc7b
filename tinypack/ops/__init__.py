"""Operators: one module each, listed here and nowhere else."""

from __future__ import annotations

from tinypack.ops import (
    average_pool_2d,
    conv_2d,
    depthwise_conv_2d,
    fully_connected,
    max_pool_2d,
    mean,
    softmax,
)
from tinypack.ops.protocol import Call, Operator, Table

__all__ = ["OPS", "Call", "Operator", "Table"]

OPS: dict[str, Operator] = {
    module.NAME: module
    for module in (
        average_pool_2d,
        conv_2d,
        depthwise_conv_2d,
        fully_connected,
        max_pool_2d,
        mean,
        softmax,
    )
}
