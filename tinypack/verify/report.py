"""What a verification found: one result for each format and board, and the attestation that holds them all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from tinypack import __version__

Status = Literal["passed", "failed", "not-run"]


@dataclass(frozen=True)
class Result:
    """One archive on one board. None stands for what was not measured."""

    package: str
    version: str
    artifact_sha256: str
    format: str
    board: str
    status: Status
    reason: str = ""  # why it failed or did not run
    vectors: int = 0
    mismatches: int = 0  # node outputs and digests that differ from the oracle's
    first_differing_node: str = ""
    built_by: str = ""  # the build tool, or what stands for it
    compiler: str = ""
    flags: str = ""
    kernel_variant: str = ""
    machine: str = ""
    flash_bytes: int | None = None  # of the whole self-test program
    ram_bytes: int | None = None  # static data, without the stack
    stack_bytes: int | None = None  # of one inference
    instructions: int | None = None  # of one inference
    seconds: float = 0.0


@dataclass(frozen=True, eq=False)
class Attestation:
    """What was run on which archives. A separate file beside the package, never inside it."""

    record: Mapping[str, Any]
    results: Sequence[Result]
    path: Path

    @property
    def passed(self) -> bool:
        """True if something ran and nothing failed."""
        states = {result.status for result in self.results}
        return "passed" in states and "failed" not in states

    def passed_on(self, board: str) -> bool:
        """True if something passed on a board."""
        return any(result.board == board and result.status == "passed" for result in self.results)

    def to_json(self) -> dict[str, Any]:
        """Give plain data for json.dumps."""
        return {
            "schema": "tinypack-attestation/1",
            "package": self.record["name"],
            "version": self.record["version"],
            "tinypack": __version__,
            "oracle": self.record["oracle"],
            "model_sha256": self.record["model"]["sha256"],
            "artifacts": self.record["artifacts"],
            "passed": self.passed,
            "results": [asdict(result) for result in self.results],
        }
