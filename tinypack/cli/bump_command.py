from __future__ import annotations

from pathlib import Path

import click
from rich.text import Text

from tinypack.cli.diff_command import show_comparison
from tinypack.cli.show import json_option, out, show_json
from tinypack.registry.versions.bump import bump


@click.command("bump")
@click.argument("project", type=click.Path(exists=True, path_type=Path), default=".")
@click.option(
    "--registry", "-r", envvar="TINYPACK_REGISTRY", show_envvar=True, default="", help="Compare with what it has."
)
@click.option("--against", default="", help="Compare with a project, a folder, a record, or NAME@VERSION instead.")
@json_option
def command(project: Path, registry: str, against: str, as_json: bool) -> None:
    """Raise the version in PROJECT's tinypack.toml to the least one that tells what changed.

    Nothing but the version is changed in the file; one that tells enough already stays.
    """
    if not registry and not against:
        raise click.UsageError("Give --registry (or TINYPACK_REGISTRY), or --against.")
    found = bump(project, registry, against)
    if as_json:
        show_json(found.to_json())
        return
    if found.comparison:
        show_comparison(f"{found.name} since {found.base}", found.comparison)
    out().print(Text(found.verdict, "bold"))
