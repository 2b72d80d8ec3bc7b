from __future__ import annotations

from pathlib import Path

import click
from rich.text import Text

from tinypack.cli.show import json_option, out, show_json, show_table
from tinypack.registry.versions.change import Change, Comparison, Step
from tinypack.registry.versions.diff import Difference, diff_packages

COLOURS = {Step.MAJOR: "bold red", Step.MINOR: "yellow", Step.PATCH: "green", Step.NONE: ""}


@click.command("diff")
@click.argument("old")
@click.argument("new")
@click.option(
    "--test-set",
    type=click.Path(exists=True, path_type=Path),
    help="Measure accuracy: an .npz with inputs x and classes y, or a folder of recordings for each label.",
)
@click.option(
    "--registry",
    "-r",
    envvar="TINYPACK_REGISTRY",
    show_envvar=True,
    default="",
    help="Of a package that is NAME@VERSION.",
)
@json_option
def command(old: str, new: str, test_set: Path | None, registry: str, as_json: bool) -> None:
    """Compare two packages, and name the least step of their version that tells what changed.

    OLD and NEW are projects, folders with built archives, records, or NAME@VERSION of a registry. A test set compiles
    and runs both packages' C on this machine.
    """
    found = diff_packages(old, new, registry, test_set)
    if as_json:
        show_json(found.to_json())
        return
    show_difference(found)


def show_difference(found: Difference) -> None:
    """Print what differs, and the least step."""
    title = f"{found.old.name} {found.old.version} -> {found.new.name} {found.new.version}"
    show_comparison(title, found.comparison)
    if found.accuracy:
        out().print(Text(f"accuracy: {found.accuracy[0]} -> {found.accuracy[1]}"))
    out().print(Text(found.verdict, COLOURS[found.comparison.step]))


def show_comparison(title: str, comparison: Comparison) -> None:
    """Print changes by their steps, and what was not compared."""
    if comparison.changes:
        show_table(title, ("step", "what", "~old", "~new", ">growth"), map(_row, comparison.changes))
    for note in comparison.notes:
        out().print(Text(note, "dim"))


def _row(change: Change) -> tuple[object, ...]:
    return (Text(change.step.label, COLOURS[change.step]), change.what, change.old, change.new, change.percent)
