"""A bare Git repository a Zephyr module, with a tag a version: for any Git host, and for servers of plain files.

A commit has no parent, so that its id, which `west.yml` pins, is that of the version alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from tinypack.output import new_tree
from tinypack.registry.exports.git_history import Layout, Snapshot, fill
from tinypack.registry.exports.protocol import Chosen, Source

BRIEF = "A bare Git repository a Zephyr module, for west."
FORMAT = "zephyr"
NEWEST = False
URL_IS = ""

LAYOUT = Layout(tag="v", chained=False, bare=True)


def export(source: Source, packages: Sequence[Chosen], folder: Path, url: str) -> Sequence[Path]:
    paths = [folder / repository(package.name) for package in packages]
    with ExitStack() as stack:
        for package, path in zip(packages, paths, strict=True):
            snapshots = [Snapshot.of(source, *version) for version in package.versions]
            fill(stack.enter_context(new_tree(path)), path, snapshots, LAYOUT)
    return paths


def repository(name: str) -> str:
    """Name a package's repository."""
    return f"{name}.git"
