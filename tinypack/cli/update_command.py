from __future__ import annotations

from pathlib import Path

import click

from tinypack.cli.downloads import download_bar
from tinypack.cli.install_command import show
from tinypack.cli.registry_options import lockfile_option, offline_option, registry_option, say
from tinypack.cli.show import json_option, quiet_option, show_json
from tinypack.registry.client.work import update


@click.command("update")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--force", is_flag=True, help="Replace also what was changed.")
@registry_option
@lockfile_option
@offline_option
@json_option
@quiet_option
def command(
    names: tuple[str, ...],
    force: bool,
    registry: str,
    lockfile: Path,
    offline: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Bring locked packages, or those of NAME, to the highest versions within their ranges, where they lie."""
    with download_bar(quiet or as_json) as bar:
        moved, done = update(lockfile, registry, offline, names, force, bar)
    if not (quiet or as_json):
        for name, (before, after) in moved.items():
            say(f"{name} {before} -> {after}" if before != after else f"{name} {after} is the highest in its range")
    if as_json:
        versions = {name: {"before": before, "after": after} for name, (before, after) in moved.items()}
        show_json({"versions": versions, "installed": [put.to_json() for put in done]})
    else:
        show(done, as_json, quiet)
