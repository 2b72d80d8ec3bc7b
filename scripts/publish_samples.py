"""Publish the packages of the sample projects into registry/, the project's own registry.

python scripts/publish_samples.py [--registry FOLDER] [--start-over]

Each is built, verified on its boards, and published. Git keeps index, metadata and attestations. Archives are the same
bytes on every machine: who has no key for the registry still gets those that its index names, each in its place. Keys
lie where docs/registry-keys.md says. --start-over makes a new registry with new keys, which clients of the old one
will not trust.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import click

from tinypack.cli.show import progress, show_problems, show_table
from tinypack.errors import TinypackError
from tinypack.registry.paths import HEAD, archive_path
from tinypack.registry.publishing.candidate import Candidate, read_candidates
from tinypack.registry.publishing.publish import Item, carry_out, plan_publish
from tinypack.registry.stores.opening import open_store
from tinypack.registry.trust.keys import KeyFolder
from tinypack.registry.trust.manage import init_registry
from tinypack.verify.package import verify_packages

HOME = Path(__file__).parents[1]
PROJECTS = sorted(path.parent for path in (HOME / "sample_projects").glob("*/tinypack.toml"))
NAME = "tinypack-samples"
DAYS = 3650  # Git says how fresh a checkout is, and nobody signs it anew each month
KEPT = ("README.md", ".gitattributes", ".gitignore")  # of a registry that is started over


@click.command(help="Publish the packages of the sample projects.")
@click.option("--registry", type=click.Path(path_type=Path), default=HOME / "registry")
@click.option("--start-over", is_flag=True, help="Throw the registry away, and make one with new keys.")
def main(registry: Path, start_over: bool) -> None:
    try:
        publish_samples(registry, start_over)
    except TinypackError as error:
        show_problems(error)
        sys.exit(1)


def publish_samples(registry: Path, start_over: bool) -> None:
    """Verify all, publish what is new, and put back what is not."""
    keys = KeyFolder()
    if start_over and (registry / HEAD).exists():
        for path in registry.iterdir():
            if path.name not in KEPT:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
    if not (registry / HEAD).exists():
        init_registry(open_store(str(registry)), keys, name=NAME, timestamp_days=DAYS)
    with progress(False) as say:
        attestations = verify_packages(PROJECTS, progress=say)
        for attestation in attestations:
            if not attestation.passed:
                sys.exit(f"{attestation.title} is not verified: {attestation.path}")
        candidates = [each for project in PROJECTS for each in read_candidates(project, say, include_source=True)]
    plan = plan_publish(candidates, str(registry), keys, rehearsal=True)  # what is there needs no key
    for item in plan.items:
        if item.there:
            plan.store.add(_archives(item.candidate))
    done = carry_out(plan_publish(candidates, str(registry), keys) if plan.new else plan)
    rows = [_row(item, done.outcome) for item in plan.items]
    show_table(str(registry), ("package", "version", "", "verified on"), rows)


def _archives(candidate: Candidate) -> dict[str, bytes]:
    where = candidate.name, candidate.version
    return {archive_path(*where, part.sha256, part.filename): part.data for part in candidate.parts}


def _row(item: Item, outcome: str) -> tuple[str, ...]:
    state = "there already" if item.there else outcome
    return item.candidate.name, item.candidate.version, state, ", ".join(item.verified)


if __name__ == "__main__":
    main()
