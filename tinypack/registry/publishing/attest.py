"""What an attestation says in short: of each board, whether anything ran on it and was right."""

from __future__ import annotations

from collections.abc import Sequence

from tinypack.boards import load_boards
from tinypack.registry.entries import Attested, BoardResult, BoardStatus, File, sha256
from tinypack.registry.paths import attestation_path
from tinypack.registry.publishing.record import Attestation, AttestedResult

MOST_NAMED = 100  # characters of who attests


def make_attested(attestation: Attestation, data: bytes, made: str, by: str) -> Attested:
    """State in short what an attestation says; `data` is its file."""
    digest = sha256(data)
    path = attestation_path(attestation.package, attestation.version, digest)
    return Attested(
        name=attestation.package,
        version=attestation.version,
        made=made,
        by=by[:MOST_NAMED],
        passed=attestation.passed,
        artifacts=attestation.artifacts,
        file=File(path=path, size=len(data), sha256=digest),
        boards=board_results(attestation.results),
        method=attestation.method,
    )


def board_results(results: Sequence[AttestedResult]) -> list[BoardResult]:
    """Say of each board what was done on it; tinypack's boards of which nothing is said are untested."""
    names = list(dict.fromkeys([*load_boards(), *(result.board for result in results)]))
    return [_board_result(name, [result for result in results if result.board == name]) for name in names]


def _board_result(board: str, results: Sequence[AttestedResult]) -> BoardResult:
    """One failure is a failure; verified is only what ran and was right, compiled what was no more than that."""
    failed = [result for result in results if result.status == "failed"]
    ran = [result for result in results if result.ran]
    compiled = [result for result in results if result.status == "compiled"]
    ranked: tuple[tuple[BoardStatus, list[AttestedResult]], ...] = (
        ("failed", failed),
        ("verified", ran),
        ("compiled", compiled),
    )
    status, first = next(((status, found[0]) for status, found in ranked if found), (None, None))
    if status is None or first is None:
        return BoardResult(board=board, status="untested")
    return BoardResult(
        board=board,
        status=status,
        formats=[result.format for result in ran],
        machine=first.machine,
        compiler=first.compiler,
        flags=first.flags,
        kernel_variant=first.kernel_variant,
        vectors=first.vectors,
        flash_bytes=first.flash_bytes,
        ram_bytes=first.ram_bytes,
        stack_bytes=first.stack_bytes,
        instructions=first.instructions,
        frame_instructions=first.frame_instructions,
    )
