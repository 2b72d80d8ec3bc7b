from __future__ import annotations

import sys
from dataclasses import asdict

import click
from rich.text import Text

from tinypack.boards import DEFAULT, chosen_boards
from tinypack.cli.show import json_option, mark, out, progress, quiet_option, show_json, show_table
from tinypack.verify.doctor import Finding, examine, fix


@click.command("doctor")
@click.option(
    "--board",
    "-b",
    "names",
    multiple=True,
    metavar="ID|all",
    help=f"Board to run, or to compile for (default: {', '.join(DEFAULT)}).",
)
@click.option("--fix", "mend", is_flag=True, help="Get what lacks.")
@json_option
@quiet_option
def command(names: tuple[str, ...], mend: bool, as_json: bool, quiet: bool) -> None:
    """Show which tools this machine has, and the command that brings what lacks."""
    boards = chosen_boards(names)
    findings = examine(boards)
    if mend:
        with progress(quiet or as_json) as say:
            findings = fix(boards, findings, say)
    if as_json:
        show_json([asdict(finding) for finding in findings])
    else:
        rows = [(f.name, _there(f), f.found or "-", f.needed_for) for f in findings]
        show_table("", ("tool", "there", "found", "~needed for"), rows)
        for remedy in dict.fromkeys(f.remedy for f in findings if not f.ok and f.remedy):
            out().print(f"  {remedy}", markup=False)
    sys.exit(0 if all(finding.ok for finding in findings) else 1)


def _there(finding: Finding) -> Text:
    return Text("optional", "dim") if finding.ok and finding.found is None else mark(finding.ok)
