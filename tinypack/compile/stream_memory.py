"""Where frames and decisions work: in the arena, while the model does not."""

from __future__ import annotations

from dataclasses import replace

from tinypack.compile.chain import Scratch, plan_scratch
from tinypack.compile.memory_map import Block
from tinypack.compile.program import Program
from tinypack.compile.stream import Stream
from tinypack.features.protocol import Chain
from tinypack.graph import Tensor

FRAME_KEY, DECISION_KEY = -(2**31), 1 - 2**31  # below those of nodes


def with_room(program: Program, stream: Stream) -> Program:
    """Give the program an arena that also holds what frames and decisions work in.

    Units: bytes
    """
    frame, decision = (plan_scratch(*scratch) for scratch in _scratches(stream))
    after = len(program.memory.steps)
    blocks = (
        Block(FRAME_KEY, "features", "scratch", feature_offset(program, stream), frame.size, -1, -1),
        Block(DECISION_KEY, "decision", "scratch", decision_offset(program, stream), decision.size, after, after),
    )
    end = max(block.end for block in blocks)
    alignment = max(program.alignment, frame.alignment, decision.alignment)
    size = -(-max(program.arena_bytes, end) // alignment) * alignment
    return replace(program, arena_bytes=size, alignment=alignment, memory=program.memory.with_blocks(*blocks))


def feature_offset(program: Program, stream: Stream) -> int:
    """Say where in the arena a frame's scratch memory lies: anywhere, unless features go to the model's input at once.

    Units: bytes
    """
    scratch = plan_scratch(*_scratches(stream)[0])
    return 0 if stream.streaming else _beside(program, program.inputs[0], scratch)


def decision_offset(program: Program, stream: Stream) -> int:
    """Say where in the arena a decision's scratch memory lies: beside the model's output.

    Units: bytes
    """
    return _beside(program, program.outputs[0], plan_scratch(*_scratches(stream)[1]))


def _scratches(stream: Stream) -> tuple[tuple[Chain, frozenset[str]], tuple[Chain, frozenset[str]]]:
    """The chains, each with its arrays that lie elsewhere."""
    features = {stream.chain.output} | (set() if stream.streaming else {"samples"})
    return (stream.chain, frozenset(features)), (stream.decision.chain, frozenset({"output", "verdict"}))


def _beside(program: Program, tensor: Tensor, scratch: Scratch) -> int:
    start = program.offsets[tensor.index]
    if scratch.size <= start:
        return 0
    return -(-(start + tensor.nbytes) // scratch.alignment) * scratch.alignment
