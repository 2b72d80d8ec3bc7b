"""Can this graph be compiled? Every operator is asked, and every finding is reported at once."""

from __future__ import annotations

import inspect

from tinypack.compile.passes import known_tensors
from tinypack.errors import Problem, TinypackError
from tinypack.graph import DTYPES, Graph, Node
from tinypack.ops import OPS, Operator

#: Where floats may be: they enter a model by QUANTIZE and leave it by DEQUANTIZE.
FLOAT_EDGES = {("QUANTIZE", "input"), ("DEQUANTIZE", "output")}


def check(graph: Graph) -> None:
    """Check every node against its operator's constraints and shape rule.

    Raises: TinypackError with every finding
    """
    problems = list(graph.unsupported)
    known = known_tensors(graph)
    for node in graph.nodes:
        problems += check_node(node, graph)
        if getattr(OPS.get(node.op), "FOLD_ONLY", False) and not known.issuperset(node.outputs):
            rule = "its inputs must be known when the model is built: constants and shapes"
            problems.append(Problem("unsupported-op", graph.describe(node), rule, "computed inputs"))
    for key in graph.outputs:
        if key in known:
            where = f'output "{graph.tensors[key].name}"'
            problems.append(Problem("bad-model", where, "an output must depend on an input", "a constant"))
    if problems:
        raise TinypackError(problems)


def check_node(node: Node, graph: Graph) -> list[Problem]:
    """Every finding about one node; each rule is asked only where those that it builds on hold."""
    operator = OPS.get(node.op)
    where = graph.describe(node)
    floats = _check_floats(node, graph, where)
    if operator is None:
        rule = "the operator must be one that tinypack compiles"
        return [*floats, Problem("unsupported-op", where, rule, node.op)]
    if len(node.outputs) != 1:
        return [*floats, Problem("bad-model", where, "the operator must have one output", str(len(node.outputs)))]
    return (
        floats
        or _check_types(node, graph, where)
        or _check_constraints(operator, node, graph, where)
        or _check_shape(operator, node, graph, where)
    )


def _operands(node: Node, graph: Graph) -> list[tuple[str, str, int]]:
    """Type, "input" or "output", and position of each tensor of a node."""
    sides = (("input", node.inputs), ("output", node.outputs))
    return [(graph.tensors[key].dtype, side, i) for side, keys in sides for i, key in enumerate(keys) if key >= 0]


def _check_floats(node: Node, graph: Graph, where: str) -> list[Problem]:
    found = [
        f"{dtype} {side} {position}"
        for dtype, side, position in _operands(node, graph)
        if "float" in dtype and not (dtype == "float32" and (node.op, side) in FLOAT_EDGES)
    ]
    rule = "the model must be int8: floats may only enter by QUANTIZE and leave by DEQUANTIZE"
    return [Problem("not-quantized", where, rule, ", ".join(found))] if found else []


def _check_types(node: Node, graph: Graph, where: str) -> list[Problem]:
    found = [f"{dtype} {side} {position}" for dtype, side, position in _operands(node, graph) if dtype not in DTYPES]
    rule = f"types must be among {', '.join(DTYPES)}"
    return [Problem("unsupported-op", where, rule, ", ".join(found))] if found else []


def _check_constraints(operator: Operator, node: Node, graph: Graph, where: str) -> list[Problem]:
    problems: list[Problem] = []
    try:
        for constraint in operator.CONSTRAINTS:
            found = constraint(node, graph)
            if found is not None:
                problems.append(Problem("unsupported-op", where, inspect.getdoc(constraint) or "", found))
    except TinypackError as error:
        problems += error.problems
    return problems


def _check_shape(operator: Operator, node: Node, graph: Graph, where: str) -> list[Problem]:
    declared = graph.output(node).shape
    try:
        computed = tuple(operator.output_shape(node, graph))
    except ValueError as reason:
        return [Problem("bad-model", where, "the inputs' shapes must go together", str(reason))]
    except TinypackError as error:
        return list(error.problems)
    if computed == tuple(declared):
        return []
    rule = f"the output's shape must be {list(computed)}, as the inputs and options give"
    return [Problem("bad-model", where, rule, str(list(declared)))]
