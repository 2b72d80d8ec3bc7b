"""The project's own registry: it verifies as a client does it, and has the samples as they were published."""

from __future__ import annotations

from pathlib import Path

import pytest

from tinypack.manifest import load_project
from tinypack.registry.client.registry import Registry
from tinypack.registry.client.resolve import Wanted, resolve

HOME = Path(__file__).parents[2]
PROJECTS = sorted(path.parent for path in (HOME / "sample_projects").glob("*/tinypack.toml"))


@pytest.mark.parametrize("project", PROJECTS, ids=lambda project: project.name)
def test_each_sample_is_published_and_verified(project: Path, tmp_path: Path) -> None:
    package = load_project(project).manifest.package
    line = resolve(Registry(str(HOME / "registry"), tmp_path).package(package.name), Wanted(package.name))
    assert line.version == package.version
    assert not line.release.body.unverified
    assert line.boards["native"].status == "verified"


def test_no_secret_key_lies_in_it() -> None:
    assert not [path for path in (HOME / "registry").rglob("*") if path.suffix == ".pem"]
