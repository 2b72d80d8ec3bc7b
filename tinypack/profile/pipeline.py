"""An in-order pipeline: in which cycle each instruction of a straight piece of code begins."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, field

from tinypack.profile.cores import Core, Timing
from tinypack.profile.disassembly import FLAGS, Instruction


def costs(block: Sequence[Instruction], core: Core, repeated: bool, from_flash: Container[int] = ()) -> list[int]:
    """Say how many cycles each instruction of a block takes until the next one begins.

    A block that repeats itself is taken as it is after itself. `from_flash` has the addresses of loads that read flash.
    """
    pipeline = _Pipeline(core, from_flash)
    for one in [*block, *block] if repeated else block:
        pipeline.begin(one)
    times = pipeline.times
    end = times[-1] + pipeline.gap(None)
    return [after - time for time, after in zip(times, [*times[1:], end], strict=True)][-len(block) :]


def branch_cost(branch: Instruction, before: Instruction | None, target: Instruction | None, core: Core) -> int:
    """Say what it costs that a branch is taken, beyond its own cycle."""
    prices = core.branches
    if branch.kind == "loop_end":  # the core has noted the loop at its start
        return 0
    if branch.target is None:
        return prices.taken_by_load if branch.kind.startswith("load") else prices.taken_by_register
    made_flags = before is not None and FLAGS in before.writes and FLAGS in branch.reads
    return (
        prices.taken + made_flags * prices.after_flags + (target is not None and _across(target)) * prices.wide_target
    )


@dataclass
class _Pipeline:
    core: Core
    from_flash: Container[int]
    times: list[int] = field(default_factory=list)  # the begin of each instruction
    before: Instruction | None = None
    paired: bool = False  # `before` began with its own predecessor
    wide_run: int = 0
    ready: dict[str, tuple[int, Timing, bool]] = field(
        default_factory=dict
    )  # register -> its writer; whether it is fast
    free: dict[str, int] = field(default_factory=dict)  # unit -> from when on

    def begin(self, one: Instruction) -> None:
        timing = self.core.timing(one.kind)
        operands = self._operands(one, timing)
        time = max([self._in_order(one), operands, *(self.free.get(unit, 0) for unit in timing.units)])
        self.wide_run = self.wide_run + 1 if _across(one) else 0
        if self.core.wide_run and self.wide_run == self.core.wide_run:
            time += 1
        self.paired = bool(self.times) and time == self.times[-1] and self.gap(one) > 0
        fast = timing.latency_first is not None and not self.paired and operands < time
        self.times.append(time)
        self.free |= dict.fromkeys(timing.units, time + timing.busy)
        self.ready |= dict.fromkeys(one.writes, (time, timing, fast))
        self.ready |= dict.fromkeys(one.updates, (time, self.core.update, False))
        self.before = one

    def _in_order(self, one: Instruction) -> int:
        if self.before is None:
            return 0
        together = not self.paired and _may_pair(self.before, one, self.core)
        return self.times[-1] + (0 if together else self.gap(one))

    def _operands(self, one: Instruction, timing: Timing) -> int:
        needs = (
            (one.reads, timing.early),
            (one.addresses, timing.address_early),
            (one.accumulates, timing.accumulator_early),
        )
        return max(
            (self._known(name, one.kind) + early for names, early in needs for name in names if name in self.ready),
            default=-1,  # long ago
        )

    def _known(self, register: str, reader: str) -> int:
        time, writer, fast = self.ready[register]
        if fast and writer.latency_first is not None:
            return time + writer.latency_first
        return time + writer.latency_to.get(reader, writer.latency)

    def gap(self, following: Instruction | None) -> int:
        """Say how many cycles after the last instruction the following one may begin, if nothing else keeps it."""
        assert self.before is not None
        timing = self.core.timing(self.before.kind)
        cycles = timing.cycles + int(timing.per_register * self.before.registers + 0.5)
        if following is None or self._changes_memory(self.before, following):
            return cycles
        after = {"load": timing.before_load, "store": timing.before_store}.get(_access(following))
        return cycles if after is None else after

    def _changes_memory(self, one: Instruction, following: Instruction) -> bool:
        return self.core.one_memory_a_time and (one.address in self.from_flash) != (
            following.address in self.from_flash
        )


def _access(one: Instruction) -> str:
    kind = one.kind.removeprefix("float_")
    return next((access for access in ("load", "store") if kind.startswith(access)), "")


def _may_pair(older: Instruction, younger: Instruction, core: Core) -> bool:
    if core.pairs == "no" or (core.pairs == "narrow" and not older.size == younger.size == 2):
        return False
    first, second = core.timing(older.kind), core.timing(younger.kind)
    return first.slot in ("both", "older") and second.slot in ("both", "younger")


def _across(one: Instruction) -> bool:
    """Tell whether an instruction lies in two words."""
    return one.size == 4 and one.address % 4 != 0
