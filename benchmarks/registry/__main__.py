"""Measure registries of many packages: what publishing writes, how long resolving and searching take.

python -m benchmarks.registry [PACKAGES]... [--bins N] [--chart FILE.png] [--json FILE]

Registries of five versions a package are generated into a temporary folder: real indexes, signed statements, signed
metadata; archives are there only for what is published. 100,000 packages take about seven minutes and 3 GB of disk.
"""

from __future__ import annotations

import json
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from rich.progress import Progress

from benchmarks.registry.chart import draw
from benchmarks.registry.generate import VERSIONS, generate, names
from benchmarks.registry.measure import Asked, Published, largest_metadata, measure_asking, measure_publishing
from tests.support.registry import make_dist
from tinypack.registry.trust.keys import KeyFolder
from tinypack.registry.trust.settings import DEFAULT_BINS

COUNTS = (100, 10_000, 100_000)
ASKED = 20  # packages that are resolved


@dataclass(frozen=True)
class Row:
    packages: int
    bins: int
    published: Published
    asked: Asked
    largest_metadata: int


@click.command(help="Measure registries of so many PACKAGES.")
@click.argument("packages", nargs=-1, type=click.IntRange(1, 371_293))
@click.option("--bins", default=DEFAULT_BINS, show_default=True)
@click.option("--chart", type=click.Path(path_type=Path), help="PNG.")
@click.option("--json", "json_file", type=click.Path(path_type=Path))
def main(packages: tuple[int, ...], bins: int, chart: Path | None, json_file: Path | None) -> None:
    rows = [measure(count, bins) for count in packages or COUNTS]
    print(f"{VERSIONS} versions a package, {bins} bins; one version published; warm, but for the first search\n")
    print("| packages | publish: files | without archives, KB | ms | largest metadata, KB | ", end="")
    print("resolve, ms | search, ms | first search, s | peak MiB |")
    print("|---:" * 9 + "|")
    for row in rows:
        made, asked = row.published, row.asked
        print(f"| {row.packages:,} | {made.files} | {made.other_bytes / 1024:,.0f} | {made.milliseconds:,.0f} ", end="")
        print(f"| {row.largest_metadata / 1024:,.0f} | {asked.resolve_ms:.1f} | {asked.search_ms:.1f} ", end="")
        print(f"| {asked.first_search_s:.1f} | {asked.peak_mib:,.0f} |")
    if json_file:
        json_file.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n", encoding="utf-8")
    if chart:
        draw([asdict(row) for row in rows], chart)


def measure(count: int, bins: int) -> Row:
    with TemporaryDirectory(prefix="tinypack-bench-") as folder, Progress(transient=True) as progress:
        home = Path(folder)
        keys, registry, cache = KeyFolder(home / "keys"), home / "registry", home / "cache"
        task = progress.add_task(f"generate {count:,} packages", total=count)
        generate(registry, keys, count, bins, lambda done: progress.update(task, completed=done))
        published = measure_publishing(registry, keys, make_dist(home / "dist"))
        asked = _apart(registry, cache, list(names(count))[:: max(1, count // ASKED)])
        return Row(count, bins, published, asked, largest_metadata(registry))


def _apart(registry: Path, cache: Path, wanted: list[str]) -> Asked:
    """Ask in a process of its own, whose memory is that of a client; the first round fills the cache."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        first = pool.submit(measure_asking, registry, cache, wanted).result()
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        warm = pool.submit(measure_asking, registry, cache, wanted).result()
    return Asked(warm.resolve_ms, warm.search_ms, first.first_search_s, max(first.peak_mib, warm.peak_mib))


if __name__ == "__main__":
    main()
