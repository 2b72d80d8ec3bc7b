"""AVERAGE_POOL_2D: the average of each window over height and width."""

from __future__ import annotations

from tinypack.graph import Graph, Node
from tinypack.ops.pooling import CONSTRAINTS, lower_pool, macs, output_shape
from tinypack.ops.protocol import Call

__all__ = ["BRIEF", "CONSTRAINTS", "NAME", "lower", "macs", "output_shape"]

NAME = "AVERAGE_POOL_2D"
BRIEF = "Average pooling: any window and stride, SAME or VALID padding, fused activation."


def lower(node: Node, graph: Graph) -> tuple[Call, ...]:
    """Shapes: input [N, H, W, C] -> output [N, OH, OW, C]"""
    return lower_pool(node, graph, "average_pool_2d_s8")
