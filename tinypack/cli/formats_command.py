from __future__ import annotations

import click

from tinypack.cli.show import json_option, show_json, show_table
from tinypack.formats import FORMATS


@click.command("formats")
@json_option
def command(as_json: bool) -> None:
    """List the package formats."""
    rows = [(name, fmt.BRIEF) for name, fmt in FORMATS.items()]
    if as_json:
        show_json([{"format": name, "brief": brief} for name, brief in rows])
    else:
        show_table("", ("format", "~what it is"), rows)
