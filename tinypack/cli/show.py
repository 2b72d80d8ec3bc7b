"""How commands print: tables, problems, JSON, progress."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal

import click
from rich.console import Console
from rich.markup import escape
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from tinypack.errors import TinypackError, visible

FILE_WIDTH = 160  # characters, where no terminal says its own
MOST_WIDTH = 1000

quiet_option = click.option("--quiet", "-q", is_flag=True, help="Print only what was asked for and errors.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def out() -> Console:
    """The console of results."""
    return Console(highlight=False, soft_wrap=True)


def show_json(data: Any) -> None:
    """Print data as JSON, for machines: in ASCII, which every encoding has."""
    click.echo(json.dumps(data, indent=2))


def show_problems(error: TinypackError) -> None:
    """Print every problem to stderr."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    for problem in error.problems:
        head, _, rest = str(problem).partition(": ")
        console.print(Text(head, "bold red") + Text(f": {rest}"))
    if len(error.problems) > 1:
        console.print(f"[bold]{len(error.problems)} problems[/]")


def show_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table; a column whose name starts with ">" stands on the right, one with "~" may wrap."""
    table = Table(
        title=Text(visible(title)) if title else None,
        title_justify="left",
        title_style="bold",
        box=None,
        pad_edge=False,
    )
    for name in columns:
        right, wraps = name.startswith(">"), name.startswith("~")
        justify: Literal["left", "right"] = "right" if right else "left"
        table.add_column(name.lstrip(">~"), justify=justify, header_style="bold", no_wrap=not wraps, overflow="fold")
    for row in rows:
        table.add_row(*(cell if isinstance(cell, Text) else escape(visible(_cell(cell))) for cell in row))
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = FILE_WIDTH
    # Rather let a narrow terminal wrap lines than cut figures.
    wide = console.options.update(max_width=MOST_WIDTH)
    for column in table.columns:
        if column.no_wrap:  # by itself, it would be as narrow as its longest word
            column.min_width = max(Measurement.get(console, wide, x).maximum for x in (column.header, *column.cells))
    least = Measurement.get(console, wide, table).minimum
    console.width = max(console.width, least)
    console.print(table)


def counted(number: int, noun: str) -> str:
    """Say how many there are."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def mark(good: bool | None) -> Text:
    """A coloured yes or no; None is neither."""
    return {True: Text("yes", "green"), False: Text("no", "red"), None: Text("-", "dim")}[good]


@contextmanager
def progress(quiet: bool) -> Iterator[Callable[[str], None]]:
    """Show on stderr what goes on: a spinner in a terminal, lines elsewhere."""
    console = Console(stderr=True, highlight=False, quiet=quiet)
    if not console.is_terminal:
        yield lambda text: console.print(escape(visible(text)), soft_wrap=True)
        return
    with console.status("") as status:
        yield lambda text: status.update(escape(visible(text)))


def _cell(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
