"""What of a package lies in flash and in static RAM, read from the linker's maps."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tinypack.ops import OPS
from tinypack.package import Content
from tinypack.profile.build import PACKAGE, PROGRAM, STATE, Programs
from tinypack.verify.firmware import read_firmware

#: An input section of a map: name (alone on its line where it is long), address, size, file.
SECTION = re.compile(r"^ (\.\S+|COMMON)\s+0x[0-9a-f]+\s+0x([0-9a-f]+) (\S.*)$", re.MULTILINE)
PLACED = "\nLinker script and memory map\n"  # before it, a map lists what was left out
CODE, CONSTANTS = (".text", ".literal", ".ARM.ex"), (".rodata", ".srodata")
INITIALISED, ZEROED = (".data", ".sdata"), (".bss", ".sbss", "COMMON")
#: A table of a node's call, as compile/emit.py names it; without a last word it is the struct of parameters.
TABLE = re.compile(r"\.s?rodata\.node_(\d+)(?:_\d+)?_[a-z]\w*$")
REQUANTISATION = 5  # bytes of an output channel: a multiplier and a shift


@dataclass(frozen=True)
class Section:
    name: str
    bytes: int
    file: str


@dataclass(frozen=True)
class Flash:
    """Bytes by what they are for. `startup` is a whole program that does nothing."""

    weights: int  # tables of nodes with weights: these, biases, requantisation
    tables: int  # all other constants, structs of parameters among them
    kernels: int
    library: int  # of the compiler, beyond what a program needs that does nothing
    glue: int  # the model's own code, and what aligns all of these
    startup: int

    @property
    def package(self) -> int:
        """What the package adds to a program."""
        return self.weights + self.tables + self.kernels + self.library + self.glue


@dataclass(frozen=True)
class Ram:
    """Bytes of a program's RAM."""

    arena: int
    state: int  # with the arena in it
    static: int  # other data of the package
    stack: int  # at the worst point of an inference

    @property
    def total(self) -> int:
        return self.state + self.static + self.stack


def read_map(text: str) -> list[Section]:
    """Give the sections that a linker placed."""
    joined = re.sub(r"^( \.\S+)\n\s+", r"\1 ", text.partition(PLACED)[2], flags=re.MULTILINE)
    found = [Section(name, int(size, 16), file) for name, size, file in SECTION.findall(joined)]
    return [section for section in found if section.bytes]


def split_flash(programs: Programs, content: Content) -> Flash:
    """Say what of the least program lies in flash."""
    empty = read_firmware(programs.empty.elf, "").flash_bytes
    total = read_firmware(programs.least.elf, "").flash_bytes
    placed = [s for s in _added(programs) if s.name.startswith((*CODE, *CONSTANTS, *INITIALISED))]
    sizes: Counter[str] = Counter()
    weighted = {step.node.index for step in content.program.steps if _has_weights(step.node.index, content)}
    for section in placed:
        sizes[_purpose(section, f"{content.names.prefix}_model.o", weighted)] += section.bytes
    known = {name: sizes[name] for name in ("weights", "tables", "kernels", "library")}
    return Flash(**known, glue=total - empty - sum(known.values()), startup=empty)


def measure_ram(programs: Programs, content: Content, stack: int) -> Ram:
    """Say what RAM the least program takes, and how its inference uses the stack."""
    added = [section for section in _added(programs) if section.name.startswith((*INITIALISED, *ZEROED))]
    state = sum(s.bytes for s in added if s.name.endswith(f".{STATE}") and Path(s.file).parent.name == PROGRAM)
    static = sum(section.bytes for section in added if Path(section.file).parent.name != PROGRAM)
    return Ram(content.program.arena_bytes, state, static, stack)


def weight_bytes(content: Content) -> int:
    """Bytes that a model's own numbers take: weights, biases, 5 B of requantisation for each output channel.

    It is what "beyond weights" is counted from, so layers quantised as a whole count by channels, too.
    """
    graph = content.program.graph
    weighted = [step.node for step in content.program.steps if _has_weights(step.node.index, content)]
    keys = {key for node in weighted for key in node.inputs if key >= 0 and graph.tensors[key].is_constant}
    channels = sum(graph.output(node).shape[-1] for node in weighted)
    return sum(graph.tensors[key].nbytes for key in keys) + REQUANTISATION * channels


def _has_weights(index: int, content: Content) -> bool:
    graph = content.program.graph
    node = next(node for node in graph.nodes if node.index == index)
    multiplies = OPS[node.op].macs(node, graph) > 0
    return multiplies and any(key >= 0 and graph.tensors[key].is_constant for key in node.inputs)


def _added(programs: Programs) -> list[Section]:
    """Give the sections that the least program has and the empty one has not."""
    least, empty = (read_map(image.map.read_text("utf-8")) for image in (programs.least, programs.empty))
    return list((Counter(least) - Counter(empty)).elements())


def _purpose(section: Section, model: str, weighted: Iterable[int]) -> str:
    """Name the field of Flash that a section belongs to."""
    file = Path(section.file)
    if file.parent.name not in (PACKAGE, PROGRAM):
        return "library"
    if section.name.startswith(CODE):
        return "glue" if file.name == model or file.parent.name == PROGRAM else "kernels"
    table = TABLE.match(section.name)
    return "weights" if table and int(table[1]) in weighted else "tables"
