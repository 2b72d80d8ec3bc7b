"""A small project, built once: it hears motion and classifies it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.unit.replay.projects import PROJECTS
from tinypack import build_package


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with its archives in `dist`, which no test changes."""
    home = tmp_path_factory.mktemp("project")
    PROJECTS["imu"].write(home)
    build_package(home, formats=["cmake", "zephyr"])
    return home


@pytest.fixture
def project(built: Path, tmp_path: Path) -> Path:
    """A copy of the project that a test may change."""
    return Path(shutil.copytree(built, tmp_path / "project"))


def change(project: Path, before: str, after: str) -> None:
    """Change text of a project's manifest."""
    path = project / "tinypack.toml"
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))
