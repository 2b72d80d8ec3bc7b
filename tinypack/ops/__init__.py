"""Operators: one module each, listed here and nowhere else."""

from __future__ import annotations

from tinypack.ops import (
    add,
    average_pool_2d,
    concatenation,
    conv_2d,
    depthwise_conv_2d,
    dequantize,
    expand_dims,
    fully_connected,
    logistic,
    max_pool_2d,
    mean,
    mul,
    pack,
    pad,
    padv2,
    quantize,
    relu,
    relu6,
    reshape,
    shape,
    softmax,
    squeeze,
    strided_slice,
    sub,
    tanh,
)
from tinypack.ops.protocol import Call, Operator, Table

__all__ = ["OPS", "Call", "Operator", "Table"]

OPS: dict[str, Operator] = {
    module.NAME: module
    for module in (
        add,
        average_pool_2d,
        concatenation,
        conv_2d,
        depthwise_conv_2d,
        dequantize,
        expand_dims,
        fully_connected,
        logistic,
        max_pool_2d,
        mean,
        mul,
        pack,
        pad,
        padv2,
        quantize,
        relu,
        relu6,
        reshape,
        shape,
        softmax,
        squeeze,
        strided_slice,
        sub,
        tanh,
    )
}
