"""Tables of figures as a page of the docs."""

from __future__ import annotations

from collections.abc import Sequence

from tinypack.profile.page import Cell, Comparison

COMMAND = "python -m benchmarks.models --page docs/benchmarks.md"
INTRODUCTION = """\
# Benchmarks

<!-- Written by `{command}`. -->
Real models on emulated boards, beside TensorFlow Lite Micro with CMSIS-NN on the same board (its figures are in
`benchmarks/baselines.toml`) and the limits that tinypack sets itself. `make bench` measures again, and draws each
model's layers. What each number is: [profile.md](profile.md); cycles: [cycles.md](cycles.md). {compiler}.
"""


def markdown_page(comparisons: Sequence[Comparison], compiler: str) -> str:
    """Write all tables below each other."""
    parts = [INTRODUCTION.format(command=COMMAND, compiler=compiler)]
    return "\n".join([*parts, *map(_table, comparisons)])


def _table(comparison: Comparison) -> str:
    rules = [":--" if i < 2 else "--:" for i in range(len(comparison.columns))]
    rows = [[_text(cell) for cell in row] for row in comparison.rows]
    lines = [f"| {' | '.join(cells)} |" for cells in (comparison.columns, rules, *rows)]
    return f"## {comparison.title}\n\n{comparison.about}\n\n" + "\n".join(lines) + "\n"


def _text(cell: Cell) -> str:
    return cell.text + {True: " ✓", False: " ✗", None: ""}[cell.good]
