from __future__ import annotations

from pathlib import Path

import click
from rich.text import Text
from rich.tree import Tree

from tinypack.cli.registry_options import lockfile_option, offline_option, registry_option
from tinypack.cli.show import json_option, out, show_json
from tinypack.errors import visible
from tinypack.registry.client.installed import Branch, tree
from tinypack.registry.client.session import open_session


@click.command("tree")
@registry_option
@lockfile_option
@offline_option
@json_option
def command(registry: str, lockfile: Path, offline: bool, as_json: bool) -> None:
    """Show which packages a project has, where they are installed, and what is newer."""
    session = open_session(lockfile, registry, offline, kept=True)
    branches = tree(session.lock, session.registry)
    if as_json:
        show_json([_plain(branch) for branch in branches])
        return
    shown = Tree(Text(visible(f"{session.lock.path} ({session.registry.url})"), "bold"))
    for branch in branches:
        package = branch.package
        node = shown.add(Text(visible(f"{package.name} {package.version} ({package.range})")) + _newer(branch))
        for to, folder, version in branch.folders:
            there = "" if version == package.version else f" - {version or 'not'} there"
            node.add(Text(f"{to}: {folder}") + Text(there, "yellow"))
    out().print(shown)


def _newer(branch: Branch) -> Text:
    if branch.unknown:
        return Text(f" - what is newer is unknown: {branch.unknown}", "yellow")
    parts = [f"`tinypack update` brings {branch.fitting}"] if branch.fitting else []
    if branch.newest and branch.newest != branch.fitting:
        parts.append(f"{branch.newest} is out of the range")
    return Text(f" - {', '.join(parts)}", "cyan") if parts else Text("")


def _plain(branch: Branch) -> dict[str, object]:
    places = [{"to": to, "folder": str(folder), "version": version} for to, folder, version in branch.folders]
    return {
        "name": branch.package.name,
        "version": branch.package.version,
        "range": branch.package.range,
        "unverified": branch.package.unverified,
        "places": places,
        "update": branch.fitting,
        "newest": branch.newest,
        "unknown": branch.unknown,
    }
