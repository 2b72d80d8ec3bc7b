from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import click

from tinypack.cli.show import json_option, out, show_json
from tinypack.errors import TinypackError

LOOPBACK = ("127.0.0.1", "::1", "localhost")


@click.command("serve")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: any that is free.")
@click.option("--bind", default=LOOPBACK[0], show_default=True, help="Address to listen at.")
@json_option
def command(folder: Path, port: int, bind: str, as_json: bool) -> None:
    """Serve FOLDER, a registry or its pages, until Ctrl-C."""
    from tinypack.registry.site.server import Server

    try:
        server = Server(folder, bind, port)
    except OSError as error:
        where, rule = f"{bind}:{port}", "the address must be free, and this machine's own"
        raise TinypackError.one("io", where, rule, str(error.strerror), "choose another --port or --bind") from None
    if bind not in LOOPBACK:
        click.echo(f"warning: {bind} may be reached by other machines", err=True)
    if as_json:
        show_json({"url": server.url, "folder": str(folder)})
    else:
        out().print(f"{folder} is served at {server.url} until Ctrl-C")
    with server, suppress(KeyboardInterrupt):
        server.serve_forever()
