"""Read a .tflite file into a Graph, as TensorFlow Lite Micro reads it, without trusting a byte of it.

A damaged flatbuffer ends the reading at once. Whatever contradicts itself in a sound one is collected and reported
together. What is sound but beyond tinypack goes into the Graph, and the compiler reports it with its own findings.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tinypack.errors import TinypackError
from tinypack.graph import Graph, Node, Tensor
from tinypack.importers import tflite_schema as schema
from tinypack.importers.flatbuffer import EMPTY, I8, I32, U8, U32, Reader, Table
from tinypack.importers.flexbuffer import read_numbers
from tinypack.importers.tflite_tensors import (
    FIXED_SHAPE_HINT,
    MOST_TENSOR_BYTES,
    Findings,
    clean,
    is_open,
    nbytes,
    read_tensor,
    some,
)

#: Of all constants together, counted once for every node that reads them: compiling takes time in proportion.
MOST_CONSTANT_BYTES = 256 << 20


def import_tflite(data: bytes, where: str) -> Graph:
    """Read a model; `where` names it in messages.

    Raises: TinypackError (bad-model, bad-quantization) with every finding
    """
    model = Reader(data, where).root(schema.IDENTIFIER)
    version = model.integer(schema.MODEL_VERSION, U32)
    if version != schema.VERSION:
        raise TinypackError.one("bad-model", where, f"the schema version must be {schema.VERSION}", str(version))
    subgraphs = model.tables(schema.MODEL_SUBGRAPHS)
    if not len(subgraphs):
        raise TinypackError.one("bad-model", where, "a model needs a subgraph", "none")
    findings = Findings(where)
    if len(subgraphs) > 1:
        names = [clean(table.string(schema.SUBGRAPH_NAME)) for table in subgraphs]
        findings.beyond(
            "the model", "it must have one subgraph", some(names), "convert without IF, WHILE and CALL_ONCE"
        )
    graph = _Subgraph(model, subgraphs[0], findings).read()
    if findings.problems:
        raise TinypackError(findings.problems)
    return graph


class _Subgraph:
    """Reads a subgraph in the order in which its parts depend on each other; `findings` collects what is wrong."""

    def __init__(self, model: Table, table: Table, findings: Findings) -> None:
        self.table = table
        self.findings = findings
        self.rows = table.tables(schema.SUBGRAPH_TENSORS)
        self.buffers = model.tables(schema.MODEL_BUFFERS)
        self.codes = [self._operator(i, code) for i, code in enumerate(model.tables(schema.MODEL_OPERATOR_CODES))]

    def read(self) -> Graph:
        operators = self.table.tables(schema.SUBGRAPH_OPERATORS)
        nodes = [self._node(i, operator) for i, operator in enumerate(operators)]
        inputs, outputs = self._ports(schema.SUBGRAPH_INPUTS, "input"), self._ports(schema.SUBGRAPH_OUTPUTS, "output")
        used = {*inputs, *outputs}.union(*(node.inputs for node in nodes), *(node.outputs for node in nodes)) - {-1}
        read = (read_tensor(key, self.rows[key], self.buffers, self.findings) for key in sorted(used))
        tensors = {tensor.index: tensor for tensor in read if tensor is not None}
        self._check_ports(inputs, outputs, tensors)
        # A tensor that could not be read would only be reported again.
        if len(tensors) == len(used):
            self._check_flow(nodes, inputs, outputs, tensors)
            self._check_constants(nodes, tensors)
        return Graph(
            name=clean(self.table.string(schema.SUBGRAPH_NAME)) or "main",
            tensors=tensors,
            nodes=tuple(nodes),
            inputs=inputs,
            outputs=outputs,
            unsupported=tuple(self.findings.unsupported),
        )

    def _operator(self, index: int, code: Table) -> str:
        # Codes above 126 have a field of their own; old files have only the old one.
        number = max(code.integer(schema.CODE_DEPRECATED, I8), code.integer(schema.CODE_BUILTIN, I32))
        if not 0 <= number < len(schema.OPERATORS):
            self.findings.bad(f"operator code {index}", "it must be one of the schema", str(number))
            return f"BUILTIN:{number}"
        name = schema.OPERATORS[number]
        return f"CUSTOM:{clean(code.string(schema.CODE_CUSTOM))}" if name == "CUSTOM" else name

    def _node(self, index: int, table: Table) -> Node:
        code = table.integer(schema.OPERATOR_CODE, U32)
        place = f"node {index}"
        if code >= len(self.codes):
            self.findings.bad(place, "the operator code must be in the file", f"{code} of {len(self.codes)}")
            return Node(index, "", (), ())
        op = self.codes[code]
        place = f"{place} {op}"
        inputs = self._indices(table.integers(schema.OPERATOR_INPUTS, I32), f"{place}: inputs", optional=True)
        outputs = self._indices(table.integers(schema.OPERATOR_OUTPUTS, I32), f"{place}: outputs")
        return Node(index, op, inputs, outputs, self._options(op, table, place))

    def _options(self, op: str, table: Table, place: str) -> Mapping[str, Any]:
        known = schema.OPTIONS.get(op)
        if known is None:
            return self._custom_options(table, place) if op.startswith(schema.READ_CUSTOM) else {}
        union_type = table.integer(schema.OPERATOR_OPTIONS_TYPE, U8)
        if union_type not in (0, known.union_type):
            self.findings.bad(place, f"the option table must be of type {known.union_type}", str(union_type))
            return {}
        given = table.table(schema.OPERATOR_OPTIONS) if union_type else None
        options: dict[str, Any] = {}
        for name, field in known.fields.items():
            try:
                options[name] = field.read(given or EMPTY)
            except ValueError as reason:
                self.findings.bad(place, f"option {name} must have a value of the schema", str(reason))
        return options

    def _custom_options(self, table: Table, place: str) -> Mapping[str, int]:
        try:
            return read_numbers(table.data(schema.OPERATOR_CUSTOM))
        except ValueError as reason:
            self.findings.bad(place, "custom options must be a flexbuffer, a map of whole numbers", str(reason))
            return {}

    def _ports(self, slot: int, kind: str) -> tuple[int, ...]:
        keys = self._indices(self.table.integers(slot, I32), f"the model's {kind}s")
        if not keys:
            self.findings.bad("the model", f"it needs at least one {kind}", "none")
        return keys

    def _indices(self, keys: tuple[int, ...], place: str, optional: bool = False) -> tuple[int, ...]:
        """Keep the indices that are in range, and report the others."""
        least = -1 if optional else 0
        wrong = [key for key in keys if not least <= key < len(self.rows)]
        if wrong:
            self.findings.bad(place, f"a tensor's index must be below {len(self.rows)}", some(wrong))
        return tuple(key for key in keys if least <= key < len(self.rows))

    def _check_ports(self, inputs: tuple[int, ...], outputs: tuple[int, ...], tensors: Mapping[int, Tensor]) -> None:
        for position, key in enumerate(inputs):
            place = f"input {position}"
            if key in inputs[:position]:
                self.findings.bad(place, "an input must be given once", f"tensor {key} twice")
            if key in tensors and tensors[key].is_constant:
                self.findings.bad(place, "an input must not be a constant", f'tensor {key} "{tensors[key].name}"')
            if is_open(self.rows[key]):
                shape = self.rows[key].integers(schema.TENSOR_SHAPE, I32)
                self.findings.bad(place, "every size but the batch must be fixed", some(shape), FIXED_SHAPE_HINT)
        total = sum(nbytes(tensors[key].shape, tensors[key].dtype) for key in (*inputs, *outputs) if key in tensors)
        if total > MOST_TENSOR_BYTES:
            rule = f"inputs and outputs together may have up to {MOST_TENSOR_BYTES} bytes"
            self.findings.bad("the model", rule, f"{total} bytes")

    def _check_flow(
        self, nodes: list[Node], inputs: tuple[int, ...], outputs: tuple[int, ...], tensors: Mapping[int, Tensor]
    ) -> None:
        """Check that everything is written once, and before it is read: so there are no cycles either."""
        given = {key for key, tensor in tensors.items() if tensor.is_constant} | {*inputs} | self._variables(tensors)
        written: set[int] = set()
        for node in nodes:
            place = f"node {node.index} {node.op}"
            early = [key for key in node.inputs if key >= 0 and key not in given and key not in written]
            if early:
                rule = "a node may read constants, inputs, and what earlier nodes write"
                self.findings.bad(place, rule, f"tensors {some(early)}")
            again = [i for i, key in enumerate(node.outputs) if key in given | written or key in node.outputs[:i]]
            if again:
                rule = "a node must write tensors of its own"
                self.findings.bad(place, rule, f"tensors {some([node.outputs[i] for i in again])}")
            written.update(node.outputs)
        missing = [key for key in outputs if key not in written]
        if missing:
            self.findings.bad("the model's outputs", "a node must write each of them", f"tensors {some(missing)}")

    def _variables(self, tensors: Mapping[int, Tensor]) -> set[int]:
        return {key for key in tensors if self.rows[key].integer(schema.TENSOR_VARIABLE, U8)}

    def _check_constants(self, nodes: list[Node], tensors: Mapping[int, Tensor]) -> None:
        data = (tensors[key].data for node in nodes for key in node.inputs if key >= 0)
        total = sum(array.nbytes for array in data if array is not None)
        if total > MOST_CONSTANT_BYTES:
            rule = f"the nodes together may read up to {MOST_CONSTANT_BYTES} bytes of constants"
            self.findings.bad("the model", rule, f"{total} bytes")
