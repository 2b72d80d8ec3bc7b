from __future__ import annotations

from pathlib import Path

import click

from tinypack.cli.show import json_option, out, progress, quiet_option, show_json
from tinypack.errors import visible


@click.command("site")
@click.option("--registry", required=True, envvar="TINYPACK_REGISTRY", show_envvar=True, help="Folder or address.")
@click.option(
    "--output", "-o", type=click.Path(file_okay=False, path_type=Path), help="Folder (default: the registry)."
)
@click.option("--base-url", default="", help="Address of the registry's files, if the pages lie elsewhere.")
@json_option
@quiet_option
def command(registry: str, output: Path | None, base_url: str, as_json: bool, quiet: bool) -> None:
    """Write the web pages: a list with search, and a page for each package. What did not change is kept."""
    from tinypack.output import check_folder
    from tinypack.registry.client.registry import Registry
    from tinypack.registry.site.place import page_place
    from tinypack.registry.site.write import write_site
    from tinypack.registry.stores.opening import split_pin

    folder, base_url = page_place(split_pin(registry)[0], output, base_url)
    check_folder(folder)
    source = Registry(registry)
    with progress(quiet or as_json) as say:
        source.refresh()
        written = write_site(source, folder, source.title or "Packages", base_url, say)
    if as_json:
        counts = {"rendered": written.rendered, "kept": written.kept, "files": written.files}
        show_json({"folder": str(folder), **counts, "unreadable": written.unreadable})
    elif not quiet:
        out().print(f"{folder}: {written.rendered} packages written, {written.kept} as before", markup=False)
    for filename in written.unreadable:
        click.echo(f"warning: {visible(filename)} can't be read; its package's page says so", err=True)
