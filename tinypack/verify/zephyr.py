"""Runs a Zephyr module's own sample with twister, where a Zephyr workspace is set up (ZEPHYR_BASE)."""

from __future__ import annotations

import json
import os
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from tinypack.boards import Board
from tinypack.formats.unpack import read_archive
from tinypack.package import Artifact
from tinypack.vectors import BUILT_IN_SEEDS
from tinypack.verify.report import Result, Status
from tinypack.verify.tools import run, which
from tinypack.verify.workfolder import work_folder, write_changed

FORMAT = "zephyr"
TIME_LIMIT = 1800  # seconds
#: Twister's word -> ours; with any other it did not run.
STATES: dict[str, Status] = {"passed": "passed", "failed": "failed", "error": "failed"}


def missing() -> str:
    """Say why twister can't run here; "" if it can."""
    if not os.environ.get("ZEPHYR_BASE"):
        return "ZEPHYR_BASE is not set"
    return "missing: west (pip install west)" if which("west") is None else ""


def check(artifact: Artifact, board: Board, result: Result) -> Result:
    """Build and run the sample with twister; it checks the built-in vectors."""
    start = time.monotonic()
    with work_folder(f"{artifact.sha256[:16]}-{FORMAT}-{board.id}") as folder:
        for path, data in read_archive(artifact.data, artifact.filename).items():
            write_changed(folder / "module" / path, data)
        module = next((folder / "module").iterdir())
        argv: list[str | Path] = ["west", "twister", "--testsuite-root", module / "samples", "--platform", board.zephyr]
        argv += ["--extra-args", f"ZEPHYR_EXTRA_MODULES={module}", "--outdir", folder / "twister", "--clobber-output"]
        report = folder / "twister" / "twister.json"
        report.unlink(missing_ok=True)  # of an earlier run
        done = run(argv, time_limit=TIME_LIMIT, cwd=Path(os.environ["ZEPHYR_BASE"]))
        suites = _read_suites(report)
    states = [STATES.get(str(suite.get("status")), "not-run") for suite in suites]
    status: Status = "failed" if "failed" in states or not done.ok else "passed" if "passed" in states else "not-run"
    deciding = next((suite for suite, state in zip(suites, states, strict=True) if state == status), {})
    said = str(deciding.get("reason") or done.error_text.strip()[-400:] or "twister ran nothing")
    return replace(
        result,
        status=status,
        reason="" if status == "passed" else f"hang: no end within {TIME_LIMIT} s" if done.timed_out else said,
        vectors=0 if status == "not-run" else len(BUILT_IN_SEEDS),
        compiler=str(deciding.get("toolchain", "")),
        flash_bytes=deciding.get("used_rom"),
        ram_bytes=deciding.get("used_ram"),
        machine=f"twister, {board.zephyr}",
        seconds=time.monotonic() - start,
    )


def _read_suites(report: Path) -> list[dict[str, Any]]:
    """Read the suites of a twister.json; none where it is missing or damaged."""
    try:
        return list(json.loads(report.read_text(encoding="utf-8"))["testsuites"])
    except (OSError, ValueError, LookupError, TypeError):
        return []
