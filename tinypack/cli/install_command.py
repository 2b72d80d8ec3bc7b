from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from tinypack.cli.downloads import download_bar
from tinypack.cli.registry_options import lockfile_option, offline_option, registry_option, say, warn
from tinypack.cli.show import json_option, quiet_option, show_json
from tinypack.registry.client.install.install import Place, Put
from tinypack.registry.client.install.targets import ECOSYSTEMS
from tinypack.registry.client.work import install_asked


@click.command("install")
@click.argument("wanted", metavar="[NAME[@RANGE]|PROJECT]...", nargs=-1)
@click.option("--to", type=click.Choice(list(ECOSYSTEMS)), help="Where its tools find it.")
@click.option(
    "--into", type=click.Path(file_okay=False, path_type=Path), help="Folder of packages (default: the usual one)."
)
@click.option("--locked", is_flag=True, help="Take what the lockfile names; leave it as it is.")
@click.option("--force", is_flag=True, help="Replace also what was changed, or is another's.")
@registry_option
@lockfile_option
@offline_option
@json_option
@quiet_option
def command(
    wanted: tuple[str, ...],
    to: str | None,
    into: Path | None,
    locked: bool,
    force: bool,
    registry: str,
    lockfile: Path,
    offline: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Install packages of a registry, or what the lockfile names: verified, all of them or none.

    A range is such as ^1.2, ~1.2, 1.x, ">=1 <2" or 1.2.3. A PROJECT is the path of a local one, which is built.
    """
    if into is not None and to is None:
        raise click.UsageError("--into needs --to.")
    with download_bar(quiet or as_json) as bar:
        place = Place(to, into) if to else None
        done = install_asked(lockfile, registry, offline, wanted, place, locked, force, bar)
    show(done, as_json, quiet)


def show(done: Sequence[Put], as_json: bool, quiet: bool) -> None:
    """Say what was put where, and what the user does now."""
    for put in done:
        if put.unverified:
            warn(f"{put.name} {put.version} was published unverified: nobody attested that it computes what it must")
    if as_json:
        show_json([put.to_json() for put in done])
    elif not quiet:
        for put in done:
            before = f", was {put.before}" if put.changed and put.before not in ("", put.version) else ""
            say(f"{put.name} {put.version}{before}: {put.folder}{'' if put.changed else ' (unchanged)'}")
        for text in dict.fromkeys(put.next for put in done if put.changed):
            say(f"  {text}")
