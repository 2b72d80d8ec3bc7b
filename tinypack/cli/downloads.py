"""The one bar of all that is being fetched."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn


@contextmanager
def download_bar(quiet: bool) -> Iterator[Callable[[int], Callable[[int], None]]]:
    """Show on stderr, if that is a terminal, how many bytes came of how many."""
    console = Console(stderr=True)
    columns = (TextColumn("fetch"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal) as progress:

        def begin(total: int) -> Callable[[int], None]:
            task = progress.add_task("fetch", total=total)
            return lambda size: progress.update(task, advance=size)

        yield begin
