from __future__ import annotations

import click

from tinypack.cli.lazy import LazyGroup

#: Subcommand -> what `--help` says of it; the module tinypack.cli.registry_<subcommand> defines `command`.
COMMANDS = {
    "init": "Make an empty registry and its keys.",
    "key": "List, add, rotate and revoke keys.",
    "merge": "Check what publishers handed in, and publish it.",
    "sign": "Renew metadata before they expire.",
    "check": "Audit a whole registry.",
    "site": "Write the web pages.",
    "serve": "Serve a registry on this machine, for a try.",
}


@click.command("registry", cls=LazyGroup, sections={"Commands": COMMANDS}, module="tinypack.cli.registry_{}")
def command() -> None:
    """Run a registry: static files that packages are published into and installed from."""
