from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import click
from rich.text import Text

from tinypack.cli.registry_options import store_option
from tinypack.cli.show import json_option, out, show_json, show_table
from tinypack.errors import without_secrets
from tinypack.registry.trust.keys import KeyFolder, read_public
from tinypack.registry.trust.manage import open_registry
from tinypack.registry.trust.rotation import KeyRole, add_key, list_keys, revoke_key, rotate_key

SHOWN = 16  # digits of an id
ARTICLES: dict[KeyRole, str] = {"root": "a", "online": "an"}

role_option = click.option(
    "--role", type=click.Choice(get_args(KeyRole)), required=True, help="root: changes keys; online: publishes."
)


@click.group("key")
def command() -> None:
    """Make, list, add, rotate and revoke keys: docs/registry-keys.md."""


@command.command("new")
@click.argument("name")
@json_option
def new(name: str, as_json: bool) -> None:
    """Make a key NAME of your own, such as a publisher's."""
    keys = KeyFolder()
    key = keys.generate(name)
    _show(as_json, {"name": name, "keyid": key.keyid}, f"{keys.folder / name}.pem is secret; hand out {name}.pub")


@command.command("list")
@click.option("--registry", envvar="TINYPACK_REGISTRY", show_envvar=True, help="Show the keys of this registry, too.")
@json_option
def list_all(registry: str | None, as_json: bool) -> None:
    """List the keys at hand, and what they are for a registry."""
    rows = list_keys(KeyFolder(), open_registry(registry) if registry else None)
    if as_json:
        show_json([vars(row) for row in rows])
        return
    shown = [(row.keyid[:SHOWN], row.name or "-", ", ".join(row.roles) or "-") for row in rows]
    show_table("", ("id", "name here", "in the registry"), shown)


@command.command("add")
@click.argument("key")
@role_option
@store_option
@json_option
def add(key: str, role: KeyRole, registry: str, as_json: bool) -> None:
    """Let KEY sign for a registry: a .pub file, or a name, whose key is made here unless there is one."""
    keyid, public = _public(KeyFolder(), key)
    add_key(open_registry(registry), KeyFolder(), role, keyid, public)
    _show(as_json, {"keyid": keyid, "role": role}, f"{keyid[:SHOWN]} is now {ARTICLES[role]} {role} key of {registry}")


@command.command("rotate")
@role_option
@click.option("--old", default="", help="Id of the key to replace, if there are several; its first digits will do.")
@store_option
@json_option
def rotate(role: KeyRole, old: str, registry: str, as_json: bool) -> None:
    """Put a new key in the place of an old one. Interrupted, do it again."""
    key = rotate_key(open_registry(registry), KeyFolder(), role, old)
    _show(as_json, {"name": key.name, "keyid": key.keyid, "role": role}, f"{key.name} is now the {role} key")


@command.command("revoke")
@click.argument("keyid")
@role_option
@store_option
@json_option
def revoke(keyid: str, role: KeyRole, registry: str, as_json: bool) -> None:
    """Trust a key no longer; KEYID may be its first digits."""
    revoke_key(open_registry(registry), KeyFolder(), role, keyid)
    _show(as_json, {"keyid": keyid, "role": role}, f"{keyid[:SHOWN]} is no {role} key of {registry} any more")


@command.command("owners")
@click.argument("package")
@click.option("--add", multiple=True, help="A .pub file, or a key's name here; may be repeated.")
@click.option("--remove", multiple=True, help="Id of an owner, or its first digits; may be repeated.")
@click.option("--recover", is_flag=True, help="Those added take the place of all owners, by a root key.")
@click.option("--why", default="", help="Said to all.")
@store_option
@json_option
def owners(
    package: str, add: tuple[str, ...], remove: tuple[str, ...], recover: bool, why: str, registry: str, as_json: bool
) -> None:
    """Show who owns PACKAGE in a public registry, or change it, as one of them or with a root key."""
    from tinypack.registry.publishing.ownership import set_owners, show_owners

    if recover and (remove or not add):
        raise click.UsageError("--recover takes --add, and not --remove.")
    keys = KeyFolder()
    added = dict(_public(keys, each) for each in add)
    changes = bool(added or remove)
    found = (
        set_owners(registry, keys, package, added, remove, recover, why) if changes else show_owners(registry, package)
    )
    text = "\n".join([f"{package}: owners {found.owners.number}", *(f"  {keyid}" for keyid in found.owners.keys)])
    if found.submission:
        text += f"\nhanded in as {found.submission}, for the registry's next merge"
    data = {"package": package, "number": found.owners.number, "owners": list(found.owners.keys)}
    _show(as_json, {**data, "submission": found.submission}, text)


def _public(keys: KeyFolder, key: str) -> tuple[str, dict[str, Any]]:
    if key.endswith(".pub"):
        return read_public(Path(key))
    made = keys.ensure(key)
    return made.keyid, made.public


def _show(as_json: bool, data: dict[str, Any], text: str) -> None:
    if as_json:
        show_json(data)
    else:
        out().print(Text(without_secrets(text)))
