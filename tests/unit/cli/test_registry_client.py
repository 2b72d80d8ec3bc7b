"""The commands of a registry's users."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from tests.support.registries import SignedRegistry
from tinypack.cli import tinypack
from tinypack.cli.show import show_problems
from tinypack.errors import TinypackError

HOSTILE = "wrong \x1b[2J \u202elabels"


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> SignedRegistry:
    made = SignedRegistry(tmp_path_factory.mktemp("registry") / "r")
    made.made.add("door-guard", "1.0.0", unverified=True, keywords=["bells"])
    made.made.add("door-guard", "1.1.0", yanked=HOSTILE)
    made.publish()
    return made


class Shell:
    """Runs commands in a project's folder, in this process: there are many."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *words: str, code: int = 0) -> Result:
        done = CliRunner().invoke(tinypack, words, catch_exceptions=False) if code != 1 else self._refused(words)
        assert done.exit_code == code, done.output
        return done

    def _refused(self, words: Sequence[str]) -> Result:
        """Print what is raised as `main` does, whose part it is."""
        done = CliRunner().invoke(_main, words)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
        return done


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def _main(words: tuple[str, ...]) -> None:
    try:
        tinypack(list(words), standalone_mode=False)
    except TinypackError as error:
        show_problems(error)
        sys.exit(1)


@pytest.fixture
def shell(registry: SignedRegistry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "project")
    monkeypatch.setenv("TINYPACK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("TINYPACK_REGISTRY", str(registry.folder))
    monkeypatch.setenv("NO_COLOR", "1")
    return Shell(tmp_path / "project")


def test_what_there_is(shell: Shell) -> None:
    found = shell("search", "bell").stdout
    assert "door-guard" in found and "unverified" in found
    assert [hit["name"] for hit in json.loads(shell("search", "bell", "--json").stdout)] == ["door-guard"]
    assert "nothing found" in shell("search", "nonsense").stdout
    versions = shell("versions", "door-guard").stdout
    assert "UNVERIFIED" in versions and "YANKED: wrong" in versions and "\x1b" not in versions
    assert "\u202e" not in versions
    text = shell("info", "door-guard").stdout
    for words in ("UNVERIFIED", "no board was tried", "--to arduino", "FetchContent_Declare", "lib_deps", "2 versions"):
        assert words in text
    yanked = shell("info", "door-guard@1.1.0").stdout
    assert "YANKED" in yanked.splitlines()[1] and "--to arduino" not in yanked
    about = json.loads(shell("info", "door-guard", "--json").stdout)
    assert about["archives"][0]["url"].startswith("file://")
    assert "error[no-package]" in shell("info", "door-guard@^2", code=1).stderr


def test_a_project(shell: Shell) -> None:
    done = shell("install", "door-guard", "--to", "cmake")
    assert "add_subdirectory(third_party/door-guard)" in done.stdout
    assert "warning: door-guard 1.0.0 was published unverified" in done.stderr
    assert [put["changed"] for put in json.loads(shell("install", "--locked", "--json").stdout)] == [False]
    assert "is the highest in its range" in shell("update").stdout
    assert "cmake: " in shell("tree").stdout
    assert json.loads(shell("tree", "--json").stdout)[0]["places"][0]["version"] == "1.0.0"
    assert "problem: door-guard 1.0.0: it was published unverified" in shell("audit", code=1).stdout
    shell("lock", "--platformio-script", "--quiet")
    assert {"tinypack.lock.ini", "tinypack_deps.py"} < {path.name for path in shell.folder.iterdir()}


@pytest.mark.parametrize("line", ["yank x 1.0.0 --why x", "export cmake -o x", "registry sign", "publish ."])
def test_that_a_variable_names_the_registry_is_said(line: str, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TINYPACK_REGISTRY")
    assert "TINYPACK_REGISTRY" in shell(*line.split(), code=2).stderr


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("install", "door-guard"), 1, "add `--to`"),
        (("install", "door-guard", "--into", "x"), 2, "--into needs --to"),
        (("install", "door-guard", "--to", "elsewhere"), 2, "elsewhere"),
        (("install", "nothing", "--to", "cmake"), 1, "error[no-package]"),
        (("install", "../nowhere", "--to", "cmake"), 1, "error[io]"),
        (("search", "x", "--registry", "nowhere"), 1, "error[bad-registry]"),
        (("search", "x", "--registry", "x#sha256=1"), 1, "64 hex digits"),
        (("search", "x", "--offline"), 1, "error[unreachable]"),
        (("update", "nothing"), 1, "error[bad-lockfile]"),
        (("install",), 1, "error[bad-lockfile]: tinypack.lock\n  rule:  a project has a lockfile"),
        (("install", "door-guard", "--locked"), 1, "error[bad-lockfile]"),
        (("update",), 1, "error[bad-lockfile]"),
        (("tree",), 1, "error[bad-lockfile]"),
        (("audit",), 1, "error[bad-lockfile]"),
    ],
)
def test_what_can_not_be(words: tuple[str, ...], code: int, said: str, shell: Shell) -> None:
    assert said in shell(*words, code=code).stderr
    assert list(shell.folder.iterdir()) == []
