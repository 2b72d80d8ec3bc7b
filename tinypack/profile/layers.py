"""Which layer executed what: by the instructions of <prefix>_invoke, and the source lines that these are of."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from elftools.elf.elffile import ELFFile
from elftools.elf.sections import SymbolTableSection

from tinypack.compile.program import Step
from tinypack.package import Content
from tinypack.profile.counts import Executions, Part, add

DONE = re.compile(r"\bNODE_DONE\((\d+),")


@dataclass(frozen=True)
class Layer:
    """A node that computes something on the device."""

    node: int | None  # None: what <prefix>_invoke executes around its calls
    op: str
    name: str
    output_shape: tuple[int, ...]
    macs: int  # that are computed
    executions: Executions
    cycles: int | None = None  # estimated, where the core's pipeline is described
    model_macs: int = 0  # of the model's own layer, with the channels that never change

    @property
    def instructions(self) -> int:
        return self.executions.total

    @property
    def per_mac(self) -> float:
        return self.instructions / max(self.macs, 1)


def split_layers(part: Part, elf: Path, content: Content) -> list[Layer]:
    """Give what each layer executed, in the order of the calls, and what lies around them at the end."""
    prefix = content.names.prefix
    source = f"{prefix}_model.c"
    nodes = node_lines(content.sources[f"{prefix}/{source}"], f"{prefix}_invoke")
    lines = source_lines(elf, source)
    addresses = sorted(lines)
    of_node: dict[int | None, list[Executions]] = {step.node.index: [] for step in content.program.steps}
    around: list[Executions] = []
    for site, executions in part.sites.items():
        before = bisect_right(addresses, site) - 1
        node = nodes.get(lines[addresses[before]]) if before >= 0 and site else None
        of_node.get(node, around).append(executions)
    layers = [_layer(step, content, add(of_node[step.node.index])) for step in content.program.steps]
    return [*layers, Layer(None, "", "around the calls", (), 0, add(around))]


def node_lines(text: str, function: str) -> dict[int, int]:
    """Map lines of the model's source to nodes: those of a node's calls end where it is done."""
    found: dict[int, int] = {}
    pending: list[int] = []
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        inside = (inside or re.match(rf"int {function}\(", line) is not None) and line != "}"
        done = DONE.search(line) if inside else None
        pending = [*pending, number] if inside and line.strip() else []
        if done:
            found |= dict.fromkeys(pending, int(done[1]))
            pending = []
    return found


def source_lines(elf: Path, source: str) -> dict[int, int]:
    """Map addresses to the lines of one source file; what is inlined from elsewhere belongs to the line before."""
    with elf.open("rb") as file:
        units = ELFFile(file).get_dwarf_info()
        for unit in units.iter_CUs():
            name = unit.get_top_DIE().attributes["DW_AT_name"].value.decode()
            if Path(name).name == source:
                return dict(_rows(units.line_program_for_CU(unit), source))
    return {}


def _rows(program: Any, source: str) -> Iterator[tuple[int, int]]:
    first = 0 if program["version"] >= 5 else 1  # number of the first file: DWARF's versions differ
    files = [Path(entry.name.decode()).name for entry in program["file_entry"]]
    rows = (entry.state for entry in program.get_entries() if entry.state is not None)
    return ((row.address, row.line) for row in rows if row.line and files[row.file - first] == source)


def functions(executions: Executions, elf: Path) -> dict[str, int]:
    """Say how many instructions each function executed, those that it calls not among them; most first."""
    with elf.open("rb") as file:
        table = ELFFile(file).get_section_by_name(".symtab")
        symbols = table.iter_symbols() if isinstance(table, SymbolTableSection) else ()
        found = {s["st_value"] & ~1: s.name for s in symbols if s["st_info"]["type"] == "STT_FUNC"}
    starts = sorted(found)
    counts: dict[str, int] = {}
    for address, times in executions.by_address.items():
        name = found[starts[bisect_right(starts, address) - 1]]
        counts[name] = counts.get(name, 0) + times
    return dict(sorted(counts.items(), key=lambda item: -item[1]))


def _layer(step: Step, content: Content, executions: Executions) -> Layer:
    graph = content.program.graph
    output = graph.output(step.node)
    about = step.node.index, step.node.op, output.name, output.shape
    return Layer(*about, step.macs, executions, model_macs=step.model_macs)
