from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click
from rich.text import Text

from tinypack.boards import ALL, board
from tinypack.cli.show import out, progress, quiet_option, show_table
from tinypack.output import check_file, write_file
from tinypack.verify.junit import junit_xml
from tinypack.verify.package import verify_packages
from tinypack.verify.page import html_page
from tinypack.verify.report import Attestation, Result, by_reason, explain, printable, tally

COLOURS = {"passed": "green", "failed": "bold red", "compiled": "cyan", "not-run": "yellow"}
STDOUT = Path("-")
FILE = click.Path(dir_okay=False, path_type=Path)


def _subject(value: str) -> Path | str:
    """Read a project's path, or NAME@VERSION where there is no such path: a package in a registry."""
    if not Path(value).exists():
        if "@" in value:
            return value
        raise click.BadParameter(f"there is no {value!r}.")
    return Path(value)


@click.command("verify")
@click.argument("subjects", metavar="[PROJECT|NAME@VERSION]...", nargs=-1, type=_subject)
@click.option("--board", "-b", "boards", multiple=True, help="Board, or all (default: the project's, or two).")
@click.option("--format", "-f", "formats", multiple=True, help="Format, or all; may be repeated (default: all built).")
@click.option("--vectors", type=click.IntRange(0, 10_000), default=10, show_default=True, help="Further random inputs.")
@click.option(
    "--output",
    "-o",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder (default: PROJECT/dist; of NAME@VERSION this one).",
)
@click.option(
    "--registry", envvar="TINYPACK_REGISTRY", show_envvar=True, help="Where NAME@VERSION is: folder or address."
)
@click.option("--submit", is_flag=True, help="Sign what came of NAME@VERSION and add it to the registry.")
@click.option("--by", metavar="WHO", help="With --submit: who says so.")
@click.option("--key", "key_name", default="", metavar="NAME", help="With --submit: key to sign with.")
@click.option("--html", "html_file", type=FILE, help="Write a page with all results; - prints it.")
@click.option("--junit", "junit_file", type=FILE, help="Write the results as JUnit's XML, for CI; - prints it.")
@click.option(
    "--json",
    "json_file",
    type=FILE,
    help="Write the attestation here too, an array of them for several PROJECTs; - prints it.",
)
@quiet_option
def command(
    subjects: tuple[Path | str, ...],
    boards: tuple[str, ...],
    formats: tuple[str, ...],
    vectors: int,
    output: Path | None,
    registry: str | None,
    submit: bool,
    by: str | None,
    key_name: str,
    html_file: Path | None,
    junit_file: Path | None,
    json_file: Path | None,
    quiet: bool,
) -> None:
    """Build each PROJECT's packages, run their self-tests, compare every node with TensorFlow Lite Micro.

    "--board all" are all emulated boards. A board that is named must run; a real one, which nothing emulates, must
    compile, and is never called passed. What can't run on one of all is no failure.

    NAME@VERSION is fetched from a registry: with its source, it is built again, bytes are compared, and the published
    archives are verified; without, they run their own self-tests. It runs code that others wrote.
    """
    projects = [subject for subject in subjects if isinstance(subject, Path)]
    names = [subject for subject in subjects if isinstance(subject, str)]
    if names and not registry:
        raise click.UsageError(f"{names[0]} needs --registry; there is no such path.")
    if submit and not (names and by):
        raise click.UsageError("--submit needs NAME@VERSION, and --by to say who attests.")
    asked = ((html_file, html_page), (junit_file, junit_xml), (json_file, json_text))
    reports = [(path, write) for path, write in asked if path is not None]
    paths = {path for path, _ in reports}
    if len(paths) < len(reports):
        raise click.UsageError("--html, --junit and --json must name different files.")
    for path in paths - {STDOUT}:
        check_file(path)
    with progress(quiet) as say:
        attestations, repeated = [], []
        if projects or not names:
            attestations += verify_packages(projects or [Path()], output, boards, formats, vectors, progress=say)
        if names and registry:
            click.echo(f"warning: {', '.join(names)}: code that others wrote is built and run here, as you", err=True)
            from tinypack.registry.repeat import repeat_all

            repeated = repeat_all(registry, names, boards, formats, vectors, output, say)
            attestations += repeated
    for path, write in reports:
        _put(path, write(attestations))
    shown = not quiet and STDOUT not in paths
    unmet = [line for attestation in attestations for line in _unmet(attestation, boards, shown)]
    for attestation in attestations if shown else ():
        show_attestation(attestation)
    if shown and len(attestations) > 1:
        out().print(Text(tally(result for attestation in attestations for result in attestation.results)))
    for line in unmet:
        click.echo(line, err=True)
    if submit and registry and by:
        from tinypack.registry.repeat import submit_all

        for line in submit_all(registry, repeated, by, key_name):
            click.echo(line, err=True)
    sys.exit(1 if unmet else 0)


def json_text(attestations: Sequence[Attestation]) -> str:
    """Write an attestation, or an array of several."""
    data = [attestation.to_json() for attestation in attestations]
    return json.dumps(data if len(data) > 1 else data[0], indent=2) + "\n"


def _put(path: Path, text: str) -> None:
    if path == STDOUT:
        click.echo(text, nl=False)
    else:
        write_file(path, text.encode())


def _unmet(attestation: Attestation, boards: Sequence[str], brief: bool) -> list[str]:
    """Say what keeps a verification from being passed; why, unless that is shown elsewhere."""
    named = [board(name) for name in dict.fromkeys(boards) if name != ALL]
    words = {True: "nothing passed on the board {}", False: "nothing compiled for the board {}"}
    lines = [words[each.emulated].format(each.id) for each in named if not attestation.done_on(each)]
    if attestation.status == "failed" or (not attestation.passed and (ALL in boards or not named)):
        lines.append(tally(attestation.results))
    if attestation.rebuilt and attestation.rebuilt.differ:
        lines.append(f"archives that are not what their source gives: {', '.join(attestation.rebuilt.differ)}")
    if lines and not brief:
        lines = [*_reasons(attestation), *lines]
    return [f"{attestation.title}: {line}" for line in lines]


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
        ">a frame",
        ">s",
    )
    show_table(f"{attestation.title} against {attestation.record['oracle']}", columns, map(_row, attestation.results))
    for line in (*_reasons(attestation), *explain(attestation)):
        out().print(Text(line))
    out().print(Text(f"attestation: {attestation.path}"))


def _reasons(attestation: Attestation) -> list[str]:
    """Say why what did not pass did not."""
    failed = [f"{r.format} on {r.board}: {r.reason}" for r in attestation.results if r.status == "failed"]
    not_run = [f"{places}: {reason}" for reason, places in by_reason(attestation.results).items()]
    return [printable(line) for line in (*failed, *not_run)]


def _row(result: Result) -> tuple[object, ...]:
    status = Text(result.status, COLOURS[result.status])
    measured = (
        result.flash_bytes,
        result.ram_bytes,
        result.stack_bytes,
        result.instructions,
        result.frame_instructions,
    )
    shown = ("-" if value is None else value for value in measured)
    return (result.format, result.board, status, result.vectors, result.mismatches, *shown, f"{result.seconds:.1f}")
