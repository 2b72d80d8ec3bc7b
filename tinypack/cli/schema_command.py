from __future__ import annotations

import click

from tinypack.cli.show import show_json
from tinypack.manifest import manifest_schema


@click.command("schema")
def command() -> None:
    """Print the JSON Schema of tinypack.toml, for editors."""
    show_json(manifest_schema())
