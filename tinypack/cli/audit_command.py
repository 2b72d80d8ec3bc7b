from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import click

from tinypack.cli.registry_options import lockfile_option, offline_option, registry_option, say
from tinypack.cli.show import counted, json_option, show_json
from tinypack.registry.client.installed import audit
from tinypack.registry.client.session import open_session

COLOURS = {"problem": "bold red", "note": "cyan"}


@click.command("audit")
@registry_option
@lockfile_option
@offline_option
@json_option
def command(registry: str, lockfile: Path, offline: bool, as_json: bool) -> None:
    """Check installed files against their archives, and the lockfile against what the registry says now.

    Exit code 1 if there is a problem: changed files, yanked, unverified or failed versions, expired metadata. That
    something is newer is a note, and none.
    """
    session = open_session(lockfile, registry, offline, kept=True)
    findings = audit(session.lock, session.registry)
    problems = sum(finding.level == "problem" for finding in findings)
    if as_json:
        show_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            say(f"{finding.level}: {finding.subject}: {finding.text}", COLOURS[finding.level])
        say(f"{counted(len(session.lock.packages), 'package')}, {counted(problems, 'problem')}")
    sys.exit(1 if problems else 0)
