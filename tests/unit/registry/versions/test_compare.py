"""One row for each kind of change: which step it is, and how it is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.registry.versions.packages import HEADER, RECORD, RESULT, facts, plain
from tinypack.registry.versions.change import Step
from tinypack.registry.versions.compare import compare
from tinypack.registry.versions.facts import Facts, make_facts

NONE, PATCH, MINOR, MAJOR = Step
INPUT, OUTPUT = RECORD["inputs"][0], RECORD["outputs"][0]


def without(section: str, *keys: str) -> dict[str, Any]:
    return {key: value for key, value in RECORD[section].items() if key not in keys}


def features(**keys: Any) -> dict[str, Any]:
    return {"features": {**RECORD["features"], **keys}}


def decision(**keys: Any) -> dict[str, Any]:
    return {"decision": {**RECORD["decision"], **keys}}


def stream(**keys: Any) -> dict[str, Any]:
    return {"stream": {**RECORD["stream"], **keys}}


#: Make facts, keys of the new package's record -> step, and a change as it is told.
RECORDS: list[tuple[Callable[..., Facts], dict[str, Any], Step, str]] = [
    (facts, {}, NONE, ""),
    (facts, {"version": "9.9.9", "description": "new words"}, NONE, ""),
    (facts, {"inputs": [{**INPUT, "shape": [1, 980]}]}, MAJOR, "input 0: int8 [1, 490] -> int8 [1, 980]"),
    (facts, {"inputs": [{**INPUT, "dtype": "uint8"}]}, MAJOR, "input 0: int8 [1, 490] -> uint8 [1, 490]"),
    (facts, {"inputs": [INPUT, INPUT]}, MAJOR, "input 1: - -> int8 [1, 490]"),
    (facts, {"inputs": []}, MAJOR, "input 0: int8 [1, 490] -> -"),
    (facts, {"inputs": [{**INPUT, "name": "other"}]}, NONE, ""),
    (facts, {"outputs": [{**OUTPUT, "shape": [1, 4]}]}, MAJOR, "output 0: int8 [1, 3] -> int8 [1, 4]"),
    (facts, {"outputs": []}, MAJOR, "output 0: int8 [1, 3] -> -"),
    (facts, {"outputs": [OUTPUT, OUTPUT]}, MINOR, "output 1: - -> int8 [1, 3]"),
    (
        plain,
        {"inputs": [{**INPUT, "scale": [0.75]}]},
        MAJOR,
        "quantisation of input 0: scale 0.5, zero point 3 -> scale 0.75, zero point 3",
    ),
    (plain, {"inputs": [{**INPUT, "zero_point": [4]}]}, MAJOR, "zero point 3 -> scale 0.5, zero point 4"),
    (plain, {"outputs": [{**OUTPUT, "scale": [0.5]}]}, MAJOR, "quantisation of output 0"),
    (facts, {"inputs": [{**INPUT, "scale": [0.75]}]}, PATCH, "quantisation of input 0"),
    (facts, {"outputs": [{**OUTPUT, "zero_point": [0]}]}, PATCH, "quantisation of output 0"),
    (facts, {"labels": ["no", "yes", "none"]}, MAJOR, "labels: yes, no, none -> no, yes, none"),
    (facts, {"labels": []}, MAJOR, "labels: yes, no, none -> -"),
    (facts, features(unit=2.0), MAJOR, "features: unit: 1.0 -> 2.0"),
    (facts, features(type="statistics", window=10), MAJOR, 'features: type: "raw" -> "statistics"'),
    (facts, features(mean=[0.5]), PATCH, "features: mean: [0.0] -> [0.5]"),
    (facts, features(std=[0.5]), PATCH, "features: std: [1.0] -> [0.5]"),
    (facts, features(sensor="imu"), PATCH, 'features: sensor: - -> "imu"'),
    (facts, features(hop="10 ms"), NONE, ""),  # the same number of samples
    (facts, {"features": without("features", "mean")}, NONE, ""),  # an older record lacks what has a default
    (facts, {"features": {"type": "of a later tinypack"}}, MAJOR, 'features: type: "raw" -> "of a later tinypack"'),
    (facts, {"features": None, "stream": None}, MAJOR, 'features: type: "raw" -> -'),
    (facts, stream(sample_rate=200.0), MAJOR, "stream: sample rate: 100 -> 200"),
    (facts, stream(channels=1), MAJOR, "stream: channels: 3 -> 1"),
    (facts, stream(hop=2), MAJOR, "stream: hop: 1 -> 2"),
    (facts, stream(every=6), MINOR, "stream: every: 5 -> 6"),
    (facts, stream(ring=90), PATCH, "stream: ring: 80 -> 90"),
    (facts, decision(threshold=0.8), PATCH, "decision: threshold: 0.7 -> 0.8"),
    (facts, decision(votes=2), MINOR, "decision: votes: 1 -> 2"),
    (facts, decision(background=["none"]), MINOR, 'decision: background: [] -> ["none"]'),
    (facts, {"decision": {"type": "anomaly", "threshold": 0.7}}, MAJOR, 'decision: type: "classify" -> "anomaly"'),
    (facts, {"decision": None}, PATCH, "decision: threshold: 0.7 -> 0.5"),  # what goes without saying
    (facts, {"boards": ["native"]}, MAJOR, "board nano33ble: promised -> no longer in build.boards"),
    (facts, {"boards": ["native", "nano33ble", "microbit"]}, MINOR, "board microbit: - -> promised in build.boards"),
    (facts, {"boards": []}, NONE, ""),
    (facts, {"ram_bytes": 300_000}, MAJOR, "board nano33ble: fits -> needs 300,000 B of RAM"),
    (facts, {"artifacts": [{"format": "zephyr", "filename": "", "size": 1}]}, MAJOR, "format cmake: there -> -"),
    (
        facts,
        {"artifacts": [*RECORD["artifacts"], {"format": "zephyr", "filename": "", "size": 1}]},
        MINOR,
        "format zephyr: - -> there",
    ),
    (facts, {"table_bytes": 10_501}, MINOR, "flash of tables: 10,000 B -> 10,501 B (+5.0 %)"),
    (facts, {"table_bytes": 10_500}, PATCH, "flash of tables: 10,000 B -> 10,500 B (+5.0 %)"),
    (facts, {"ram_bytes": 2101}, MINOR, "RAM of a state: 2,000 B -> 2,101 B (+5.0 %)"),
    (facts, {"arena_bytes": 1500}, PATCH, "arena: 1,000 B -> 1,500 B (+50.0 %)"),
    (facts, {"model": {"sha256": "cd" * 32}}, PATCH, "model: abababababababab -> cdcdcdcdcdcdcdcd"),
    (facts, {"tinypack": "0.2.0"}, PATCH, "generated by tinypack: 0.1.0 -> 0.2.0"),
    (facts, {"licenses": {"model": "0BSD"}}, PATCH, "licence of the model: MIT -> 0BSD"),
    (facts, {"operators": ["CONV_2D", "MEAN"]}, PATCH, "operators: SOFTMAX -> MEAN"),
    (facts, {"name": "kws"}, NONE, ""),
]


@pytest.mark.parametrize(("make", "keys", "step", "told"), RECORDS)
def test_a_changed_record(make: Callable[..., Facts], keys: dict[str, Any], step: Step, told: str) -> None:
    found = compare(make(), make(**keys))
    assert found.step == step, found.changes
    assert told in "; ".join(map(str, found.changes))


#: Text of the header, what stands there now -> step, and a change as it is told.
HEADERS = [
    ("int kws_init(kws_t *self);", "", MAJOR, "C API: kws_init(): int (kws_t *) -> -"),
    ("int kws_init(kws_t *self);", "int kws_init(kws_t *state);", NONE, ""),
    (
        "int kws_init(kws_t *self);",
        "int kws_init(kws_t *self, int flags);",
        MAJOR,
        "int (kws_t *) -> int (kws_t *, int)",
    ),
    ("int kws_init(kws_t *self);", "int kws_init(kws_t *self);\nint kws_b(void);", MINOR, "kws_b(): - -> int (void)"),
    ("kws_not_there", "kws_still_not_there", NONE, ""),
    ("#define KWS_OK 0", "#define KWS_OK 1", MAJOR, "C API: KWS_OK: 0 -> 1"),
    ("KWS_ARENA_BYTES 1000", "KWS_ARENA_BYTES 2000", NONE, ""),
    ("#define KWS_ARENA_BYTES 1000", "", MAJOR, "C API: KWS_ARENA_BYTES: there -> -"),
    ('"1.0.0"', '"1.0.1"', NONE, ""),
    ("const char *label;", "", MAJOR, "C API: kws_result_t.label: const char * -> -"),
    ("values[3]", "values[4]", MAJOR, "C API: kws_result_t.values: float[3] -> float[4]"),
    ("int32_t index;", "int32_t index; int is_new;", MINOR, "C API: kws_result_t.is_new: - -> int"),
    ("int hidden;", "int other;", NONE, ""),
    ("int begin()", "bool begin()", MAJOR, "C API: Kws::begin(): int () -> bool ()"),
    ("  int begin() { return kws_init(&state_); }\n", "", MAJOR, "C API: Kws::begin(): int () -> -"),
]


@pytest.mark.parametrize(("before", "after", "step", "told"), HEADERS)
def test_a_changed_header(before: str, after: str, step: Step, told: str) -> None:
    assert before in HEADER
    found = compare(facts(), facts(HEADER.replace(before, after)))
    assert found.step == step, found.changes
    assert told in "; ".join(map(str, found.changes))


#: What was measured now -> step, and a change as it is told.
RESULTS = [
    ({"flash_bytes": 32_000}, MINOR, "flash on mps2-an386: 30,000 B -> 32,000 B (+6.7 %)"),
    ({"flash_bytes": 31_000}, PATCH, "flash on mps2-an386: 30,000 B -> 31,000 B (+3.3 %)"),
    ({"flash_bytes": 32_000, "compiler": "gcc 13"}, PATCH, "flash on mps2-an386, other compiler: 30,000 B -> 32,000 B"),
    ({"stack_bytes": 1100}, PATCH, "RAM and stack on mps2-an386: 4,000 B -> 4,100 B (+2.5 %)"),
    ({"stack_bytes": 1300}, MINOR, "RAM and stack on mps2-an386: 4,000 B -> 4,300 B (+7.5 %)"),
    ({"instructions": 50_000}, PATCH, "instructions of an inference on mps2-an386: 100,000 -> 50,000 (-50.0 %)"),
    ({"instructions": None}, NONE, ""),
    ({"frame_instructions": 6000}, PATCH, "instructions of a frame on mps2-an386: 5,000 -> 6,000 (+20.0 %)"),
    ({"status": "failed"}, MAJOR, "board mps2-an386: passed -> failed"),
    ({"status": "not-run", "reason": "error[does-not-fit]: x"}, MAJOR, "board mps2-an386: passed -> does not fit"),
    ({"status": "compiled", "flash_bytes": None}, NONE, ""),
    ({"status": "not-run", "reason": "missing: qemu"}, NONE, ""),
    ({"board": "native"}, NONE, ""),
]


@pytest.mark.parametrize(("result", "step", "told"), RESULTS)
def test_a_changed_measurement(result: dict[str, Any], step: Step, told: str) -> None:
    found = compare(facts(), facts(result=result))
    assert found.step == step, found.changes
    assert told in "; ".join(map(str, found.changes))


def test_the_gravest_changes_come_first() -> None:
    found = compare(facts(), facts(labels=["a"], tinypack="0.2.0", table_bytes=20_000))
    assert [change.step for change in found.changes] == [MAJOR, MINOR, PATCH]


def test_another_package_has_another_name_and_its_api_is_not_compared() -> None:
    changed = facts(None, name="other")
    found = compare(facts(), changed)
    assert str(found.changes[0]) == "package: kws -> other"
    assert not any("C API" in change.what for change in found.changes)


def test_what_is_not_compared_is_said() -> None:
    keys = {key: value for key, value in RECORD.items() if key not in ("operators", "decision", "artifacts")}
    notes = compare(make_facts(keys), facts()).notes
    assert [note.partition(":")[0] for note in notes] == [
        "C API",
        "decision",
        "operators",
        "flash and instructions on boards",
        "formats",
    ]
    assert compare(facts(), facts()).notes == ()


def test_a_board_that_fits_now_is_new() -> None:
    found = compare(facts(ram_bytes=20_000), facts(ram_bytes=10_000))
    assert str(found.changes[0]) == "board microbit: does not fit -> fits"
    assert found.step == MINOR


def test_code_that_was_only_compiled_is_compared() -> None:
    compiled = {"board": "pico", "status": "compiled", "flash_bytes": None, "object_bytes": 1000}
    found = compare(facts(result=compiled), facts(result={**compiled, "object_bytes": 1100}))
    assert str(found.changes[0]) == "code and tables on pico: 1,000 B -> 1,100 B (+10.0 %)"
    failed = compare(facts(result=compiled), facts(result={**compiled, "status": "failed"}))
    assert (str(failed.changes[0]), failed.step) == ("board pico: compiled -> failed", MAJOR)


def test_a_board_that_failed_in_one_format_failed() -> None:
    both = [RESULT, {**RESULT, "format": "zephyr", "status": "failed"}]
    assert make_facts(RECORD, None, {"results": both}).ran == {"mps2-an386": "failed"}
    assert make_facts(RECORD, None, {"results": both[::-1]}).ran == {"mps2-an386": "failed"}
