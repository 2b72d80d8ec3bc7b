from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from rich.text import Text

from tinypack.cli.show import out, progress, quiet_option, show_table
from tinypack.output import write_whole
from tinypack.verify.package import verify_package
from tinypack.verify.report import Attestation, Result

COLOURS = {"passed": "green", "failed": "bold red", "not-run": "yellow"}


@click.command("verify")
@click.argument("project", type=click.Path(exists=True, path_type=Path), default=".")
@click.option("--board", "-b", "boards", multiple=True, help="Board; may be repeated (default: the project's).")
@click.option("--format", "-f", "formats", multiple=True, help="Package format; may be repeated (default: all).")
@click.option("--vectors", type=click.IntRange(0, 10_000), default=10, show_default=True, help="Further random inputs.")
@click.option(
    "--output", "-o", type=click.Path(file_okay=False, path_type=Path), help="Folder (default: PROJECT/dist)."
)
@click.option(
    "--json",
    "json_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the attestation here too; - prints it.",
)
@quiet_option
def command(
    project: Path,
    boards: tuple[str, ...],
    formats: tuple[str, ...],
    vectors: int,
    output: Path | None,
    json_file: Path | None,
    quiet: bool,
) -> None:
    """Build PROJECT's packages, run their self-tests, compare every node with TensorFlow Lite Micro."""
    with progress(quiet) as say:
        attestation = verify_package(project, output, boards, formats, vectors, progress=say)
    if json_file is not None:
        _write_json(json_file, json.dumps(attestation.to_json(), indent=2) + "\n")
    if not quiet and str(json_file) != "-":
        show_attestation(attestation)
    unproven = [name for name in boards if not attestation.passed_on(name)]
    for name in unproven:
        click.echo(f"nothing passed on the board {name}", err=True)
    sys.exit(0 if attestation.passed and not unproven else 1)


def _write_json(path: Path, text: str) -> None:
    """Write a file whole; standard output, pipes and devices take the text as it comes."""
    if str(path) == "-":
        click.echo(text, nl=False)
    elif path.exists() and not path.is_file():
        path.write_text(text, encoding="utf-8")
    else:
        target = path.resolve()
        write_whole(target.parent, {target.name: text.encode()})


def show_attestation(attestation: Attestation) -> None:
    """Print a verification: one line a format and board, and why something failed or did not run."""
    columns = (
        "format",
        "board",
        "status",
        ">vectors",
        ">differ",
        ">flash B",
        ">RAM B",
        ">stack B",
        ">instructions",
        ">s",
    )
    record = attestation.record
    show_table(
        f"{record['name']} {record['version']} against {record['oracle']}", columns, map(_row, attestation.results)
    )
    for result in attestation.results:
        if result.reason:
            out().print(Text(f"{result.format} on {result.board}: {result.reason}"))
    out().print(Text(f"attestation: {attestation.path}"))


def _row(result: Result) -> tuple[object, ...]:
    status = Text(result.status, COLOURS[result.status])
    measured = (result.flash_bytes, result.ram_bytes, result.stack_bytes, result.instructions)
    shown = ("-" if value is None else value for value in measured)
    return (result.format, result.board, status, result.vectors, result.mismatches, *shown, f"{result.seconds:.1f}")
