"""Damaged models: bytes changed in place, or fields of the schema's own objects changed and the file written anew."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np

from tests.support.model_builder import _Buffer, pack, schema
from tests.support.models import model_bytes
from tinypack.compile import compile_graph
from tinypack.compile.emit import Identity, emit_package
from tinypack.errors import TinypackError
from tinypack.importers.signal import split_front_end
from tinypack.importers.tflite import import_tflite
from tinypack.names import c_names

WORDS = (0, 1, 2, 3, 4, 0x7F, 0x80, 0xFF, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF, 0x7FC00000)
NUMBERS = (-(2**31), -129, -128, -2, -1, 0, 1, 2, 3, 4, 7, 8, 64, 127, 128, 255, 256, 4096, 65535, 65536, 2**31 - 1)
FLOATS = (0.0, -0.0, 1.0, -1.0, 0.5, 1e-45, 1e-38, 1e-9, 1e9, 3e38, float("inf"), float("-inf"), float("nan"))

EMITTED = 20_000  # bytes of a file: tables as text take their time
IDENTITY = Identity("mutant", "0.1.0", "A mutant.", "0", "0" * 64, ())

#: What the schema classes raise where a field can't hold a value.
UNWRITABLE = (TypeError, ValueError, AttributeError, struct.error)

#: A way to damage a model: (name of the model, source of chance) -> bytes of the mutant.
Mutate = Callable[[str, random.Random], bytes]


def outcome(data: bytes) -> str:
    """Take a mutant through importer, compiler and, if it is small, emission; only a TinypackError may come out."""
    try:
        graph = import_tflite(data, "mutant")
    except TinypackError as error:
        assert str(error)
        return "refused by the importer"
    try:
        front, graph = split_front_end(graph)
        if front is not None and not graph.nodes:
            return "a front end"
        program = compile_graph(graph)
    except TinypackError as error:
        assert str(error)
        return "refused by the compiler"
    if len(data) < EMITTED:
        emit_package(program, c_names("mutant"), IDENTITY)
    return "compiled"


def by_bytes(name: str, rng: random.Random) -> bytes:
    """Change one to four places: a bit, a byte, a word, or a word taken from elsewhere; cut some files off."""
    data, positions = model_bytes(name), _structure(name)
    broken = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        at = min(rng.choice(positions), len(data) - 4)
        word = rng.choice(
            (
                struct.unpack_from("<I", broken, at)[0] ^ (1 << rng.randrange(8)),
                struct.unpack_from("<I", broken, at)[0] & ~0xFF | rng.randrange(256),
                rng.choice(WORDS),
                struct.unpack_from("<I", broken, min(rng.choice(positions), len(data) - 4))[0],
            )
        )
        struct.pack_into("<I", broken, at, word)
    return bytes(broken[: rng.randrange(len(broken))] if rng.random() < 0.02 else broken)


def by_fields(name: str, rng: random.Random) -> bytes:
    """Change one to three fields of a sound model: it stays a sound flatbuffer that says something else."""
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(model_bytes(name), 0))
    for place, buffer in enumerate(model.buffers):
        model.buffers[place] = _Buffer()
        model.buffers[place].data = buffer.data
    fields, count, written = [*_fields(model)], rng.randint(1, 3), b""
    while count > 0:
        owner, key = rng.choice(fields)
        before = getattr(owner, key)
        setattr(owner, key, _changed(before, rng))
        try:
            written, count = pack(model), count - 1
        except UNWRITABLE:
            setattr(owner, key, before)
    return written


#: How models are damaged, by name.
MUTATIONS: dict[str, Mutate] = {"bytes": by_bytes, "fields": by_fields}


@cache
def _structure(name: str) -> list[int]:
    """Positions of all bytes that are not constants: damage to weights is another model, not a damaged one."""
    data = model_bytes(name)
    base = _address(np.frombuffer(data, np.uint8))
    inside = np.zeros(len(data), bool)
    for tensor in import_tflite(data, "sound").tensors.values():
        if tensor.data is not None:
            start = _address(tensor.data) - base
            inside[start : start + tensor.nbytes] = True
    return [int(position) for position in np.flatnonzero(~inside)]


def _address(array: np.ndarray) -> int:
    return int(array.__array_interface__["data"][0])


def _fields(model: Any) -> Iterator[tuple[Any, str]]:
    """Give every field that a graph is made of: (object, attribute)."""
    graph = model.subgraphs[0]
    yield from ((graph, key) for key in ("inputs", "outputs", "operators", "tensors"))
    yield from ((code, "builtinCode") for code in model.operatorCodes)
    yield from ((model, key) for key in ("version", "operatorCodes", "buffers", "subgraphs"))
    for tensor in graph.tensors:
        yield from ((tensor, key) for key in ("shape", "type", "buffer", "quantization", "isVariable"))
        if tensor.quantization is not None:
            yield from ((tensor.quantization, key) for key in ("scale", "zeroPoint", "quantizedDimension"))
    for operator in graph.operators:
        yield from ((operator, key) for key in ("opcodeIndex", "inputs", "outputs", "builtinOptions"))
        options = operator.builtinOptions
        yield from ((options, key) for key in (vars(options) if options is not None else ()))
    yield from ((buffer, "data") for buffer in model.buffers if buffer.data is not None)


def _changed(value: Any, rng: random.Random) -> Any:
    """Give another value of the same kind: numbers at the edges, lists with an item more, less, changed or moved."""
    for kind, change in CHANGES.items():
        if isinstance(value, kind):
            return change(value, rng)
    return None


def _other_list(items: Any, rng: random.Random) -> list[Any]:
    changed = list(items)
    at, other = rng.randrange(len(changed) + 1), rng.randrange(len(changed) + 1)
    if rng.random() < 0.3 or not changed:
        return changed[:at]
    at, other = at % len(changed), other % len(changed)
    if rng.random() < 0.5:
        changed[at], changed[other] = changed[other], changed[at]
    elif rng.random() < 0.5:
        changed.insert(other, changed[at])
    elif isinstance(changed[at], (int, float, np.number)):
        changed[at] = _changed(changed[at], rng)
    return changed


def _other_array(items: np.ndarray, rng: random.Random) -> Any:
    """Buffers stay arrays, because lists of their bytes are slow; short ones and numbers of tensors are lists."""
    return items[: rng.randrange(items.size + 1)] if items.size > 64 else _other_list(items.tolist(), rng)


CHANGES: dict[Any, Callable[[Any, random.Random], Any]] = {
    bool: lambda value, _: not value,
    (int, np.integer): lambda value, rng: rng.choice((value + 1, value - 1, *NUMBERS)),
    (float, np.floating): lambda _, rng: rng.choice(FLOATS),
    np.ndarray: _other_array,
    list: _other_list,
}
