"""How `inspect` prints an arena."""

from __future__ import annotations

from rich.text import Text

from tinypack.cli.show import out
from tinypack.inspection import Inspection
from tinypack.memory.rows import BOTH, FREE, KEPT, READ, SCRATCH, WRITTEN, memory_rows
from tinypack.memory.scene import scene

#: Role -> letter in Unicode and in ASCII, colour.
LOOKS = {
    WRITTEN: ("█", "#", "green"),
    READ: ("▒", "-", "blue"),
    BOTH: ("▓", "%", "cyan"),
    KEPT: ("░", ":", "bright_black"),
    SCRATCH: ("/", "/", "yellow"),
    FREE: (" ", " ", ""),
}
WIDTH = 64  # cells of the arena


def show_memory(found: Inspection) -> None:
    """Print the arena's size, and what lies where in it at each step."""
    console = out()
    plain = int(console.options.ascii_only)
    if found.ram_bytes > found.arena_bytes:
        console.print(f"\nstate {found.ram_bytes:,} B: the arena, samples, features and what is remembered of them")
    console.print(
        f"\narena {found.arena_bytes:,} B; at the worst step {found.live_bytes:,} B of activations are alive; "
        f"no plan for these kernels needs less than {found.arena_lower_bound:,} B"
    )
    legend = Text("\nMemory ", "bold")
    for role, looks in LOOKS.items():
        if role != FREE:
            legend += Text(f" {looks[plain]}", looks[2]) + Text(f" {role} ", "not bold")
    console.print(legend)
    labels = scene(found).columns
    wide = max(map(len, labels))
    for row, label in zip(memory_rows(found.memory, found.arena_bytes, WIDTH), labels, strict=True):
        line = Text(f"{label:{wide}} {row.used:9,} |")
        for role in row.cells:
            line.append(LOOKS[role][plain], LOOKS[role][2])
        console.print(line + Text("|") + Text(" most" * row.peak, "bold"))
