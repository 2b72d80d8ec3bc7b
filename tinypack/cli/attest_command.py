from __future__ import annotations

from pathlib import Path

import click
from rich.text import Text

from tinypack.cli.registry_options import store_option
from tinypack.cli.show import json_option, out, show_json
from tinypack.registry.publishing.add_attestation import add_attestation
from tinypack.registry.publishing.candidate import read_file
from tinypack.registry.publishing.record import MOST_ATTESTATION_BYTES
from tinypack.registry.trust.keys import KeyFolder


@click.command("attest")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--by", required=True, help="Who says so, as you call yourself; shown beside what ran.")
@store_option
@click.option("--key", "key_name", default="", help="Name of the key to sign with, in public registries.")
@json_option
def command(file: Path, by: str, registry: str, key_name: str, as_json: bool) -> None:
    """Add the attestation FILE to the version that it is about; `tinypack verify NAME@VERSION` writes one."""
    data = read_file(file, MOST_ATTESTATION_BYTES)
    said = add_attestation(registry, KeyFolder(), data, by, key_name, str(file))
    if as_json:
        show_json(vars(said))
        return
    out().print(Text(f"attestation of {said.name} {said.version}: {said.outcome}"))
