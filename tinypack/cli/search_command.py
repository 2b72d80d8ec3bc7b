from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click
from rich.text import Text

from tinypack.cli.registry_options import lockfile_option, offline_option, plain, registry_option, say
from tinypack.cli.show import json_option, show_json, show_table
from tinypack.registry.client.search import Hit
from tinypack.registry.client.session import open_session


@click.command("search")
@click.argument("words", nargs=-1)
@click.option("--limit", "-n", type=click.IntRange(1, 1000), default=20, show_default=True, help="Packages shown.")
@registry_option
@lockfile_option
@offline_option
@json_option
def command(words: tuple[str, ...], limit: int, registry: str, lockfile: Path, offline: bool, as_json: bool) -> None:
    """Find packages of a registry that have all WORDS, or begin with them: in name, keywords, description or boards."""
    hits = open_session(lockfile, registry, offline).registry.search(" ".join(words), limit)
    if as_json:
        show_json([asdict(hit) for hit in hits])
    elif hits:
        show_table("", ("package", "version", "features", "verified on", "~what it is"), map(_row, hits))
    else:
        say("nothing found")


def _row(hit: Hit) -> tuple[object, ...]:
    version = Text(plain(hit.version)) + (Text(" unverified", "yellow") if hit.unverified else Text(""))
    return (
        hit.name,
        version,
        plain(hit.features) or "-",
        ", ".join(map(plain, hit.boards)) or "-",
        plain(hit.description),
    )
