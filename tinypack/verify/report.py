"""What a verification found: one result for each format and board, and the attestation that holds them all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from tinypack import __version__
from tinypack.boards import Board

#: "compiled" is for boards that nothing emulates: no answer was compared.
Status = Literal["passed", "failed", "compiled", "not-run"]
#: What was compared: every node and the outputs with the oracle's; the outputs alone, where another version of tinypack
#: may compute other nodes; or nothing but the digests that archives carry themselves.
Method = Literal["nodes", "outputs", "self-test"]
RANKED: tuple[Status, ...] = ("failed", "passed", "compiled")
UNPRINTABLE = re.compile(r"[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Result:
    """One archive on one board. None stands for what was not measured."""

    package: str
    version: str
    artifact_sha256: str
    format: str
    board: str
    status: Status
    reason: str = ""  # why it failed, was only compiled, or did not run
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
    object_bytes: int | None = None  # code and tables of the package alone, where it was only compiled
    stack_bytes: int | None = None  # of one inference
    instructions: int | None = None  # of one inference
    frame_instructions: int | None = None  # of a stream's first frame; the inference too if the window is one frame
    seconds: float = 0.0


@dataclass(frozen=True)
class Rebuilt:
    """What came of building a published package's source again, by this tinypack.

    made_by  the tinypack that built what is published
    differ   formats whose bytes are others; None where another version of tinypack makes a comparison idle
    """

    made_by: str
    differ: tuple[str, ...] | None


@dataclass(frozen=True, eq=False)
class Attestation:
    """What was run on which archives. A separate file beside the package, never inside it."""

    record: Mapping[str, Any]
    results: Sequence[Result]
    path: Path
    method: Method = "nodes"
    rebuilt: Rebuilt | None = None  # None: nothing was built again

    @property
    def title(self) -> str:
        """The package and its version."""
        return f"{self.record['name']} {self.record['version']}"

    @property
    def passed(self) -> bool:
        """True if something ran and nothing failed; what was only compiled did not run."""
        return self.status == "passed"

    @property
    def status(self) -> Status:
        """Failed if anything failed, passed if anything passed, compiled if nothing ran but something compiled."""
        states = {result.status for result in self.results}
        return next((status for status in RANKED if status in states), "not-run")

    def done_on(self, board: Board) -> bool:
        """True if all was done on a board that can be: something passed or, on a real one, compiled."""
        wanted = "passed" if board.emulated else "compiled"
        return any(result.board == board.id and result.status == wanted for result in self.results)

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
            "method": self.method,
            "rebuilt": asdict(self.rebuilt) if self.rebuilt else None,
            "results": [asdict(result) for result in self.results],
        }


def count(results: Iterable[Result]) -> dict[Status, int]:
    """Count results by status."""
    found = Counter(result.status for result in results)
    return {status: found[status] for status in get_args(Status)}


def tally(results: Iterable[Result]) -> str:
    """Count results by status, in words."""
    return ", ".join(f"{number} {status}" for status, number in count(results).items())


def by_reason(results: Iterable[Result]) -> dict[str, str]:
    """Say where nothing ran, compiled or not: reason -> formats and boards."""
    places: dict[str, dict[str, list[str]]] = {}
    for result in results:
        if result.status in ("compiled", "not-run"):
            places.setdefault(result.reason, {}).setdefault(result.format, []).append(result.board)
    return {
        reason: "; ".join(f"{format} on {', '.join(boards)}" for format, boards in formats.items())
        for reason, formats in places.items()
    }


def explain(attestation: Attestation) -> Iterator[str]:
    """Say what was compared with what, where the package comes from a registry."""
    if attestation.method == "self-test":
        yield "the registry has no source of it: only the archives' own self-tests ran, by the digests inside them"
    rebuilt = attestation.rebuilt
    if rebuilt is None:
        return
    if rebuilt.differ is None:
        versions = f"tinypack {rebuilt.made_by} built it, and this is {__version__}"
        yield f"{versions}: bytes and nodes may differ, so only outputs were compared with the oracle's"
    elif rebuilt.differ:
        yield f"built again from its source, these archives have other bytes: {', '.join(rebuilt.differ)}"
    else:
        yield f"built again from its source by tinypack {__version__}, the archives have the same bytes"


def printable(text: str) -> str:
    """Write out the characters that neither XML 1.0 nor HTML may hold."""
    return UNPRINTABLE.sub(lambda found: f"\\x{ord(found[0]):02x}", text)
