"""Formats times boards, side by side as the cores allow."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from typing import Any, Protocol

from tinypack.boards import Board
from tinypack.errors import TinypackError
from tinypack.names import Names
from tinypack.package import Artifact
from tinypack.verify import cmake, cmsis_pack, compiled, emulated, esp_idf, platformio, zephyr
from tinypack.verify.reference import Reference
from tinypack.verify.report import Result
from tinypack.verify.together import Together

#: How the archives of a format are built on native and emulated boards. Zephyr brings its own runner.
BUILDS: dict[str, emulated.Build] = {
    "arduino": platformio.build,
    "platformio": platformio.build,
    "cmake": cmake.build,
    "esp-idf": esp_idf.build,
    "cmsis-pack": cmsis_pack.build,
}
#: What builds them; `verify` must not look as if it had run more than it has.
BUILT_BY = {
    "arduino": "PlatformIO",
    "platformio": "PlatformIO",
    "zephyr": "twister",
    "cmake": "CMake",
    "esp-idf": esp_idf.BUILT_BY,
    "cmsis-pack": cmsis_pack.BUILT_BY,
}


class Subject(Protocol):
    """A package whose archives are verified: one that was just built, or one that somebody else has built."""

    @property
    def record(self) -> Mapping[str, Any]: ...

    @property
    def artifacts(self) -> Sequence[Artifact]: ...

    @property
    def names(self) -> Names: ...


def run_matrix(
    subject: Subject, boards: Sequence[Board], reference: Reference, say: Callable[[str], None]
) -> list[Result]:
    """Verify every archive on every board; the results stand in the order of formats, then boards.

    What breaks it off, such as Ctrl-C, stops all that runs at once.
    """
    pairs = [(artifact, board) for artifact in subject.artifacts for board in boards]
    together = Together()
    pool = ThreadPoolExecutor(os.cpu_count(), initializer=together.enter)
    try:
        futures = [pool.submit(_verify, subject, *pair, reference) for pair in pairs]
        for count, future in enumerate(as_completed(futures), 1):
            result = future.result()
            say(f"{result.format} on {result.board}: {result.status} ({count} of {len(pairs)})")
        return [future.result() for future in futures]
    except BaseException:
        together.stop()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _verify(subject: Subject, artifact: Artifact, board: Board, reference: Reference) -> Result:
    empty = Result(
        package=subject.record["name"],
        version=subject.record["version"],
        artifact_sha256=artifact.sha256,
        format=artifact.format,
        board=board.id,
        status="not-run",
    )
    unfit = board.fit(subject.record["table_bytes"], subject.record["ram_bytes"])
    reasons = (str(unfit.found) if unfit else "", *_reasons(artifact, board))
    reason = next((text for text in reasons if text), "")
    if reason:
        return replace(empty, reason=reason)
    started = replace(empty, built_by=BUILT_BY[artifact.format])
    if not board.emulated:
        return compiled.check(artifact, board, subject.names, replace(empty, built_by=compiled.BUILT_BY))
    if artifact.format == zephyr.FORMAT:
        return zephyr.check(artifact, board, started)
    try:
        return emulated.check(BUILDS[artifact.format], artifact, board, subject.names, reference, started)
    except TinypackError as error:
        return replace(started, status="failed", reason=str(error))


def _reasons(artifact: Artifact, board: Board) -> Iterator[str]:
    if not board.emulated:
        yield compiled.missing(board)
    else:
        yield zephyr.missing() if artifact.format == zephyr.FORMAT else emulated.missing(board)
