"""A stream's load on boards, and the samples that its ring must hold."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil

from tinypack.boards import Board
from tinypack.compile.program import Program
from tinypack.compile.stream import Stream
from tinypack.costs import STATED_ERROR, chain_instructions, program_instructions
from tinypack.costs.real_time import RealTime, real_time
from tinypack.errors import Problem

#: Instructions to copy a sample into the ring or out of it: newlib-nano's memcpy goes byte by byte.
COPY = 8


def stream_load(board: Board, program: Program, stream: Stream) -> RealTime:
    """Estimate a board's load by a stream of samples."""
    front, core = stream.front, board.cpu.core
    copied = (front.hop + front.frame) * front.channels
    frame = chain_instructions(stream.chain, core) + COPY * copied
    invoke = program_instructions(program, core) + chain_instructions(stream.decision.chain, core)
    return real_time(board, frame, invoke, front.rate, front.hop, front.frame, stream.every)


def ring_samples(load: RealTime, rate: float) -> int:
    """Give what a ring must hold on a board, also where the estimate is too low by the error that is stated.

    Units: samples of a channel
    """
    return load.ring_samples + ceil(STATED_ERROR * load.invoke_seconds * rate)


def needed_ring(boards: Iterable[Board], program: Program, stream: Stream) -> int:
    """Give what a ring must hold on all of some boards that keep up with the stream.

    Units: samples of a channel
    """
    loads = (stream_load(board, program, stream) for board in boards)
    return max((ring_samples(load, stream.front.rate) for load in loads if load.load <= 1), default=0)


def load_problem(board: Board, program: Program, stream: Stream) -> Problem | None:
    """Say why a board does not keep up with a stream; None if it does."""
    if not stream.streaming:
        return None
    load = stream_load(board, program, stream)
    where = f"board {board.id}"
    if load.load > 1:
        hint = "choose a faster board, or features that cost less"
        if load.least_every is not None:
            hint = f"set every = {load.least_every} in [decision], or choose a faster board"
        rule = "frames and inferences must take no more time than the samples that they are made of"
        found = (
            f"a load of {load.load:.2f}: a frame takes {1e3 * load.frame_seconds:.1f} ms, an inference"
            f" {1e3 * load.invoke_seconds:.0f} ms, {load.every} hops {1e3 * load.every * load.hop_seconds:.0f} ms"
        )
        return Problem("too-slow", where, rule, found, hint)
    needed = ring_samples(load, stream.front.rate)
    if needed > stream.ring:
        rule = "samples that come during an inference must find room"
        found = f"the ring holds {stream.ring}, the board needs {needed}"
        return Problem("too-slow", where, rule, found, f'add "{board.id}" to boards in [build]: the ring grows')
    return None
