"""Test inputs: the same bytes here and in runtime/include/tp_selftest.h."""

from __future__ import annotations

import zlib

import numpy as np

from tinypack.graph import DTYPES, Graph, Tensor

#: Of the self-test that every package carries: the two ends of int8, then noise.
BUILT_IN_SEEDS = (0x80, 0x7F, 0x9E3779B9, 0x243F6A88)


def noise(seed: int, count: int) -> tuple[bytes, int]:
    """Give bytes and the state to go on from: all alike if the seed is below 256, else xorshift32."""
    if seed < 256:
        return bytes([seed]) * count, seed
    out = bytearray(count)
    state = seed
    for i in range(count):
        state ^= (state << 13) & 0xFFFFFFFF
        state ^= state >> 17
        state ^= (state << 5) & 0xFFFFFFFF
        out[i] = state & 0xFF
    return bytes(out), state


def float_grid(graph: Graph, tensor: Tensor) -> tuple[float, int]:
    """The scale and zero point to which a float input is quantised first, so that test inputs reach its whole range.

    (0, 0) for other inputs.
    """
    if tensor.dtype != "float32":
        return 0.0, 0
    readers = (graph.output(node) for node in graph.nodes if tensor.index in node.inputs)
    return next(((t.quantization.scale, t.quantization.zero_point) for t in readers if t.quantization), (1.0, 0))


def vector(graph: Graph, seed: int) -> list[np.ndarray]:
    """Fill all inputs of a model from a seed.

    Shapes: one array an input, of its shape and type
    """
    arrays = []
    state = seed
    for key in graph.inputs:
        tensor = graph.tensors[key]
        scale, zero_point = float_grid(graph, tensor)
        step = np.float32(scale)
        data, following = noise(state, tensor.elements if step > 0 else tensor.nbytes)
        state = following if seed >= 256 else seed
        flat = np.frombuffer(data, np.uint8)
        steps = step * (flat.astype(np.float32) - np.float32(128 + zero_point))
        arrays.append((steps if step > 0 else flat.view(DTYPES[tensor.dtype][0])).reshape(tensor.shape))
    return arrays


def digest(*arrays: np.ndarray) -> int:
    """Hash arrays one after the other, as the self-test does: CRC-32."""
    crc = 0
    for array in arrays:
        crc = zlib.crc32(np.ascontiguousarray(array).tobytes(), crc)
    return crc
