"""Profiles beside the figures of other engines and what must be reached, as tables."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tinypack.profile.measure import Profile
from tinypack.profile.page import Cell, Comparison

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

BASELINES = tomllib.loads((Path(__file__).parents[1] / "baselines.toml").read_text("utf-8"))
LIMITS = tomllib.loads((Path(__file__).parent / "limits.toml").read_text("utf-8"))
#: What baselines.toml was counted on, and the engine of it that ours stands beside.
BASELINE_TARGET, BASELINE = "mps2-an386", "tflm_cmsis_nn"
NONE = Cell("")
COMPILE_LIMIT = 2.0  # seconds of CPU, for a Cortex-M4


@dataclass(frozen=True)
class Measured:
    model: str  # stem of its file
    profile: Profile
    options: str = ""  # of the package, other than what its project says

    @property
    def place(self) -> str:
        return f"{self.profile.target.id} {self.profile.opt}"

    @property
    def of_real_board(self) -> bool:
        """Whether a machine with the same core stands in for a board: it would count the same, but for cycles."""
        return self.profile.target.clock_hz is not None and self.profile.target.id != self.profile.target.machine

    @property
    def best_published(self) -> tuple[int, str] | None:
        """Cycles of the fastest engine on the same core, and its name."""
        core = self.profile.target.core
        found = [
            (round(row[self.model] * row["mhz"] * 1_000), row["system"])
            for row in BASELINES["mlperf"]
            if row["core"] == core and self.model in row
        ]
        return min(found, default=None)

    @property
    def baseline(self) -> Mapping[str, int]:
        """TFLM + CMSIS-NN's figures: all -Os where that was counted and ours is; only on the board they are of."""
        if self.profile.target.id != BASELINE_TARGET:
            return {}
        engines: Mapping[str, Any] = BASELINES.get(self.model, {})
        names = [f"{BASELINE}_os", BASELINE] if self.profile.opt == "-Os" else [BASELINE]
        found: list[Mapping[str, int]] = [engines[name] for name in names if name in engines]
        return found[0] if found else {}

    @property
    def limits(self) -> Mapping[str, Any]:
        limits: Mapping[str, Any] = LIMITS.get(self.model, {})
        return limits

    @property
    def memory_limits(self) -> Mapping[str, int]:
        """Limits of flash and RAM: of one board, for others have other instructions."""
        return self.limits if self.profile.target.id == BASELINE_TARGET else {}


def comparisons(measured: Sequence[Measured]) -> list[Comparison]:
    """Give the tables: speed, cycles, flash, RAM, and what a package's options change."""
    plain = [each for each in measured if not each.options]
    emulated = [each for each in plain if not each.of_real_board]
    places = {each.place for each in measured if each.options}
    varied = [each for each in measured if each.place in places]
    tables = [_speed(emulated), _cycles(plain), _flash(emulated), _ram(emulated), _options(varied)]
    return [table for table in tables if table.rows]


def _speed(measured: Sequence[Measured]) -> Comparison:
    rows = []
    for each in measured:
        count, wanted = each.profile.instructions, each.limits.get(each.place, {})
        rows.append(
            [
                Cell(each.model),
                Cell(each.place),
                Cell(f"{count:,}"),
                Cell(f"{each.profile.per_model_mac:.2f}"),
                _limit(count, wanted.get("required"), _millions),
                _limit(count, wanted.get("aim"), _millions),
                *_beside(count, each.baseline.get("instructions"), _millions),
            ]
        )
    columns = ("model", "target", "instructions", "a MAC", "required", "aim", "TFLM + CMSIS-NN", "of it")
    about = (
        "Exact counts of one inference. At -Os TensorFlow Lite Micro is all -Os where that was counted, otherwise its "
        "kernels are -O2. ✓ and ✗: a limit or aim that is reached, or not."
    )
    return Comparison("Instructions", about, columns, rows)


