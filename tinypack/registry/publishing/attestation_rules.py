"""What an attestation must say for a package to be published as verified."""

from __future__ import annotations

from collections.abc import Iterator

from tinypack.formats.rules import Finding, Rule
from tinypack.registry.publishing.candidate import Candidate
from tinypack.registry.publishing.rules import rules

#: Formats whose runner `tinypack doctor --fix` can't bring: they may be untested, with the reason said.
MAY_BE_UNTESTED = ("zephyr",)


def about(candidate: Candidate) -> Iterator[Finding]:
    """It is of this package, and of no other archives."""
    attestation = candidate.attestation
    if attestation is None:
        yield "attestation", "none"
        return
    if (attestation.package, attestation.version) != (candidate.name, candidate.version):
        yield "attestation", f"of {ascii(attestation.package)[:100]} {ascii(attestation.version)[:100]}"
    hashes = {artifact.sha256: artifact.format for artifact in candidate.record.artifacts}
    others = [each.format for each in attestation.results if hashes.get(each.artifact_sha256) != each.format]
    if others:
        yield "attestation", f"of other archives: {', '.join(sorted(set(others)))[:200]}"


def _passed(candidate: Candidate) -> Iterator[Finding]:
    results = candidate.attestation.results if candidate.attestation else []
    failed = [result for result in results if result.status == "failed"]
    yield from ((f"{each.format} on {each.board}", each.reason[:200] or "failed") for each in failed)
    for artifact in candidate.record.artifacts if candidate.attestation else ():
        of_it = [result for result in results if result.format == artifact.format]
        excused = artifact.format in MAY_BE_UNTESTED and all(each.status != "failed" for each in of_it)
        if not any(result.ran for result in of_it) and not (excused and any(each.reason for each in of_it)):
            yield artifact.format, "it passed nowhere"
    if candidate.attestation and not candidate.attestation.passed and not failed:
        yield "attestation", "nothing ran and was right"


ATTESTATION_RULES: tuple[Rule[Candidate], ...] = rules(
    ("V1", "there is an attestation, of just these archives", about),
    (
        "V2",
        f"nothing failed, and each archive ran somewhere and was right ({', '.join(MAY_BE_UNTESTED)}: or says why not)",
        _passed,
    ),
)
