from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from rich.text import Text

from tinypack.boards import chosen_boards
from tinypack.cli.show import json_option, out, progress, quiet_option, show_json, show_table
from tinypack.output import check_file
from tinypack.replay.aligned import align
from tinypack.replay.draw import check_timeline, draw_timeline
from tinypack.replay.run import Replay, Timeline, replay, replay_on_board

NATIVE = ("native",)
COLOURS = {"same": "green"}
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("replay")
@click.argument("project", type=click.Path(exists=True, path_type=Path))
@click.argument("recordings", metavar="RECORDING...", nargs=-1, required=True, type=FILE)
@click.option("--board", "-b", "boards", multiple=True, help="Board, or all; may be repeated (default: native).")
@click.option("--python", "only_python", is_flag=True, help="Only in Python: no compiler is needed.")
@click.option("--rate", type=click.FloatRange(0, min_open=True), help="Hz, of recordings that don't state theirs.")
@click.option("--wait", is_flag=True, help="Let the sensor wait for the sketch instead of going by the clock.")
@click.option("--draw", "picture", type=click.Path(dir_okay=False, path_type=Path), help="Write a .png, .svg or .html.")
@json_option
@quiet_option
def command(
    project: Path,
    recordings: tuple[Path, ...],
    boards: tuple[str, ...],
    only_python: bool,
    rate: float | None,
    wait: bool,
    picture: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Give RECORDINGs, one after the other, to PROJECT's package: its results in Python and on boards.

    A recording is WAV, CSV (a row a sample, a column a channel), BMP, PGM or PPM. Boards run the sketch `Stream` of the
    package with the emulator's sensors. Exit code 1 if a board's results are not Python's, or samples were lost.
    """
    if only_python and boards:
        raise click.UsageError("--python and --board exclude each other.")
    if picture is not None:
        check_timeline(picture)
        check_file(picture)
    chosen = [] if only_python else chosen_boards(boards or NATIVE)
    with progress(quiet or as_json) as say:
        say("replay in Python")
        found = replay(project, recordings, rate)
        timelines = []
        for board in chosen:
            say(f"replay on {board.id}")
            timelines.append(replay_on_board(found.content, board, recordings, rate, wait))
        if picture is not None:
            say(f"draw {picture}")
            draw_timeline(found, timelines, picture)
    if as_json:
        show_json([_plain(found.timeline, found), *(_plain(timeline, found) for timeline in timelines)])
    elif not quiet:
        show_replay(found, timelines)
    if not all(align(found.timeline, timeline).good for timeline in timelines):
        sys.exit(1)


def show_replay(found: Replay, timelines: Sequence[Timeline]) -> None:
    """Print Python's results, and what boards gave in the same moments."""
    rows = found.timeline.rows
    members = list(rows[0].members) if rows else []
    places = [align(found.timeline, timeline) for timeline in timelines]
    columns = (">t ms" if found.streaming else ">image", *members, *(f"on {place.timeline.place}" for place in places))
    body: list[tuple[object, ...]] = []
    for i, row in enumerate(rows):
        style = "bold green" if row.members.get("is_new") == "1" else ""
        cells = [Text(row.members[name], style) for name in members]
        findings = [place.of_reference[i].finding for place in places]
        body.append((row.at, *cells, *(Text(finding, COLOURS.get(finding, "red")) for finding in findings)))
    show_table("Results in Python, and whether boards give the same" if timelines else "Results", columns, body)
    for place in places:
        out().print(f"{place.timeline.place}: {place.verdict}")


def _plain(timeline: Timeline, found: Replay) -> dict[str, Any]:
    first = "time_ms" if found.streaming else "image"
    return {
        "place": timeline.place,
        "equal": align(found.timeline, timeline).good,
        "lost": timeline.lost,
        "results": [{first: row.at, **row.values()} for row in timeline.rows],
    }
