from __future__ import annotations

from pathlib import Path

import click
from rich.text import Text

from tinypack.cli.registry_options import lockfile_option, offline_option, plain, registry_option
from tinypack.cli.show import json_option, show_json, show_table
from tinypack.registry.client.resolve import by_version, parse_wanted
from tinypack.registry.client.session import open_session
from tinypack.registry.entries import BoardResult
from tinypack.registry.package_index import Line


@click.command("versions")
@click.argument("name")
@registry_option
@lockfile_option
@offline_option
@json_option
def command(name: str, registry: str, lockfile: Path, offline: bool, as_json: bool) -> None:
    """List the versions of the package NAME, the highest first."""
    wanted = parse_wanted(name)
    lines = by_version(open_session(lockfile, registry, offline).registry.package(wanted.name))
    chosen = [line for line in lines if wanted.takes(line.version) or wanted.name == name]
    if as_json:
        show_json([version_json(line) for line in chosen])
    else:
        show_table("", ("version", "published", "~boards", "~remarks"), map(_row, chosen))


def version_json(line: Line) -> dict[str, object]:
    """Give a version in short."""
    return {
        "version": line.version,
        "published": line.release.body.published,
        "unverified": line.release.body.unverified,
        "yanked": line.yanked,
        "boards": {name: result.status for name, result in sorted(line.boards.items())},
    }


def by_trial(line: Line) -> tuple[list[BoardResult], list[BoardResult]]:
    """Part the boards on which something was done from those that are untested."""
    results = [result for _, result in sorted(line.boards.items())]
    untested = [result for result in results if result.status == "untested"]
    return [result for result in results if result.status != "untested"], untested


def remarks(line: Line) -> Text:
    """Say loudly what users must know of a version."""
    parts = []
    if line.yanked:
        parts.append(Text(f"YANKED: {plain(line.yanked)}", "bold red"))
    if line.release.body.unverified:
        parts.append(Text("UNVERIFIED", "bold yellow"))
    return Text("  ").join(parts)


def _row(line: Line) -> tuple[object, ...]:
    tried, _ = by_trial(line)
    boards = ", ".join(f"{plain(result.board)} {result.status}" for result in tried)
    return line.version, plain(line.release.body.published[:10]), boards or "-", remarks(line)