def _cycles(measured: Sequence[Measured]) -> Comparison:
    rows = []
    for each in measured:
        profile, best = each.profile, each.best_published
        if profile.cycles is None:
            continue
        cycles, system = best or (None, "")
        rows.append(
            [
                Cell(each.model),
                Cell(each.place),
                Cell(f"{profile.cycles:,}"),
                Cell(f"{profile.cycles / profile.instructions:.2f}"),
                Cell(f"{profile.milliseconds:.3g}" if profile.milliseconds and each.of_real_board else ""),
                *_published(profile, cycles),
                Cell(system),
            ]
        )
    about = (
        "Estimated: docs/cycles.md. Only real boards wait for flash, as all that MLPerf Tiny's fastest engine ran on."
    )
    columns = ("model", "target", "cycles", "an instruction", "ms", "best published", "of it", "by")
    return Comparison("Cycles", about, columns, rows)


def _published(profile: Profile, cycles: int | None) -> tuple[Cell, Cell]:
    """A time that was measured on silicon compares only with an estimate that has the flash's share in it."""
    published, share = _beside(profile.cycles or 0, cycles, _millions)
    return published, share if profile.target.flash else NONE


def _flash(measured: Sequence[Measured]) -> Comparison:
    rows = []
    for each in measured:
        profile, flash = each.profile, each.profile.flash
        seconds = profile.compile_seconds
        quick = seconds <= COMPILE_LIMIT if profile.target.id == BASELINE_TARGET else None
        rows.append(
            [
                Cell(each.model),
                Cell(each.place),
                *(Cell(f"{n:,}") for n in (flash.weights, flash.tables, flash.kernels, flash.library, flash.glue)),
                Cell(f"{profile.beyond_weights:,}"),
                _limit(profile.beyond_weights, each.memory_limits.get("flash"), _plain),
                *_beside(profile.beyond_weights, each.baseline.get("flash"), _plain),
                Cell(f"{seconds:.2f}", quick),
            ]
        )
    columns = ("model", "target", "weights", "tables", "kernels", "library", "glue", "beyond weights", "limit")
    about = "Bytes of flash that the package adds to a program; seconds of CPU that its sources take to compile."
    return Comparison("Flash", about, (*columns, "TFLM + CMSIS-NN", "of it", "compile s"), rows)


def _ram(measured: Sequence[Measured]) -> Comparison:
    rows = []
    for each in measured:
        ram = each.profile.ram
        rows.append(
            [
                Cell(each.model),
                Cell(each.place),
                *(Cell(f"{n:,}") for n in (ram.arena, ram.state, ram.static, ram.stack, ram.total)),
                _limit(ram.total, each.memory_limits.get("ram"), _plain),
                *_beside(ram.total, _whole_ram(each.baseline), _plain),
            ]
        )
    columns = ("model", "target", "arena", "state", "static", "stack", "in all", "limit", "TFLM + CMSIS-NN", "of it")
    return Comparison("RAM", "Bytes: state, static data and the worst stack of an inference.", columns, rows)


def _options(measured: Sequence[Measured]) -> Comparison:
    rows = []
    for each in measured:
        profile, saves = each.profile, "save_ram" in each.options
        rows.append(
            [
                Cell(each.model),
                Cell(each.options or "as it is"),
                Cell(f"{profile.instructions:,}"),
                Cell("" if profile.cycles is None else f"{profile.cycles:,}"),
                Cell(f"{profile.beyond_weights:,}"),
                Cell(f"{profile.ram.total:,}"),
                _limit(profile.ram.total, each.limits.get("ram_saved") if saves else None, _plain),
            ]
        )
    columns = ("model", "options", "instructions", "cycles", "flash beyond weights", "RAM in all", "limit")
    places = ", ".join(dict.fromkeys(each.place for each in measured))
    return Comparison("Options of [model]", f"On {places}; bytes.", columns, rows)


def _whole_ram(baseline: Mapping[str, int]) -> int | None:
    return baseline["ram"] + baseline["stack"] if baseline else None


def _limit(value: int, limit: int | None, write: Callable[[int], str]) -> Cell:
    return NONE if limit is None else Cell(write(limit), value <= limit)


def _beside(value: int, other: int | None, write: Callable[[int], str]) -> tuple[Cell, Cell]:
    if other is None:
        return NONE, NONE
    return Cell(write(other)), Cell(f"{100 * value / other:.0f} %", None if value < other else False)


def _millions(count: int) -> str:
    return f"{count / 1e6:.4g} M"


def _plain(count: int) -> str:
    return f"{count:,}"
