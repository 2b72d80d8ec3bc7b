from __future__ import annotations

import click
from rich.text import Text

from tinypack.cli.registry_options import store_option
from tinypack.cli.show import json_option, out, show_json
from tinypack.registry.publishing.yank import yank
from tinypack.registry.trust.keys import KeyFolder


@click.command("yank")
@click.argument("name")
@click.argument("version")
@click.option("--why", required=True, help="One line, which users read.")
@click.option("--undo", is_flag=True, help="Show the version again.")
@store_option
@click.option("--key", "key_name", default="", help="Name of the key to sign with, in public registries.")
@json_option
def command(name: str, version: str, why: str, undo: bool, registry: str, key_name: str, as_json: bool) -> None:
    """Hide VERSION of NAME from resolution. Nothing is deleted: lockfiles that name it still get it."""
    said = yank(registry, KeyFolder(), name, version, why, undo, key_name)
    if as_json:
        show_json({**vars(said), "yanked": not undo})
        return
    done = "shown again" if undo else "yanked"
    out().print(Text(f"{name} {version} {done}" + ("" if said.outcome == "published" else f": {said.outcome}")))
