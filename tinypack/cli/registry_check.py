from __future__ import annotations

import sys

import click
from rich.text import Text

from tinypack.cli.show import counted, json_option, out, progress, quiet_option, show_json, show_problems
from tinypack.errors import TinypackError, visible
from tinypack.registry.audit import Audit, audit
from tinypack.registry.stores.opening import open_reader, split_pin
from tinypack.registry.trust.chain import check_pin


@click.command("check")
@click.option(
    "--registry", required=True, envvar="TINYPACK_REGISTRY", show_envvar=True, help="Folder or address; pinned or not."
)
@quiet_option
@json_option
def command(registry: str, quiet: bool, as_json: bool) -> None:
    """Audit a whole registry: every signature, index, archive and attestation. Reads all of it."""
    address, pin = split_pin(registry)
    reader = open_reader(address)
    if pin:
        check_pin(reader, pin)
    with progress(quiet or as_json) as say:
        found = audit(reader, say)
    if as_json:
        show_json({**vars(found), "problems": [vars(problem) for problem in found.problems]})
    else:
        _show(found, quiet)
    sys.exit(1 if found.problems else 0)


def _show(found: Audit, quiet: bool) -> None:
    if found.problems:
        show_problems(TinypackError(found.problems))
    if not found.complete:
        click.echo("stopped here; there may be more problems", err=True)
    if quiet:
        return
    counts = ((found.packages, "package"), (found.versions, "version"), (found.files, "file"), (found.size, "byte"))
    sizes = ", ".join(counted(number, noun) for number, noun in counts)
    out().print(Text(f"{sizes}: {'good' if not found.problems else 'not good'}"))
    if found.orphans:
        out().print(
            Text(f"files that nothing names (harmless): {found.orphans:,}, such as {visible(found.some_orphans[0])}")
        )
