"""Bare Git repositories of ESP-IDF components, and an `idf_component.yml` that names them.

Espressif's component manager reads other registries by its own protocol alone, which no static files serve; but it
takes Git repositories.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from tinypack.output import new_tree, write_whole
from tinypack.registry.exports.choice import rank
from tinypack.registry.exports.git_history import Snapshot, fill
from tinypack.registry.exports.protocol import Chosen, Source
from tinypack.registry.exports.zephyr_git import LAYOUT, repository

BRIEF = "A bare Git repository an ESP-IDF component, and an idf_component.yml."
FORMAT = "esp-idf"
NEWEST = False
URL_IS = "where a server has the repositories that are written"

FILENAME = "idf_component.yml"


def export(source: Source, packages: Sequence[Chosen], folder: Path, url: str) -> Sequence[Path]:
    paths = [folder / repository(package.name) for package in packages]
    text = "dependencies:\n"
    with ExitStack() as stack:
        for package, path in zip(packages, paths, strict=True):
            snapshots = [Snapshot.of(source, *version) for version in package.versions]
            ids = fill(stack.enter_context(new_tree(path)), path, snapshots, LAYOUT)
            newest = max(ids, key=rank)
            text += f"""\
  {package.name}:
    git: {json.dumps(f"{url}/{path.name}")}
    version: "{ids[newest]}" # {LAYOUT.tag}{newest}
"""
    write_whole(folder, {FILENAME: text.encode()})
    return [*paths, folder / FILENAME]
