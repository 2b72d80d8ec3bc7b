"""One archive on one native or emulated board: build it as users do, run it, compare every node with the oracle."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from tinypack.boards import Board
from tinypack.errors import TinypackError
from tinypack.names import Names
from tinypack.package import Artifact
from tinypack.verify.board_tools import board_tools, emulator_version
from tinypack.verify.firmware import (
    CANNOT_RUN,
    CRASHED,
    ITSELF,
    TIMED_OUT,
    can_count,
    emulator_board,
    read_firmware,
    run_firmware,
)
from tinypack.verify.reference import Reference, differences
from tinypack.verify.report import Result, Status
from tinypack.verify.tools import Done
from tinypack.verify.transcript import Transcript, read_transcript
from tinypack.verify.workfolder import work_folder

RUN_LIMIT, VECTOR_LIMIT = 300, 10  # seconds a run may take: at least, and for each vector
#: Error codes of a build that only say that this machine lacks a tool, or the board memory.
LACKS = {"missing-tool", "does-not-fit"}


class Build(Protocol):
    """Build an archive's own self-test in variants (name -> defines); give the ELF of each."""

    def __call__(
        self, artifact: Artifact, board: str, folder: Path, variants: Mapping[str, Sequence[str]]
    ) -> dict[str, Path]: ...


def missing(board: Board) -> str:
    """Say why nothing can run on a board here; "" if it can."""
    if not board.emulated:
        return "a real board: nothing emulates it"
    absent = [tool.name for tool in board_tools(board.platformio.board) if tool.probe() is None]
    remedy = f"`tinypack doctor --board {board.id} --fix` brings it"
    return f"missing: {', '.join(absent)} ({remedy})" if absent else ""


def machine(board: str) -> str:
    """Name what runs the board's programs, with its version."""
    program = emulator_board(board)["emulation"]["command"][0]
    if program == ITSELF:
        return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    return f"{program} {emulator_version(board)}, {board}"


def check(build: Build, artifact: Artifact, board: Board, names: Names, reference: Reference, result: Result) -> Result:
    """Fill in a result: as installed for sizes and instructions, with a trace for the nodes."""
    start = time.monotonic()
    name = board.platformio.board
    variants = {"installed": (), "traced": (f"{names.macro}_TRACE",)}
    with work_folder(f"{artifact.sha256[:16]}-{artifact.format}-{name}") as folder:
        try:
            elves = build(artifact, name, folder, variants)
        except TinypackError as error:
            lacks = {problem.code for problem in error.problems} <= LACKS
            status: Status = "not-run" if lacks else "failed"
            return replace(result, status=status, reason=str(error), seconds=time.monotonic() - start)
        firmware = read_firmware(elves["installed"], "_model.c")
        limit = max(RUN_LIMIT, VECTOR_LIMIT * len(reference.digests))
        done, counted = run_firmware(name, firmware.elf, reference.stdin, limit, can_count(name))
        done_traced, _ = run_firmware(name, elves["traced"], reference.stdin, limit, False)
    plain, traced = read_transcript(done.text), read_transcript(done_traced.text)
    found = differences(reference, plain, traced)
    reason = _stopped(done, plain, limit) or _stopped(done_traced, traced, limit)
    if found and not reason:
        reason = f"{len(found)} differences from the oracle, the first in {found[0]}"
    reason = reason or _own_failure(done, plain, reference) or _own_failure(done_traced, traced, reference)
    return replace(
        result,
        status="failed" if reason else "passed",
        reason=reason,
        vectors=len(reference.digests) or len(plain.digests),
        mismatches=len(found),
        first_differing_node=found[0] if found else "",
        compiler=firmware.compiler,
        flags=firmware.flags,
        kernel_variant=plain.kernels,
        machine=machine(name),
        flash_bytes=firmware.flash_bytes,
        ram_bytes=firmware.ram_bytes,
        stack_bytes=plain.stack_bytes or None,
        instructions=counted[0] if counted else None,
        frame_instructions=counted[1] if len(counted) > 1 else None,
        seconds=time.monotonic() - start,
    )


def _stopped(done: Done, transcript: Transcript, limit: float) -> str:
    """Say why a program did not end as a passed self-test does; "" if it did, or only gave wrong answers."""
    last = (transcript.rest or done.error_text.splitlines() or [""])[-1]
    if done.timed_out or done.code == TIMED_OUT:
        return f"hang: no end within {limit} s"
    if done.code == CRASHED:
        return last or "crash"
    if done.code == CANNOT_RUN:
        return f"it could not run: {last}"
    if not transcript.verdict:
        return f"it ended with code {done.code} and no verdict: {last}"
    return ""


def _own_failure(done: Done, transcript: Transcript, reference: Reference) -> str:
    """Say what a self-test holds against itself where its answers are the oracle's, if any are known; "" if nothing."""
    if transcript.verdict != "PASS":
        return "the answers are right, but " * bool(reference.digests) + f"the self-test says {transcript.verdict}"
    if not transcript.digests:
        return "the self-test says PASS without an answer"
    return f"it passed, then ended with code {done.code}" if done.code != 0 else ""
