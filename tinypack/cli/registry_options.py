"""The options of commands that use a registry."""

from __future__ import annotations

from pathlib import Path

import click
from rich.text import Text

from tinypack.cli.show import out
from tinypack.errors import visible

registry_option = click.option(
    "--registry",
    default="",
    metavar="URL",
    help="Folder or address; #sha256=... pins it (default: the lockfile's, or TINYPACK_REGISTRY).",
)
store_option = click.option(
    "--registry",
    required=True,
    envvar="TINYPACK_REGISTRY",
    show_envvar=True,
    metavar="URL",
    help="Folder, Git repository or object store.",
)
offline_option = click.option("--offline", is_flag=True, help="Use only what was fetched before.")
lockfile_option = click.option(
    "--lockfile",
    type=click.Path(dir_okay=False, path_type=Path),
    default="tinypack.lock",
    show_default=True,
    help="Lockfile; its folder is the project.",
)


def plain(text: str) -> str:
    """Make a publisher's text fit for a line of a terminal."""
    return visible(text).replace("\n", " ").replace("\t", " ")


def say(text: str, style: str = "") -> None:
    """Print a line in which publishers may have a word."""
    out().print(Text(plain(text), style))


def warn(text: str) -> None:
    """Print a warning."""
    click.secho(f"warning: {plain(text)}", fg="yellow", err=True)
