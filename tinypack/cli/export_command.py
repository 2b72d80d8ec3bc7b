from __future__ import annotations

from pathlib import Path

import click
from rich.text import Text

from tinypack.cli.registry_options import offline_option
from tinypack.cli.show import json_option, out, show_json
from tinypack.registry.client.registry import Registry
from tinypack.registry.exports import EXPORTS
from tinypack.registry.exports.protocol import Exported
from tinypack.registry.exports.run import run_export


class _Exports(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(EXPORTS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return _make(cmd_name) if cmd_name in EXPORTS else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(kind, exporter.BRIEF) for kind, exporter in EXPORTS.items()])


@click.command("export", cls=_Exports)
def command() -> None:
    """Write a registry's packages as an ecosystem's own tools take them: docs/exporting.md."""


def _make(kind: str) -> click.Command:
    """Make an exporter's command; each has `--url` only if it needs one."""
    exporter = EXPORTS[kind]

    def run(wanted: tuple[str, ...], registry: str, output: Path, offline: bool, as_json: bool, url: str = "") -> None:
        source = Registry(registry, offline=offline)
        source.refresh()
        show(run_export(kind, source, wanted, output, url), as_json)

    run.__doc__ = (
        f"{exporter.BRIEF}\n\n    Of the packages named, each with a range of versions if you like; or of all.\n    "
    )
    made = click.command(kind)(run)
    made.params = [
        click.Argument(["wanted"], nargs=-1, metavar="[NAME[@RANGE]]..."),
        click.Option(
            ["--registry"],
            required=True,
            envvar="TINYPACK_REGISTRY",
            show_envvar=True,
            help="Folder or address; #sha256=... pins it.",
        ),
        click.Option(
            ["--output", "-o"], required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder."
        ),
        *([click.Option(["--url"], required=True, help=f"Address {exporter.URL_IS}.")] if exporter.URL_IS else []),
    ]
    return offline_option(json_option(made))


def show(exported: Exported, as_json: bool) -> None:
    """Say what was written, and what was left out."""
    if as_json:
        show_json(
            {
                "paths": [str(path) for path in exported.paths],
                "versions": list(exported.versions),
                "left_out": list(exported.left_out),
            }
        )
        return
    for path in exported.paths:
        out().print(Text(str(path)))
    for line in exported.left_out:
        click.echo(f"left out: {line}", err=True)
