"""Whether a board keeps up with its sensor: the share of its time that frames and inferences take."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from tinypack.boards import Board


@dataclass(frozen=True)
class RealTime:
    """A board's load, where an inference follows every `every` hops."""

    board: str
    frame_instructions: int  # features of one frame
    invoke_instructions: int  # one inference, and what is decided from it
    frame_seconds: float
    invoke_seconds: float
    hop_seconds: float
    every: int
    load: float  # of the time of `every` hops
    least_every: int | None  # with a load of at most 1; None: frames alone take more than a hop
    ring_samples: int  # of a channel, that a ring must hold: a frame, a hop, and what arrives during an inference


def real_time(
    board: Board, frame_instructions: int, invoke_instructions: int, rate: float, hop: int, frame: int, every: int
) -> RealTime:
    """Compute a board's load by its clock and its cycles per instruction.

    Units: rate in samples a second, above 0; hop and frame in samples of a channel; every in hops, at least 1
    """
    hop_seconds = hop / rate
    frame_seconds, invoke_seconds = (board.cpu.seconds(n) for n in (frame_instructions, invoke_instructions))
    left = hop_seconds - frame_seconds
    return RealTime(
        board=board.id,
        frame_instructions=frame_instructions,
        invoke_instructions=invoke_instructions,
        frame_seconds=frame_seconds,
        invoke_seconds=invoke_seconds,
        hop_seconds=hop_seconds,
        every=every,
        load=(frame_seconds + invoke_seconds / every) / hop_seconds,
        least_every=max(1, ceil(invoke_seconds / left)) if left > 0 else None,
        ring_samples=frame + hop + ceil(invoke_seconds * rate),
    )
