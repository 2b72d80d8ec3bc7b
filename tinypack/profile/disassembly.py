"""A program's instructions, with the registers that each reads and writes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tinypack.profile.kinds import CONDITIONS, kind_of
from tinypack.verify.complaint import build_error
from tinypack.verify.tools import run

OBJDUMP = "arm-none-eabi-objdump"
FLAGS = "flags"
_LINE = re.compile(r"\s*([0-9a-f]+):\t([0-9a-f]{4}(?: [0-9a-f]{4})?)\s*\t(\S+)(?:\t([^@;]*))?")
_REGISTER = re.compile(r"\b(r1[0-5]|r\d|s[lbp]|fp|ip|lr|pc|s[12]\d|s3[01]|s\d|d[12]\d|d\d|d3[01]|q\d)\b")
_ALIASES = {"sb": "r9", "sl": "r10", "fp": "r11", "ip": "r12", "r13": "sp", "r14": "lr", "r15": "pc"}
_CONDITIONAL = re.compile(rf"(\w+?)({CONDITIONS})((?:\..*)?)")
_SETS_FLAGS = re.compile(
    r"(add|sub|rsb|adc|sbc|and|orr|eor|bic|orn|mov|mvn|lsl|lsr|asr|ror|rrx|mul|neg)s|cmp|cmn|tst|teq|vmrs"
)
_COMPARES = re.compile(r"cmp|cmn|tst|teq|vcmpe?(\..*)?")
_FRESH = re.compile(  # the first operand is only written, even with two operands
    r"movw?s?|mvns?|adr|clz|rbit|rev\w*|[su]xt\w+|[su]bfx|vmov.*|vcvt.*|vneg.*|vabs.*|vsqrt.*|vdup.*|vmrs|mrs|negs|neg|csel|cset"
)
_ACCUMULATES = re.compile(r"(smlal|umlal|umaal|smlald|smlsld|vn?ml[as]|vfn?m[as]|vq?r?dml|vrml|movt|bfi|bfc)\w*(\..*)?")
_SHIFTS = {"shifted": -2, "field": 1, "reverse": 1}  # kind -> which operand is shifted
_TWO_RESULTS = {"load_double", "long_multiply"}
_BRANCHES = {"branch", "call", "jump", "table_branch", "loop_start", "loop_end"}


@dataclass(frozen=True)
class Instruction:
    address: int
    size: int  # bytes
    name: str
    kind: str
    reads: frozenset[str]  # what it computes with, or stores
    addresses: frozenset[str]  # what it finds its place in memory with, or shifts before it computes
    accumulates: frozenset[str]  # what it adds its result to
    writes: frozenset[str]
    updates: frozenset[str]  # base registers that it moves on
    registers: int  # in a list; 0 without one
    target: int | None  # of a branch whose target is in the instruction
    conditional: bool
    ends_block: bool

    @property
    def after(self) -> int:
        return self.address + self.size


def disassemble(elf: Path, options: Sequence[str] = ()) -> dict[int, Instruction]:
    """Give the instructions of a program by address.

    Raises: TinypackError (build-failed, missing-tool)
    """
    done = run([OBJDUMP, "-d", "-z", *options, elf], time_limit=120)
    if not done.ok:
        raise build_error(done, elf.name, f"{OBJDUMP} must read it")
    return {one.address: one for one in _instructions(done.text.splitlines())}


def _instructions(lines: Iterable[str]) -> Iterator[Instruction]:
    predicated = 0  # instructions that are left of an IT block
    for line in lines:
        found = _LINE.match(line)
        if not found:
            continue
        address, encoding, name, operands = found.groups(default="")
        name = re.sub(r"\.[nw]$", "", name)
        operands = re.sub(r"<.*?>", "", operands).strip()
        conditional = predicated > 0
        predicated = len(name) - 1 if re.fullmatch("it[te]*", name) else max(predicated - 1, 0)
        if conditional and (parts := _CONDITIONAL.fullmatch(name)):
            name = parts[1] + parts[3]
        yield _instruction(int(address, 16), len(encoding.replace(" ", "")) // 2, name, operands, conditional)


def _instruction(address: int, size: int, name: str, operands: str, conditional: bool) -> Instruction:
    kind = kind_of(name, operands)
    before, bracket, inside = operands.partition("[")
    inside, _, after = inside.partition("]")
    listed = re.search(r"\{(.*?)\}", operands)
    reads, writes, updates, accumulates = set[str](), set[str](), set[str](), set[str]()
    addresses = _registers(inside)
    if listed and kind.split("_")[-1] == "multiple":
        base = _registers(operands[: listed.start()]) or {"sp"}
        addresses = base
        updates = base if "!" in operands or name in ("push", "pop", "vpush", "vpop") else set()
        (reads if "store" in kind else writes).update(_registers(listed[1]))
    elif bracket and ("store" in kind or name.startswith("vst")):
        reads = _registers(before)
        updates = _registers(inside.split(",")[0]) if after.strip() else set()
    elif bracket:
        writes = _registers(before)
        updates = _registers(inside.split(",")[0]) if after.strip() else set()
    elif kind in _BRANCHES or _COMPARES.fullmatch(name):
        reads = _registers(operands)
    else:
        reads, writes, accumulates = _computed(kind, name, [_registers(one) for one in operands.split(", ")])
    if kind in _SHIFTS:
        addresses = _registers(operands.split(", ")[_SHIFTS[kind]])
    if _SETS_FLAGS.fullmatch(name) or name.startswith("vmrs"):
        writes.add(FLAGS)
    if conditional or (kind == "branch" and name not in ("b", "cbz", "cbnz")):
        reads.add(FLAGS)
    target = re.match(r"(?:\w+, )*([0-9a-f]+)$", operands) if kind in ("branch", "call", "loop_end") else None
    return Instruction(
        address=address,
        size=size,
        name=name,
        kind=kind,
        reads=frozenset(reads),
        addresses=frozenset(addresses),
        accumulates=frozenset(accumulates),
        writes=frozenset(writes - {"pc"}),
        updates=frozenset(updates),
        registers=len(_registers(listed[1])) if listed else 0,
        target=int(target[1], 16) if target else None,
        conditional=conditional or (kind == "branch" and name != "b") or kind == "loop_end",
        ends_block=kind in _BRANCHES - {"loop_start"} or "pc" in writes,
    )


def _computed(kind: str, name: str, operands: list[set[str]]) -> tuple[set[str], set[str], set[str]]:
    """Tell what a computation reads, writes, and adds to."""
    results = 2 if kind in _TWO_RESULTS else 1
    written = set[str]().union(*operands[:results])
    read = set[str]().union(*operands[results:])
    if _ACCUMULATES.fullmatch(name) or (kind == "vector_multiply" and "a" in name.partition("mla")[2]):
        return read, written, written
    if kind == "multiply" and len(operands) == 4:
        return set[str]().union(*operands[1:3]), written, operands[3]
    if kind == "extend_add":
        return operands[-1], written, operands[-2]
    if len(operands) == 2 and not _FRESH.fullmatch(name):
        read = read | written
    return read, written, set()


def _registers(text: str) -> set[str]:
    """Name the registers in a text; of floating-point and vector registers, the single words."""
    text = re.sub(r"\b([rsd])(\d+)-\1(\d+)\b", _expanded, text)
    found = set[str]()
    for name in _REGISTER.findall(text):
        letter, number = name[0], name[1:]
        words = {"d": 2, "q": 4}.get(letter, 0) if number.isdigit() else 0
        if words:
            found |= {f"s{int(number) * words + part}" for part in range(words)}
        else:
            found.add(_ALIASES.get(name, name))
    return found


def _expanded(span: re.Match[str]) -> str:
    letter, first, last = span.groups()
    return ", ".join(f"{letter}{number}" for number in range(int(first), int(last) + 1))
