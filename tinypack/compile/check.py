"""Can this graph be compiled? Every operator is asked, and every finding is reported at once."""

from __future__ import annotations

import inspect

from tinypack.errors import Problem, TinypackError
from tinypack.graph import Graph, Node
from tinypack.ops import OPS, Operator

HINT = "see docs/operators.md for what is supported; `tinypack operators` lists it"


def check(graph: Graph) -> None:
    """Check every node against its operator's constraints and shape rule.

    Raises: TinypackError with every finding
    """
    problems: list[Problem] = []
    for node in graph.nodes:
        problems += check_node(node, graph)
    for key in graph.outputs:
        if graph.tensors[key].is_constant:
            where = f'output "{graph.tensors[key].name}"'
            problems.append(Problem("bad-model", where, "an output must depend on an input", "a constant"))
    if problems:
        raise TinypackError(problems)


def check_node(node: Node, graph: Graph) -> list[Problem]:
    """Every finding about one node; the shape rule is asked only where all constraints hold."""
    operator = OPS.get(node.op)
    where = graph.describe(node)
    if operator is None:
        return [Problem("unsupported-op", where, "the operator must be one that tinypack compiles", node.op, HINT)]
    problems: list[Problem] = []
    try:
        for constraint in operator.CONSTRAINTS:
            found = constraint(node, graph)
            if found is not None:
                problems.append(Problem("unsupported-op", where, inspect.getdoc(constraint) or "", found, HINT))
    except TinypackError as error:
        problems += error.problems
    return problems or _check_shape(operator, node, graph, where)


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
