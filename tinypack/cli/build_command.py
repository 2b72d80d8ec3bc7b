from __future__ import annotations

from pathlib import Path

import click
from rich.text import Text

from tinypack.cli.show import json_option, out, progress, quiet_option, show_json, show_table
from tinypack.pack import build_package


@click.command("build")
@click.argument("project", type=click.Path(exists=True, path_type=Path), default=".")
@click.option(
    "--output", "-o", type=click.Path(file_okay=False, path_type=Path), help="Folder (default: PROJECT/dist)."
)
@click.option("--format", "-f", "formats", multiple=True, help="Package format; may be repeated (default: all).")
@click.option("--board", "-b", "boards", multiple=True, help="Board that it must fit; may be repeated.")
@json_option
@quiet_option
def command(
    project: Path, output: Path | None, formats: tuple[str, ...], boards: tuple[str, ...], as_json: bool, quiet: bool
) -> None:
    """Build the packages of PROJECT: the same bytes on every machine, all of them or none."""
    with progress(quiet or as_json) as say:
        built = build_package(project, output, formats, boards, say)
    if not quiet:
        for warning in built.warnings:
            click.echo(f"warning: {warning}", err=True)
    if as_json:
        show_json(built.record)
    elif not quiet:
        rows = [(a.format, a.filename, len(a.data), a.sha256[:16]) for a in built.artifacts]
        show_table("", ("format", "file", ">bytes", "SHA-256"), rows)
        record = built.record
        about = f"{record['ram_bytes']:,} B of RAM, tables {record['table_bytes']:,} B of flash"
        out().print(Text(f"{record['name']} {record['version']} in {built.folder}: {about}"))
