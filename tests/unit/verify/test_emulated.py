"""Fake firmware: shell scripts that print what a self-test would."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from tests.support.machine import need
from tinypack.boards import board
from tinypack.errors import Problem, TinypackError
from tinypack.formats import FORMATS, build_artifact
from tinypack.package import Artifact, Built
from tinypack.verify import emulated
from tinypack.verify.board_tools import Tool, board_tools
from tinypack.verify.firmware import TIMED_OUT, Firmware
from tinypack.verify.reference import NO_REFERENCE, Reference
from tinypack.verify.report import Result
from tinypack.verify.tools import Done

REFERENCE = Reference((0x10, 0x20), ({3: 1}, {3: 2}), {3: 'node 3 ADD "sum"'}, b"more")
PLAIN = ["kernels portable", "vector 0 ok 00000010", "vector 1 digest 00000020"]
TRACED = ["kernels portable", "node 0 3 00000001", *PLAIN[1:2], "node 1 3 00000002", *PLAIN[2:]]


@pytest.fixture(autouse=True)
def scripts_as_firmware(core: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(emulated, "read_firmware", lambda elf, source: Firmware(elf, "a compiler", "-Os", 1000, 200))
    monkeypatch.setattr(emulated, "RUN_LIMIT", 1.0)
    monkeypatch.setattr(emulated, "VECTOR_LIMIT", 0)


def says(lines: Sequence[str], end: str = "exit 0") -> str:
    return "#!/bin/sh\n" + "".join(f"echo '{line}'\n" for line in lines) + end + "\n"


def check(built: Built, result: Result, installed: str, traced: str, reference: Reference = REFERENCE) -> Result:
    """Verify an archive whose build gives these two programs."""
    texts = {"installed": installed, "traced": traced}

    def build(given: Artifact, name: str, folder: Path, variants: Mapping[str, Sequence[str]]) -> dict[str, Path]:
        assert variants == {"installed": (), "traced": ("SMALL_TRACE",)}
        for variant in variants:
            (folder / variant).write_text(texts[variant])
            (folder / variant).chmod(0o755)
        return {variant: folder / variant for variant in variants}

    given = build_artifact(FORMATS["cmake"], built.content)
    return emulated.check(build, given, board("native"), built.content.names, reference, result)


def test_what_agrees_passes(built: Built, result: Result) -> None:
    found = check(built, result, says([*PLAIN, "stack 0", "PASS"]), says([*TRACED, "PASS"]))
    assert (found.status, found.reason, found.vectors, found.mismatches) == ("passed", "", 2, 0)
    assert (found.flash_bytes, found.ram_bytes, found.kernel_variant) == (1000, 200, "portable")
    # A host's stack and instructions say nothing, so nothing is said of them.
    assert (found.stack_bytes, found.instructions) == (None, None)


def swap(lines: Sequence[str], old: str, new: str) -> list[str]:
    assert old in "\n".join(lines)
    return [line.replace(old, new) for line in lines if new or old not in line]


#: What the installed and the traced program print, how they end; differences, the first of them, words of the reason.
ENDINGS = {
    "wrong node": ([*PLAIN, "PASS"], [*swap(TRACED, "00000002", "00000003"), "PASS"], "exit 0", 1, "node 3", "1 diff"),
    "missing node": ([*PLAIN, "PASS"], [*swap(TRACED, "node 1", ""), "PASS"], "exit 0", 1, "node 3", "1 differences"),
    "wrong output": ([*swap(PLAIN, "20", "21"), "PASS"], [*TRACED, "PASS"], "exit 0", 1, "outputs of vector 1", "1 d"),
    "missing vector": ([*PLAIN[:2], "PASS"], [*TRACED, "PASS"], "exit 0", 1, "outputs of vector 1", "1 differences"),
    "crash": (PLAIN, [*TRACED, "crash: SIGSEGV"], "kill -SEGV $$", 0, "", "crash"),
    "crash with a report": ([*PLAIN, "crash: pc=0x8"], TRACED, "exit 70", 0, "", "crash: pc=0x8"),
    "hang": (PLAIN, TRACED, "exec sleep 60", 0, "", "hang: no end within 1.0 s"),
    "hang at once": ([], [], "exec sleep 60", 6, "node 3", "hang"),
    "no verdict": (PLAIN, TRACED, "exit 3", 0, "", "code 3 and no verdict"),
    "nothing": ([], [], "exit 0", 6, "node 3", "code 0 and no verdict"),
    "own verdict": ([*PLAIN, "FAIL 1"], [*TRACED, "FAIL 1"], "exit 1", 0, "", "the self-test says FAIL 1"),
    "bad end": ([*PLAIN, "PASS"], [*TRACED, "PASS"], "exit 5", 0, "", "it passed, then ended with code 5"),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_endings_are_told_apart(ending: str, built: Built, result: Result) -> None:
    installed, traced, end, mismatches, first, words = ENDINGS[ending]
    found = check(built, result, says(installed, end), says(traced, end))
    assert found.status == "failed"
    assert words in found.reason
    assert found.mismatches == mismatches
    assert found.first_differing_node.startswith(first) and bool(found.first_differing_node) == bool(first)


@pytest.mark.parametrize("which", [0, 1])
def test_one_bad_program_is_enough(which: int, built: Built, result: Result) -> None:
    programs = [says([*PLAIN, "PASS"]), says([*TRACED, "PASS"])]
    programs[which] = programs[which].replace("exit 0", "kill -SEGV $$")
    assert "crash" in check(built, result, *programs).reason


def test_a_build_that_fails_is_said(built: Built, result: Result) -> None:
    def build(*_: object) -> dict[str, Path]:
        raise TinypackError.one("build-failed", "small.tar.gz on native", "it must build", "error: expected ';'")

    given = built.artifacts[0]
    found = emulated.check(build, given, board("native"), built.content.names, REFERENCE, result)
    assert found.status == "failed"
    assert "error[build-failed]: small.tar.gz on native" in found.reason and "expected ';'" in found.reason
    assert (found.vectors, found.flash_bytes) == (0, None)


@pytest.mark.parametrize(
    ("codes", "status"),
    [
        (["missing-tool"], "not-run"),
        (["does-not-fit"], "not-run"),
        (["build-failed"], "failed"),
        (["missing-tool", "build-failed"], "failed"),
    ],
)
def test_only_what_the_board_or_machine_lacks_is_no_failure(
    codes: Sequence[str], status: str, built: Built, result: Result
) -> None:
    def build(*_: object) -> dict[str, Path]:
        raise TinypackError(Problem(code, "small.tar.gz on native", "a rule") for code in codes)

    found = emulated.check(build, built.artifacts[0], board("native"), built.content.names, REFERENCE, result)
    assert found.status == status and codes[0] in found.reason


@pytest.mark.parametrize(("vectors", "limit"), [(2, 300), (30, 300), (31, 310), (10_000, 100_000)])
def test_more_vectors_have_more_time(
    vectors: int, limit: float, built: Built, result: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = []

    def run(name: str, elf: Path, stdin: bytes, time_limit: float, count: bool) -> tuple[Done, list[int]]:
        limits.append(time_limit)
        return Done((), TIMED_OUT, b"", b"", 0.0, timed_out=False), []

    monkeypatch.setattr(emulated, "RUN_LIMIT", 300)
    monkeypatch.setattr(emulated, "VECTOR_LIMIT", 10)
    monkeypatch.setattr(emulated, "run_firmware", run)
    many = replace(REFERENCE, digests=(0,) * vectors, nodes=({},) * vectors)
    elves = dict.fromkeys(("installed", "traced"), Path())
    given, names = built.artifacts[0], built.content.names
    found = emulated.check(lambda *_: elves, given, board("native"), names, many, result)
    assert limits == [limit, limit]
    assert found.reason == f"hang: no end within {limit} s"


@pytest.mark.parametrize(
    ("lines", "end", "status", "reason"),
    [
        ([*PLAIN, "PASS"], "exit 0", "passed", ""),
        ([*PLAIN, "FAIL 1"], "exit 1", "failed", "the self-test says FAIL 1"),
        (["PASS"], "exit 0", "failed", "the self-test says PASS without an answer"),
        ([*PLAIN], "exit 0", "failed", "it ended with code 0 and no verdict: "),
    ],
)
def test_without_a_reference_the_self_test_has_the_word(
    lines: Sequence[str], end: str, status: str, reason: str, built: Built, result: Result
) -> None:
    found = check(built, result, says(lines, end), says(lines, end), NO_REFERENCE)
    assert (found.status, found.reason, found.mismatches) == (status, reason, 0)
    assert found.vectors == (2 if lines[0] == PLAIN[0] else 0)


@pytest.mark.parametrize(
    ("name", "absent", "said"),
    [
        ("native", (), ""),
        ("native", ("gcc",), "missing: gcc "),
        ("native", ("qemu-system-arm",), ""),
        ("mps2-an386", ("arm-none-eabi-gcc", "qemu-system-arm"), "missing: arm-none-eabi-gcc, qemu-system-arm "),
        ("pico", (), "a real board"),
    ],
)
def test_what_is_missing(name: str, absent: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def tools(board: str) -> list[Tool]:
        return [
            Tool(tool.name, partial(lambda name: None if name in absent else "1.0", tool.name))
            for tool in board_tools(board)
        ]

    monkeypatch.setattr(emulated, "board_tools", tools)
    found = emulated.missing(board(name))
    assert found.startswith(said) and bool(found) == bool(said)


def test_the_host_is_named() -> None:
    assert "cores" in emulated.machine("native")


@pytest.mark.tools
def test_an_emulator_is_named_with_its_version() -> None:
    need("qemu-system-arm")
    assert re.fullmatch(r"qemu-system-arm \d+\.\d+\.\d+, mps2-an386", emulated.machine("mps2-an386"))
