"""Compares two versions of a package: each rule is a function that yields changes, and they stand in one table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tinypack.boards import Board, load_boards
from tinypack.registry.versions.change import NOTHING, Change, Comparison, Step, sort_changes
from tinypack.registry.versions.facts import COMPILED, FAILED, PASSED, UNFIT, Facts, Port
from tinypack.registry.versions.sections import DECISION, FEATURES, section_changes

#: Growth of flash or RAM that users must be told of.
GROWTH = 0.05
#: Keys of a record's stream -> the step of another value, and what users call it. Members of the result are C API.
STREAM_STEPS = {
    "sample_rate": Step.MAJOR,
    "channels": Step.MAJOR,
    "sample_type": Step.MAJOR,
    "frame": Step.MAJOR,
    "hop": Step.MAJOR,
    "frames": Step.MAJOR,
    "features": Step.MAJOR,
    "every": Step.MINOR,
    "ring": Step.PATCH,
}
MEASURED = ("instructions", "frame_instructions")
WORDS = {"instructions": "instructions of an inference", "frame_instructions": "instructions of a frame"}


def compare(old: Facts, new: Facts) -> Comparison:
    """Find all that differs, and the least step that tells it.

    Source: docs/versions.md
    """
    changes = [change for rule in RULES for change in rule(old, new)]
    return Comparison(sort_changes(changes), tuple(_notes(old, new)))


def _name(old: Facts, new: Facts) -> Iterator[Change]:
    if old.name != new.name:
        yield Change(Step.MAJOR, "package", old.name, new.name)


def _ports(old: Facts, new: Facts) -> Iterator[Change]:
    hidden = old.takes_samples and new.takes_samples
    sides: tuple[tuple[str, list[Port], list[Port], Step], ...] = (
        ("input", old.record.inputs, new.record.inputs, Step.MAJOR),
        ("output", old.record.outputs, new.record.outputs, Step.MINOR),
    )
    for kind, before, after, added in sides:
        for i, (a, b) in enumerate(zip(before, after, strict=False)):
            if str(a) != str(b):
                yield Change(Step.MAJOR, f"{kind} {i}", str(a), str(b))
            elif (a.scale, a.zero_point) != (b.scale, b.zero_point):
                step = Step.PATCH if hidden else Step.MAJOR
                yield Change(step, f"quantisation of {kind} {i}", a.quantization, b.quantization)
        for i in range(len(after), len(before)):
            yield Change(Step.MAJOR, f"{kind} {i}", str(before[i]), NOTHING)
        for i in range(len(before), len(after)):
            yield Change(added, f"{kind} {i}", NOTHING, str(after[i]))


def _labels(old: Facts, new: Facts) -> Iterator[Change]:
    before, after = old.record.labels, new.record.labels
    if before != after:
        step = Step.MAJOR if before else Step.MINOR
        yield Change(step, "labels", ", ".join(before) or NOTHING, ", ".join(after) or NOTHING)


def _features(old: Facts, new: Facts) -> Iterator[Change]:
    if old.record.has("features") and new.record.has("features"):
        yield from section_changes(FEATURES, old.record.features, new.record.features)
    before, after = old.record.stream, new.record.stream
    if (before is None) != (after is None) and not (old.record.has("features") and new.record.has("features")):
        words = {True: "none", False: "samples to results"}
        yield Change(Step.MAJOR, "features", words[before is None], words[after is None])
    if before is None or after is None:
        return
    for key, step in STREAM_STEPS.items():
        a, b = before.get(key), after.get(key)
        if a != b:
            yield Change(step, f"stream: {key.replace('_', ' ')}", _value(a), _value(b))


def _decision(old: Facts, new: Facts) -> Iterator[Change]:
    if old.record.has("decision") and new.record.has("decision"):
        yield from section_changes(DECISION, _decided(old), _decided(new))


def _decided(facts: Facts) -> Mapping[str, Any] | None:
    """Give [decision], or what stands for it where a package with features has none."""
    if facts.record.decision is not None or not facts.takes_samples:
        return facts.record.decision
    return {"type": "classify" if facts.record.labels else "regress"}


def _api(old: Facts, new: Facts) -> Iterator[Change]:
    if old.api is None or new.api is None or old.name != new.name:
        return
    for name, before in old.api.items():
        after = new.api.get(name)
        if after is None:
            yield Change(Step.MAJOR, f"C API: {name}", before or "there", NOTHING)
        elif before != after:
            yield Change(Step.MAJOR, f"C API: {name}", before or "any value", after or "any value")
    for name in (name for name in new.api if name not in old.api):
        yield Change(Step.MINOR, f"C API: {name}", NOTHING, new.api[name] or "there")


def _boards(old: Facts, new: Facts) -> Iterator[Change]:
    promised = (old.record.boards, new.record.boards)
    before, after = ((names or []) if None not in promised else [] for names in promised)
    for board in load_boards().values():
        fitted, fits = _fits(board, old), _fits(board, new)
        was, now = board.id in before, board.id in after
        if fitted and not fits:
            problem = board.fit(new.record.table_bytes, new.record.ram_bytes)
            assert problem is not None
            yield Change(Step.MAJOR, f"board {board.id}", "fits", problem.found)
        elif old.ran.get(board.id) in (PASSED, COMPILED) and new.ran.get(board.id) in (FAILED, UNFIT):
            yield Change(Step.MAJOR, f"board {board.id}", old.ran[board.id], new.ran[board.id])
        elif was and not now and after:
            yield Change(Step.MAJOR, f"board {board.id}", "promised", "no longer in build.boards")
        elif fits and not fitted:
            yield Change(Step.MINOR, f"board {board.id}", "does not fit", "fits")
        elif now and not was and before:
            yield Change(Step.MINOR, f"board {board.id}", NOTHING, "promised in build.boards")


def _formats(old: Facts, new: Facts) -> Iterator[Change]:
    if not old.formats or not new.formats:
        return
    for name in old.formats | new.formats:
        before, after = old.formats.get(name), new.formats.get(name)
        if after is None:
            yield Change(Step.MAJOR, f"format {name}", "there", NOTHING)
        elif before is None:
            yield Change(Step.MINOR, f"format {name}", NOTHING, "there")
        elif before != after:
            yield _count(Step.PATCH, f"archive for {name}", before, after, " B")


def _sizes(old: Facts, new: Facts) -> Iterator[Change]:
    sizes = (
        ("flash of tables", old.record.table_bytes, new.record.table_bytes),
        ("RAM of a state", old.record.ram_bytes, new.record.ram_bytes),
    )
    for what, before, after in sizes:
        if before != after:
            yield _grown(what, before, after)
    if old.record.arena_bytes != new.record.arena_bytes:
        yield _count(Step.PATCH, "arena", old.record.arena_bytes, new.record.arena_bytes, " B")


def _measured(old: Facts, new: Facts) -> Iterator[Change]:
    """Compare one format on each board: that which both were measured in."""
    seen: set[str] = set()
    for (board, format), before in old.figures.items():
        after = new.figures.get((board, format))
        if after is None or board in seen:
            continue
        seen.add(board)
        same = before.made_by == after.made_by
        sums = (
            ("flash", before.flash_bytes, after.flash_bytes),
            ("code and tables", before.object_bytes, after.object_bytes),
            ("RAM and stack", _sum(before.ram_bytes, before.stack_bytes), _sum(after.ram_bytes, after.stack_bytes)),
        )
        for what, a, b in sums:
            if a is not None and b is not None and a != b:
                change = _grown(f"{what} on {board}", a, b)
                yield change if same else _count(Step.PATCH, f"{change.what}, other compiler", a, b, " B")
        for key in MEASURED:
            a, b = getattr(before, key), getattr(after, key)
            if a is not None and b is not None and a != b:
                yield _count(Step.PATCH, f"{WORDS[key]} on {board}", a, b)


def _made(old: Facts, new: Facts) -> Iterator[Change]:
    texts = (
        ("model", old.record.model.sha256[:16], new.record.model.sha256[:16]),
        ("generated by tinypack", old.record.tinypack, new.record.tinypack),
        ("licence of the model", old.record.licenses.get("model", ""), new.record.licenses.get("model", "")),
    )
    for what, before, after in texts:
        if before != after:
            yield Change(Step.PATCH, what, before or NOTHING, after or NOTHING)
    if old.record.operators is not None and new.record.operators is not None:
        gone = set(old.record.operators) - set(new.record.operators)
        come = set(new.record.operators) - set(old.record.operators)
        if gone or come:
            yield Change(
                Step.PATCH, "operators", ", ".join(sorted(gone)) or NOTHING, ", ".join(sorted(come)) or NOTHING
            )


Rule = Callable[[Facts, Facts], Iterator[Change]]
RULES: tuple[Rule, ...] = (
    _name,
    _ports,
    _labels,
    _features,
    _decision,
    _api,
    _boards,
    _formats,
    _sizes,
    _measured,
    _made,
)


def _notes(old: Facts, new: Facts) -> Iterator[str]:
    """Say what was not compared, so that nobody takes it for unchanged."""
    for what, side in (("old", old), ("new", new)):
        if side.api is None:
            yield f"C API: not compared, because no archive of the {what} package is at hand"
        for key in ("features", "decision", "operators"):
            if not side.record.has(key):
                yield f"{key}: not compared, because an older tinypack built the {what} package"
    if not set(old.figures) & set(new.figures):
        yield "flash and instructions on boards: not compared, because no board was verified in both"
    if not old.formats or not new.formats:
        yield "formats: not compared, because a project has no archives"


def _fits(board: Board, facts: Facts) -> bool:
    return board.fit(facts.record.table_bytes, facts.record.ram_bytes) is None


def _grown(what: str, old: int, new: int) -> Change:
    return _count(Step.MINOR if new > old * (1 + GROWTH) else Step.PATCH, what, old, new, " B")


def _count(step: Step, what: str, old: int, new: int, unit: str = "") -> Change:
    return Change(step, what, f"{old:,}{unit}", f"{new:,}{unit}", new / old - 1 if old else None)


def _sum(ram: int | None, stack: int | None) -> int | None:
    return None if ram is None else ram + (stack or 0)


def _value(value: Any) -> str:
    return NOTHING if value is None else f"{value:g}" if isinstance(value, float) else str(value)
