from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.text import Text

from tinypack.cli.registry_options import store_option
from tinypack.cli.show import json_option, out, progress, quiet_option, show_json, show_table
from tinypack.errors import without_secrets
from tinypack.registry.publishing.candidate import read_candidates
from tinypack.registry.publishing.publish import Item, Plan, Published, carry_out, plan_publish
from tinypack.registry.trust.keys import KeyFolder

COLUMNS = ("package", "version", "step", ">files", ">bytes", "~ran and was right on")
NEXT = "The registry's next merge checks it and publishes it: docs/registry-public.md"


@click.command("publish")
@click.argument("path", metavar="[PROJECT|DIST]", type=click.Path(exists=True, path_type=Path), default=".")
@store_option
@click.option("--dry-run", is_flag=True, help="Check everything, show what would be published, write nothing.")
@click.option("--yes", "-y", is_flag=True, help="Don't ask; CI needs it.")
@click.option("--unverified", is_flag=True, help="Publish what no attestation says to be right; everyone is told.")
@click.option(
    "--include-source",
    is_flag=True,
    help="Publish PROJECT itself, too, with its model: anyone can verify all of it.",
)
@click.option("--key", "key_name", default="", help="Name of the key to sign with, in public registries.")
@json_option
@quiet_option
def command(
    path: Path,
    registry: str,
    dry_run: bool,
    yes: bool,
    unverified: bool,
    include_source: bool,
    key_name: str,
    as_json: bool,
    quiet: bool,
) -> None:
    """Publish PROJECT, which is built first, or all packages in the folder DIST. A published version never changes.

    What is checked: docs/publishing.md. Run `tinypack verify` before: what did not run and pass is refused.
    """
    asks = not (yes or dry_run)
    if asks and (as_json or not _is_terminal()):
        raise click.UsageError("Nobody is there to be asked: publish with --yes, or check with --dry-run.")
    with progress(quiet or as_json) as say:
        candidates = read_candidates(path, say, include_source)
        say("check")
        plan = plan_publish(candidates, registry, KeyFolder(), key_name, unverified, dry_run)
    if not (quiet or as_json):
        show_plan(plan)
    if (
        asks
        and plan.new
        and not click.confirm(f"Publish to {without_secrets(plan.url)}? Versions can't be changed or removed later.")
    ):
        sys.exit(1)
    done = Published(plan, "checked") if dry_run else carry_out(plan)
    if as_json:
        show_json(done.to_json())
    elif not quiet:
        out().print(Text(_told(done)))


def _is_terminal() -> bool:
    return sys.stdin.isatty()


def show_plan(plan: Plan) -> None:
    """Print what would be published."""
    show_table(f"{plan.mode} registry {without_secrets(plan.url)}", COLUMNS, map(_row, plan.items))
    for note in plan.notes:
        click.echo(f"warning: {note}", err=True)
    for item in plan.new:
        if item.unverified:
            click.echo(f"warning: {item.candidate.record.title} is unverified, and shown so to all", err=True)


def _row(item: Item) -> tuple[object, ...]:
    parts = item.candidate.parts
    ran = Text("unverified", "yellow") if item.unverified else Text(", ".join(item.verified), "green")
    step = Text("there already", "dim") if item.there else item.step
    size = sum(len(part.data) for part in parts)
    return (item.candidate.name, item.candidate.version, step, len(parts), size, ran)


def _told(done: Published) -> str:
    titles = ", ".join(item.candidate.record.title for item in done.plan.new)
    told = {
        "published": f"published: {titles}",
        "handed in": f"handed in: {', '.join(done.ids)}\n{NEXT}",
        "already there": "nothing to publish: these very bytes are there",
        "checked": f"good to publish: {titles or 'nothing new'}; nothing was written",
    }
    return told[done.outcome]
