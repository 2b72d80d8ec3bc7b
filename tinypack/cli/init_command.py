from __future__ import annotations

from pathlib import Path

import click
from rich.text import Text

from tinypack.cli.show import out
from tinypack.errors import TinypackError
from tinypack.manifest import FILENAME
from tinypack.output import write_whole
from tinypack.starter import starter_manifest


@click.command("init")
@click.argument("model", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", help="Package name (default: from the file's name).")
@click.option("--force", is_flag=True, help="Overwrite a tinypack.toml.")
def command(model: Path, name: str | None, force: bool) -> None:
    """Write a commented tinypack.toml beside MODEL, from what the model says."""
    target = model.parent / FILENAME
    if target.exists() and not force:
        hint = "edit it, or give --force to overwrite it"
        raise TinypackError.one("io", str(target), "init writes a new file", "it is there already", hint)
    write_whole(model.parent, {FILENAME: starter_manifest(model, name).encode()})
    out().print(Text(f"wrote {target}; next: tinypack build {model.parent}"))
