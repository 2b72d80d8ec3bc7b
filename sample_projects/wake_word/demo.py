"""Build and verify this sample, then let its sketch hear the recordings on the emulated Cortex-M4F."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from tinypack import verify_package
from tinypack.boards import board
from tinypack.cli.replay_command import show_replay
from tinypack.cli.show import out, progress
from tinypack.cli.verify_command import show_attestation
from tinypack.replay.aligned import align
from tinypack.replay.draw import draw_timeline
from tinypack.replay.run import Timeline, replay, replay_on_board
from tinypack.verify.emulated import missing

HERE = Path(__file__).resolve().parent
BOARDS = ("native", "mps2-an386")
RECORDINGS = [HERE / "recordings" / f"{name}_1000ms.wav" for name in ("silence", "yes", "noise", "no", "silence")]
PICTURE = HERE / "dist" / "timeline.html"


def words(timeline: Timeline) -> list[str]:
    """Give the words that were heard."""
    return [row.members["label"] for row in timeline.rows if row.members["is_new"] == "1"]


def main() -> int:
    lacks = {name: reason for name in BOARDS if (reason := missing(board(name)))}
    with progress(quiet=False) as say:
        attestation = verify_package(HERE, boards=[name for name in BOARDS if name not in lacks], progress=say)
        say("replay in Python")
        found = replay(HERE, RECORDINGS)
        timelines = []
        for name in (name for name in BOARDS if name not in lacks):
            say(f"replay on {name}")
            timelines.append(replay_on_board(found.content, board(name), RECORDINGS))
        say(f"draw {PICTURE.name}")
        draw_timeline(found, timelines, PICTURE)
    show_attestation(attestation)
    out().print("\nRecordings, one after the other: " + ", ".join(path.name for path in RECORDINGS))
    show_replay(found, timelines)
    out().print(f"\nThe timeline as a picture: {PICTURE}", markup=False)
    for name, reason in lacks.items():
        out().print(f"\n{name} did not run: {reason}", style="yellow")
    heard = words(found.timeline)
    right = heard == ["yes", "no"] and all(align(found.timeline, timeline).good for timeline in timelines)
    if not right:
        click.echo(f"wrong: heard {', '.join(heard) or 'nothing'}, or boards differ", err=True)
    return int(not right or not attestation.passed)


if __name__ == "__main__":
    sys.exit(main())
