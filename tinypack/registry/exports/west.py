"""A `west.yml` to import: the newest version of each Zephyr module, pinned by the id of its commit in `zephyr-git`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from tinypack.output import write_whole
from tinypack.registry.exports.files import described
from tinypack.registry.exports.git_history import Snapshot, commit_ids
from tinypack.registry.exports.protocol import Chosen, Source
from tinypack.registry.exports.zephyr_git import LAYOUT, repository

BRIEF = "A west.yml of Zephyr modules to import."
FORMAT = "zephyr"
NEWEST = True
URL_IS = "where a server has the repositories of `zephyr-git`"

FILENAME = "west.yml"


def export(source: Source, packages: Sequence[Chosen], folder: Path, url: str) -> Sequence[Path]:
    text = "manifest:\n  projects:\n" + "".join(_project(source, package, url) for package in packages)
    write_whole(folder, {FILENAME: text.encode()})
    return [folder / FILENAME]


def _project(source: Source, package: Chosen, url: str) -> str:
    ((release, archive),) = package.versions
    revision = commit_ids([Snapshot.of(source, release, archive)], LAYOUT)[release.version]
    return f"""\
    - name: {package.name}
      description: {json.dumps(described(release), ensure_ascii=False)}
      url: {json.dumps(f"{url}/{repository(package.name)}")}
      revision: "{revision}" # {LAYOUT.tag}{release.version}
      path: modules/lib/{package.name}
"""
