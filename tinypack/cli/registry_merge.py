from __future__ import annotations

import sys

import click
from rich.text import Text

from tinypack.cli.registry_options import store_option
from tinypack.cli.show import json_option, out, show_json, show_table
from tinypack.registry.publishing.merge import Judged, merge
from tinypack.registry.trust.keys import KeyFolder

COLOURS = {
    "merged": "green",
    "already there": "green",
    "refused": "bold red",
    "refused before": "dim",
    "not read": "red",
}
BAD = ("refused", "not read")


@click.command("merge")
@store_option
@click.option("--dry-run", is_flag=True, help="Check everything, write nothing.")
@json_option
def command(registry: str, dry_run: bool, as_json: bool) -> None:
    """Check what publishers handed in, and publish the good ones at once. Exit code 1 if any is refused.

    Refused ones stay, each with a refused.json that says why, and are not looked at again until they are handed in
    again. For cron or CI: docs/registry-public.md
    """
    found = merge(registry, KeyFolder(), dry_run)
    if as_json:
        show_json([each.to_json() for each in found])
    else:
        _show(found, dry_run)
    sys.exit(1 if any(each.verdict in BAD for each in found) else 0)


def _show(found: list[Judged], dry_run: bool) -> None:
    if not found:
        out().print("nothing was handed in")
        return
    title = "what a merge would do" if dry_run else ""
    rows = ((each.folder.id, each.title, Text(each.verdict, COLOURS[each.verdict]), _why(each)) for each in found)
    show_table(title, ("submission", "what", "verdict", "~why"), rows)


def _why(each: Judged) -> str:
    return "; ".join(f"{problem.rule}: {problem.found}" for problem in each.problems[:3])
