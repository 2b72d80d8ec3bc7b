"""A chain of feature or decision blocks as C: its parameters, its state, its scratch memory and its calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tinypack.compile.plan import Buffer, plan
from tinypack.compile.tables import Tables
from tinypack.features.protocol import Array, Chain


@dataclass(frozen=True)
class Field:
    """A member of the caller's state."""

    ctype: str
    name: str
    length: int


@dataclass(frozen=True)
class CallText:
    comment: str
    text: str


@dataclass(frozen=True)
class Scratch:
    """Where the arrays of a chain lie while it runs, in bytes."""

    offsets: Mapping[str, int]
    size: int
    alignment: int


@dataclass(frozen=True)
class ChainText:
    fields: tuple[Field, ...]
    calls: tuple[CallText, ...]
    kernels: tuple[str, ...]
    scratch: Scratch


def chain_text(
    chain: Chain, label: str, tables: Tables, given: Mapping[str, str], scratch: str = "scratch"
) -> ChainText:
    """Lay out a chain as calls over `scratch`, a pointer to bytes; `label` begins the names of all that is defined.

    `given` says by which C expressions arrays are reached that lie elsewhere.
    """
    memory = plan_scratch(chain, frozenset(given))
    arrays = chain.arrays

    def pointer(name: str, const: str = "") -> str:
        if name in given:
            return given[name]
        return f"({const}{arrays[name].ctype} *)({const}void *)({scratch} + {memory.offsets[name]})"

    fields: list[Field] = []
    calls: list[CallText] = []
    for i, step in enumerate(chain.steps):
        block, name = step.block, f"{label}_{i}"
        tables.params(block.KERNEL, name, block.params())
        mine = [Field(a.ctype, f"{name}_state" + f"_{j}" * (j > 0), a.length) for j, a in enumerate(block.state)]
        arguments = [f"&{name}", *(f"self->{field.name}" for field in mine)]
        arguments += [pointer(read, "const ") for read in step.reads] + [pointer(written) for written in step.writes]
        shapes = f"{_shapes(block.inputs)} -> {_shapes(block.outputs)}"
        calls.append(CallText(f"{block.BRIEF}: {shapes}", f"tp_{block.KERNEL}({', '.join(arguments)});"))
        fields += mine
    kernels = tuple(sorted({step.block.KERNEL for step in chain.steps}))
    return ChainText(tuple(fields), tuple(calls), kernels, memory)


def plan_scratch(chain: Chain, elsewhere: frozenset[str]) -> Scratch:
    """Place a chain's arrays but for those that lie elsewhere."""
    arrays = {name: array for name, array in chain.arrays.items() if name not in elsewhere}
    first = dict.fromkeys(arrays, -1)
    last = dict.fromkeys(arrays, -1)
    home = {name: name for name in arrays}
    for i, step in enumerate(chain.steps):
        for name in step.writes:
            first[name] = last[name] = i
        last |= {name: i for name in step.reads if name in arrays}
    last |= {chain.output: len(chain.steps)} if chain.output in arrays else {}
    for i, step in enumerate(chain.steps):
        source, target = step.reads[0], step.writes[0]
        if step.block.IN_PLACE and source in arrays and target in arrays and last[source] == i:
            home[target] = home[source]
    names = list(arrays)
    roots = [name for name in names if home[name] == name]
    sharers = {root: [name for name in names if home[name] == root] for root in roots}
    alignment = max((array.itemsize for array in arrays.values()), default=1)
    buffers = [
        Buffer(
            key=names.index(root),
            size=max(arrays[name].nbytes for name in group),
            first=min(first[name] for name in group),
            last=max(last[name] for name in group),
            alignment=alignment,
        )
        for root, group in sharers.items()
    ]
    offsets, size = plan(buffers)
    return Scratch({name: offsets[names.index(home[name])] for name in names}, size, alignment)


def _shapes(arrays: tuple[Array, ...]) -> str:
    return ", ".join(f"{array.ctype.removesuffix('_t')} [{array.length}]" for array in arrays)
