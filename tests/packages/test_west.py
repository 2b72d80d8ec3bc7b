"""The Zephyr module in a Git repository: a west manifest takes it from a tag."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.packages.conftest import Package
from tests.support.machine import lack, need
from tests.support.packages import call, unpack

pytestmark = pytest.mark.tools

NAME = "other-sine"
PLACE = "modules/lib/other-sine"
MANIFEST = """\
manifest:
  projects:
    - name: {name}
      url: {url}
      revision: {revision}
      path: {path}
  self:
    path: app
"""
#: Nothing of the user's own Git or west settings, and no question asked.
ALONE = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "WEST_CONFIG_GLOBAL": os.devnull,
    "WEST_CONFIG_SYSTEM": os.devnull,
    **{f"GIT_{who}_{what}": "test@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}


def git(folder: Path, *words: str) -> str:
    return call("git", "-C", folder, *words, **ALONE)


def west(folder: Path, *words: str | Path, code: int = 0) -> str:
    return call(sys.executable, "-m", "west", *words, cwd=folder, code=code, **ALONE)


@pytest.fixture
def repository(package: Package, tmp_path: Path) -> Path:
    """A module at v1.0.0, and a later commit that no tag names."""
    need("git")
    if find_spec("west") is None:
        lack(f"west ({sys.executable} -m pip install west)")
    home = unpack(package("hello_world_int8", NAME), "zephyr", tmp_path / "upstream")
    git(home, "init", "--quiet")
    git(home, "add", ".")
    git(home, "commit", "--quiet", "-m", "1.0.0")
    git(home, "tag", "v1.0.0")
    (home / "README.md").write_text("later\n")
    git(home, "commit", "--quiet", "-a", "-m", "later")
    return home


def workspace(folder: Path, repository: Path, revision: str) -> Path:
    """Make a west workspace whose manifest lies in `app`."""
    app = folder / "app"
    app.mkdir(parents=True)
    text = MANIFEST.format(name=NAME, url=repository.as_uri(), revision=revision, path=PLACE)
    (app / "west.yml").write_text(text)
    west(folder, "init", "-l", app)
    return folder


def test_module_at_a_tag(repository: Path, tmp_path: Path) -> None:
    home = workspace(tmp_path / "workspace", repository, "v1.0.0")
    west(home, "update")
    module = home / PLACE
    tagged = git(repository, "ls-tree", "-r", "--name-only", "v1.0.0").splitlines()
    found = sorted(path.relative_to(module).as_posix() for path in module.rglob("*") if path.is_file())
    assert [path for path in found if not path.startswith(".git/")] == sorted(tagged)
    assert "zephyr/module.yml" in found
    assert (module / "README.md").read_text() != "later\n"
    assert west(home, "list", "-f", "{name} {revision} {path}", NAME).strip() == f"{NAME} v1.0.0 {PLACE}"


def test_absent_tag_is_refused(repository: Path, tmp_path: Path) -> None:
    home = workspace(tmp_path / "workspace", repository, "v2.0.0")
    west(home, "update", code=1)
    assert not (home / PLACE / "zephyr").exists()
