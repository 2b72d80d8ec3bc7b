from __future__ import annotations

from importlib import import_module

import click

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


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"tinypack.cli.registry_{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command("registry", cls=_Commands)
def command() -> None:
    """Run a registry: static files that packages are published into and installed from."""
