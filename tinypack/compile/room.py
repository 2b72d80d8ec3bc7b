"""Calls that are faster with more working memory take what the arena has free while they run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tinypack.compile.arena import plan_arena
from tinypack.compile.lives import scratch_key
from tinypack.compile.memory_map import MemoryMap
from tinypack.compile.program import Program, Step
from tinypack.ops.overlap import Apart
from tinypack.ops.protocol import Call

MOST_PLANS = 32  # of one model: each may take half a second; those that are known need 1


def take_room(program: Program, most: int) -> Program:
    """Give calls what makes them faster where it fits; the arena may grow.

    Units: most in bytes, of the arena
    """
    grouped = {step.node.index for group in program.groups for step in group.steps}
    plans = iter(range(MOST_PLANS))
    places = {node: at for at, shown in enumerate(program.memory.steps) for node in shown.nodes}
    for at, step in enumerate(program.steps):
        if len(step.calls) > 1 or step.node.index in grouped:
            continue
        gaps = list(_gaps(program.memory, places[step.node.index], scratch_key(step.node), most, program.alignment))
        for faster in reversed(step.calls[0].ways[1:]):
            taken = replace(step, calls=(faster,))
            fitting = [
                (max(program.arena_bytes, start + faster.scratch), end - start, start)  # growth is the last resort
                for start, end in gaps
                if end - start >= faster.scratch
            ]
            if not _may_lie(faster, program):
                steps = (*program.steps[:at], taken, *program.steps[at + 1 :])
                gives_up = bool(program.groups) or next(plans, None) is None
                planned = None if gives_up else plan_arena(program.graph, steps, save_ram=False)
                if planned and planned.arena_bytes <= most:
                    program = planned
                    break
            elif fitting:
                program = _moved(program, at, taken, min(fitting)[-1])
                break
    return program


def _may_lie(call: Call, program: Program) -> bool:
    """Say whether a call may write its output where it is planned, over its inputs or not."""
    sizes = {key: program.graph.tensors[key].nbytes for key in (*call.inputs, call.output) if isinstance(key, int)}
    return not any(
        low < program.offsets[call.output] - program.offsets[key] < high
        for position, key in enumerate(call.inputs)
        if isinstance(key, int)
        for low, high in call.overlaps.get(position, Apart()).forbidden(sizes[key], sizes[call.output])
    )


def _gaps(memory: MemoryMap, step: int, key: int, most: int, alignment: int) -> Iterator[tuple[int, int]]:
    """Give begin and end of what is free at a step, apart from what a key has."""
    start = 0
    for block in memory.at(step):
        if block.key != key:
            if block.offset > start:
                yield start, block.offset
            start = max(start, -(-block.end // alignment) * alignment)
    if start < most:
        yield start, most


def _moved(program: Program, at: int, step: Step, offset: int) -> Program:
    """Put a step in the place of another, with its working memory elsewhere."""
    key, size = scratch_key(step.node), step.scratch
    blocks = tuple(
        replace(block, offset=offset, bytes=size) if block.key == key else block for block in program.memory.blocks
    )
    aligned = -(-(offset + size) // program.alignment) * program.alignment
    return replace(
        program,
        steps=(*program.steps[:at], step, *program.steps[at + 1 :]),
        scratch={**program.scratch, step.node.index: offset},
        arena_bytes=max(program.arena_bytes, aligned),
        memory=replace(program.memory, blocks=blocks),
    )
