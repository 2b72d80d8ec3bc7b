from __future__ import annotations

from typing import get_args

import click
from rich.text import Text

from tinypack.cli.registry_options import store_option
from tinypack.cli.show import json_option, out, show_json
from tinypack.errors import without_secrets
from tinypack.registry.entries import Mode
from tinypack.registry.trust.keys import KeyFolder
from tinypack.registry.trust.manage import init_registry, open_registry
from tinypack.registry.trust.settings import DEFAULT_BINS, MOST_TIMESTAMP_DAYS, TIMESTAMP_DAYS


@click.command("init")
@store_option
@click.option(
    "--mode",
    type=click.Choice(get_args(Mode)),
    default="private",
    show_default=True,
    help="private: who holds the online key publishes all; public: a name belongs to who published it first.",
)
@click.option("--name", default="registry", show_default=True, help="What you call it; its keys are named so.")
@click.option("--bins", type=int, default=DEFAULT_BINS, show_default=True, help="Files of the index; a power of two.")
@click.option(
    "--timestamp-days",
    type=click.IntRange(1, MOST_TIMESTAMP_DAYS),
    help=f"How long it may go unsigned (default: {TIMESTAMP_DAYS['private']}, public {TIMESTAMP_DAYS['public']}).",
)
@json_option
def command(registry: str, mode: Mode, name: str, bins: int, timestamp_days: int | None, as_json: bool) -> None:
    """Make an empty registry and its keys: docs/registry-keys.md says what each is for, and where to keep it."""
    keys = KeyFolder()
    shown = without_secrets(registry)
    made = init_registry(open_registry(registry), keys, mode, bins, timestamp_days, name)
    if as_json:
        show_json(
            {
                "registry": shown,
                "mode": mode,
                "root_sha256": made.registry,
                "keys": str(keys.folder),
                "root_key": {"name": made.root_key.name, "keyid": made.root_key.keyid},
                "online_key": {"name": made.online_key.name, "keyid": made.online_key.keyid},
            }
        )
        return
    out().print(Text(f"{shown}: a {mode} registry, known by the SHA-256 of its first root:\n  {made.registry}"))
    out().print(Text(f"Users who write {shown}#sha256={made.registry} trust no other one."))
    out().print(Text(f"Keys in {keys.folder}: {made.online_key.name} signs what is published;"))
    out().print(
        Text(f"  {made.root_key.name} only changes keys: move it to a medium that you keep offline, with a copy.")
    )
