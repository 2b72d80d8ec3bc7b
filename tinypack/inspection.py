"""What a model holds and needs, for people and for machines."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from tinypack.boards import Board, load_boards
from tinypack.compile.memory_map import MemoryMap
from tinypack.compile.program import Program
from tinypack.compile.sizes import ram_bytes, step_bytes, table_bytes
from tinypack.compile.stream import Stream, stream_record
from tinypack.costs.real_time import RealTime
from tinypack.costs.stream_load import stream_load
from tinypack.graph import Graph, Tensor


@dataclass(frozen=True)
class TensorInfo:
    index: int
    name: str
    shape: tuple[int, ...]
    dtype: str
    scale: tuple[float, ...]
    zero_point: tuple[int, ...]
    constant: bool
    bytes: int


@dataclass(frozen=True)
class LayerInfo:
    """A node that computes something on the device."""

    node: int
    op: str
    name: str
    output_shape: tuple[int, ...]
    macs: int  # that the device computes
    model_macs: int
    constant_channels: int  # of the output: they never change, and are not computed
    weight_bytes: int  # tables in flash: weights, biases, requantisation


@dataclass(frozen=True)
class BoardFit:
    """Least needs (tables and arena, without code) beside what a board has left."""

    board: str
    fits: bool
    flash_bytes: int
    flash_room: int
    ram_bytes: int
    ram_room: int


@dataclass(frozen=True)
class Inspection:
    name: str
    model_sha256: str
    model_bytes: int
    operators: dict[str, int]
    tensors: tuple[TensorInfo, ...]
    layers: tuple[LayerInfo, ...]
    inputs: tuple[TensorInfo, ...]
    outputs: tuple[TensorInfo, ...]
    macs: int  # that the device computes
    model_macs: int
    constant_channels: int
    weight_bytes: int
    arena_bytes: int
    ram_bytes: int  # of a state: the arena, and what a stream keeps
    live_bytes: int  # of activations at the worst step, if none lay over another
    arena_lower_bound: int  # no plan for these kernels can be smaller
    memory: MemoryMap
    boards: tuple[BoardFit, ...]
    stream: dict[str, Any] | None  # as in a package's record
    loads: tuple[RealTime, ...]  # of boards, by a stream of samples

    def to_json(self) -> dict[str, Any]:
        """Give plain data for json.dumps."""
        return asdict(self)


def tensor_info(tensor: Tensor) -> TensorInfo:
    q = tensor.quantization
    return TensorInfo(
        index=tensor.index,
        name=tensor.name,
        shape=tensor.shape,
        dtype=tensor.dtype,
        scale=q.scales if q else (),
        zero_point=q.zero_points if q else (),
        constant=tensor.is_constant,
        bytes=tensor.nbytes,
    )


def board_fit(board: Board, flash: int, ram: int) -> BoardFit:
    """Compare least needs with a board.

    Units: bytes
    """
    flash_room, ram_room = board.room()
    return BoardFit(board.id, board.fit(flash, ram) is None, flash, flash_room, ram, ram_room)


def inspect_program(
    name: str, model: bytes, graph: Graph, program: Program, stream: Stream | None = None
) -> Inspection:
    """Describe an imported model, what it was compiled to, and what lies around it."""

    def infos(tensors: Iterable[Tensor]) -> tuple[TensorInfo, ...]:
        return tuple(tensor_info(tensor) for tensor in tensors)

    boards, ram = load_boards().values(), ram_bytes(program, stream)
    layers = tuple(
        LayerInfo(
            node=step.node.index,
            op=step.node.op,
            name=program.graph.output(step.node).name,
            output_shape=program.graph.output(step.node).shape,
            macs=step.macs,
            model_macs=step.model_macs,
            constant_channels=_constant_channels(program.graph.output(step.node), graph),
            weight_bytes=step_bytes(step),
        )
        for step in program.steps
    )
    return Inspection(
        name=name,
        model_sha256=hashlib.sha256(model).hexdigest(),
        model_bytes=len(model),
        operators=dict(Counter(node.op for node in graph.nodes)),
        tensors=infos(graph.tensors.values()),
        layers=layers,
        inputs=infos(program.inputs),
        outputs=infos(program.outputs),
        macs=sum(layer.macs for layer in layers),
        model_macs=sum(layer.model_macs for layer in layers),
        constant_channels=sum(layer.constant_channels for layer in layers),
        weight_bytes=table_bytes(program, stream),
        ram_bytes=ram,
        arena_bytes=program.arena_bytes,
        live_bytes=program.live_bytes,
        arena_lower_bound=program.lower_bound,
        memory=program.memory,
        boards=tuple(board_fit(board, table_bytes(program, stream), ram) for board in boards),
        stream=stream_record(stream) if stream else None,
        loads=tuple(stream_load(board, program, stream) for board in boards) if stream and stream.streaming else (),
    )


def _constant_channels(tensor: Tensor, graph: Graph) -> int:
    return 0 if tensor.channels is None else graph.tensors[tensor.index].shape[-1] - len(tensor.channels)
