from __future__ import annotations

from pathlib import Path

import click

from tinypack.cli.registry_options import lockfile_option, offline_option, registry_option, say, warn
from tinypack.cli.show import json_option, quiet_option, show_json, show_table
from tinypack.registry.client.lockfile import Locked
from tinypack.registry.client.work import lock


@click.command("lock")
@click.argument("wanted", metavar="[NAME[@RANGE]]...", nargs=-1)
@click.option("--platformio-script", is_flag=True, help="Write tinypack_deps.py too, for extra_scripts.")
@registry_option
@lockfile_option
@offline_option
@json_option
@quiet_option
def command(
    wanted: tuple[str, ...],
    platformio_script: bool,
    registry: str,
    lockfile: Path,
    offline: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Write tinypack.lock, and tinypack.lock.ini for PlatformIO's extra_configs; install nothing.

    What is locked already stays at its version if that is in the range.
    """
    written = lock(lockfile, registry, offline, wanted, platformio_script)
    for name in written.without_url:
        warn(f"{name} has no address that PlatformIO can fetch from: use its plug-in, --platformio-script")
    for each in written.packages:
        if each.unverified:
            warn(f"{each.name} {each.version} was published unverified")
    if as_json:
        show_json({"written": [str(path) for path in written.paths], "packages": [_plain(p) for p in written.packages]})
    elif not quiet:
        rows = ((each.name, each.range, each.version) for each in written.packages)
        show_table("", ("package", "range", "version"), rows)
        for path in written.paths:
            say(f"wrote {path}")


def _plain(package: Locked) -> dict[str, object]:
    return package.model_dump(mode="json")
