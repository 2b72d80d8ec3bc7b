"""What a package must be to get into a registry: every rule that is broken is said.

These rules need the candidate alone; what needs the registry (names, versions, owners) is in `names`, `versions` and
`pending`.
"""

from __future__ import annotations

from tinypack.errors import Problem
from tinypack.registry.publishing.archive_rules import ARCHIVE_RULES, ecosystem_problems, open_archives
from tinypack.registry.publishing.attestation_rules import ATTESTATION_RULES, about
from tinypack.registry.publishing.candidate import Candidate
from tinypack.registry.publishing.record_rules import RECORD_RULES
from tinypack.registry.publishing.rules import broken


def check_candidate(candidate: Candidate, unverified: bool = False) -> list[Problem]:
    """Find every rule that a candidate breaks by itself. `unverified`: it need not be attested."""
    where = candidate.record.title
    found = broken(RECORD_RULES, candidate, where)
    if found:
        return found  # what follows builds on names and hashes
    opened, problems = open_archives(candidate)
    problems += broken(ARCHIVE_RULES, opened, where)
    if not problems:
        problems += list(ecosystem_problems(opened))
    return problems if unverified else [*problems, *check_attestation(candidate)]


def check_attestation(candidate: Candidate) -> list[Problem]:
    """Find what keeps a candidate from being published as verified."""
    return broken(ATTESTATION_RULES, candidate, candidate.record.title)


def is_about(candidate: Candidate) -> bool:
    """Whether there is an attestation of just these archives, passed or not."""
    return candidate.attestation is not None and not list(about(candidate)) and bool(candidate.attestation.artifacts)
