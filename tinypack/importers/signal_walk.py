"""A front end in the making: the chain of a graph's nodes so far, and what each tensor stands for."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NoReturn, TypeVar

import numpy as np

from tinypack.errors import TinypackError
from tinypack.features.extractor import FrontEnd
from tinypack.features.protocol import Array, Block, Chain, Step
from tinypack.graph import Graph, Node, Tensor
from tinypack.importers.signal_values import Computed, Energy, Part, Rescaled, Value

HINT = "docs/features/microfrontend.md says which graphs of Signal operators are imported"
MOST_SAMPLES, MOST_BLOCKS = 4096, 64
VIEWS = ("RESHAPE", "SQUEEZE")
#: Arrays of blocks that are wider than the tensors that they stand for: (type of the tensor, of the array).
WIDENED = {("int16", "int32_t")}

V = TypeVar("V", Computed, Energy, Part, Rescaled)


@dataclass
class Walk:
    """The chain that has been made of the nodes so far, and what each tensor stands for."""

    graph: Graph
    chain: Chain = field(init=False)
    values: dict[int, Value] = field(default_factory=dict)
    features: tuple[Tensor, Rescaled] | None = None  # at the end

    def __post_init__(self) -> None:
        first, *others = (self.graph.tensors[key] for key in self.graph.inputs)
        if others or first.dtype != "int16" or first.elements > MOST_SAMPLES:
            rule = f"the input of Signal operators must be one frame of up to {MOST_SAMPLES} int16 samples"
            found = f"{len(others) + 1} inputs, the first {first.dtype} {list(first.shape)}"
            raise TinypackError.one("unsupported-op", "the model", rule, found, HINT)
        self.chain = Chain({"samples": Array("int16_t", first.elements)}, (), "samples")
        self.values[first.index] = Computed("samples")

    def fail(self, node: Node, rule: str, found: str, code: str = "unsupported-op") -> NoReturn:
        raise TinypackError.one(code, self.graph.describe(node), rule, found, HINT)

    def value(self, node: Node, position: int, kind: type[V], source: str) -> V:
        """Give what an input stands for, which must be of a kind."""
        found = self.values.get(self.graph.operand(node, position).index)
        if not isinstance(found, kind):
            self.fail(node, f"input {position} must come {source}", "something else")
        return found

    def computed(self, node: Node, position: int = 0) -> str:
        return self.value(node, position, Computed, "from the samples or a Signal operator").name

    def constant(self, node: Node, position: int, dtype: str) -> np.ndarray:
        tensor = self.graph.operand(node, position)
        if tensor.data is None or tensor.dtype != dtype:
            found = f"{'computed' if tensor.data is None else 'constant'} {tensor.dtype}"
            self.fail(node, f"input {position} must be constant {dtype}", found)
        values: np.ndarray = tensor.data.reshape(-1)
        return values

    def option(self, node: Node, name: str, least: int, most: int) -> int:
        value = node.options.get(name)
        if value is None or not least <= value <= most:
            self.fail(node, f"option {name} must be {least} to {most}", "none" if value is None else str(value))
        return int(value)

    def add(self, node: Node, block: Block, *reads: str) -> None:
        """Put a block behind that writes the node's outputs; its arrays must be as the tensors are."""
        for name, array in zip(reads, block.inputs, strict=True):
            if self.chain.arrays[name] != array:
                self._mismatch(node, array, str(self.chain.arrays[name]))
        if len(node.outputs) != len(block.outputs):
            self.fail(node, f"there must be {len(block.outputs)} outputs", str(len(node.outputs)), "bad-model")
        for position, array in enumerate(block.outputs):
            tensor = self.graph.output(node, position)
            same = f"{tensor.dtype}_t" == array.ctype or (tensor.dtype, array.ctype) in WIDENED
            if tensor.elements != array.length or not same:
                self._mismatch(node, array, f"{tensor.dtype} {list(tensor.shape)}")
            self.values[tensor.index] = Computed(f"t{tensor.index}")
        self.insert(block, reads, tuple(f"t{key}" for key in node.outputs))
        if len(self.chain.steps) > MOST_BLOCKS:
            self.fail(node, f"a front end may have up to {MOST_BLOCKS} blocks", "more")

    def insert(self, block: Block, reads: tuple[str, ...], writes: tuple[str, ...]) -> None:
        self.chain = Chain(self.chain.inputs, (*self.chain.steps, Step(block, reads, writes)), writes[0])

    def front_end(self, rate: float, hop: int) -> FrontEnd:
        assert self.features is not None
        tensor, rescaled = self.features
        frame = self.chain.inputs["samples"].length
        unit, zero_point = (rescaled.divisor or 1) / rescaled.multiplier, rescaled.offset
        if tensor.quantization:
            unit, zero_point = tensor.quantization.scale, tensor.quantization.zero_point
        return FrontEnd(self.chain, rate, 1, frame, hop or frame, (tensor.elements,), unit, zero_point)

    def take_quantisation(self, nodes: tuple[Node, ...]) -> None:
        """Let features have the quantisation under which the nodes behind read them: CAST gives none to its output."""
        assert self.features is not None
        tensor, rescaled = self.features
        key, found = tensor.index, tensor.quantization
        for node in nodes:
            if found is None and node.op in VIEWS and node.outputs and node.inputs[:1] == (key,):
                key = node.outputs[0]
                found = self.graph.tensors[key].quantization
        self.features = replace(tensor, quantization=found), rescaled

    def rest(self, nodes: tuple[Node, ...]) -> Graph:
        """Give the graph of the nodes behind, whose input are the features."""
        assert self.features is not None
        key = self.features[0].index
        keys = {key, *self.graph.outputs, *(k for node in nodes for k in (*node.inputs, *node.outputs) if k >= 0)}
        for node in nodes:
            inner = [k for k in node.inputs if k in self.values and k != key]
            if inner:
                self.fail(node, "behind a front end only its features may be read", f"tensors {inner}")
        if any(k in self.values and k != key for k in self.graph.outputs):
            raise TinypackError.one("unsupported-op", "the model", "outputs must lie behind the features", "others")
        tensors = {k: self.graph.tensors[k] for k in sorted(keys)} | {key: self.features[0]}
        first = len(self.graph.nodes) - len(nodes)
        return replace(self.graph, tensors=tensors, nodes=nodes, inputs=(key,), first=first)

    def _mismatch(self, node: Node, wanted: Array, found: str) -> NoReturn:
        self.fail(node, f"shapes must go together: {wanted.ctype} [{wanted.length}]", found, "bad-model")
