from __future__ import annotations

import click
from rich.text import Text

from tinypack.cli.registry_options import store_option
from tinypack.cli.show import json_option, out, show_json
from tinypack.registry.trust.keys import KeyFolder
from tinypack.registry.trust.manage import open_registry, renew


@click.command("sign")
@store_option
@json_option
def command(registry: str, as_json: bool) -> None:
    """Renew the timestamp, and whatever else has used up half its time. For cron: docs/registry-keys.md."""
    renewed = renew(open_registry(registry), KeyFolder())
    if as_json:
        show_json({"roles": renewed.roles, "lacking": renewed.lacking, "expires": renewed.expires.isoformat()})
        return
    out().print(Text(f"signed: {', '.join(renewed.roles)}; good until {renewed.expires:%Y-%m-%d %H:%M} UTC"))
    if renewed.lacking:
        click.echo(f"warning: {', '.join(renewed.lacking)} need the root key, which is not here", err=True)
