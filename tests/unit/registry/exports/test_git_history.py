"""Repositories: what is in them, that ids depend on the registry alone, and that nothing there is ever changed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.support.registry_packages import MadeUp
from tests.unit.registry.exports.conftest import URL
from tests.unit.registry.exports.test_exports import git, refused
from tinypack.errors import TinypackError
from tinypack.formats.unpack import read_archive
from tinypack.registry.exports.run import run_export

HOSTILE = "Eve\ncommitter Mallory <m@example.org> 0 +0000"
REPOSITORIES = {"arduino-repo": "door_guard", "zephyr-git": "door-guard.git", "esp-idf": "door-guard.git"}


def exported(kind: str, registry: MadeUp, folder: Path) -> Path:
    run_export(kind, registry, ["door-guard"], folder, URL)
    return folder / REPOSITORIES[kind]


def refs(repository: Path) -> dict[str, str]:
    """Give tags and branches, with the ids of tags and commits."""
    return dict(
        line.split() for line in git(repository, "for-each-ref", "--format=%(refname) %(objectname)").splitlines()
    )


@pytest.mark.parametrize("kind", REPOSITORIES)
def test_a_tag_holds_the_archives_files(kind: str, registry: MadeUp, tmp_path: Path) -> None:
    repository = exported(kind, registry, tmp_path)
    tag = "1.0.0" if kind == "arduino-repo" else "v1.0.0"
    format = {"arduino-repo": "arduino", "zephyr-git": "zephyr", "esp-idf": "esp-idf"}[kind]
    archive = registry.indexes["door-guard"].lines[0].release.body.archive(format)
    assert archive is not None
    files = {path.partition("/")[2]: data for path, data in read_archive(registry.fetch(archive)).items()}
    assert set(git(repository, "ls-tree", "-r", "--name-only", tag).splitlines()) == set(files)
    for path, data in files.items():
        assert git(repository, "show", f"{tag}:{path}").encode() == data
    assert git(repository, "cat-file", "-t", tag).strip() == "tag"
    assert git(repository, "fsck", "--strict") == ""


@pytest.mark.parametrize("kind", REPOSITORIES)
def test_a_folder_may_be_relative(kind: str, registry: MadeUp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = refs(exported(kind, registry, tmp_path / "whole"))
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        assert refs(exported(kind, registry, Path("relative"))) == whole


@pytest.mark.parametrize("kind", REPOSITORIES)
@pytest.mark.parametrize("setting", ["", "core.fsmonitor", "filter.x.clean", "include.path"])
def test_what_a_repository_would_run_is_not_run(kind: str, setting: str, registry: MadeUp, tmp_path: Path) -> None:
    """It came with somebody's project."""
    repository, mark = exported(kind, registry, tmp_path), tmp_path / "mark"
    home = repository if kind != "arduino-repo" else repository / ".git"
    (home / "hooks").mkdir(exist_ok=True)
    for name in ("reference-transaction", "post-index-change"):
        (home / "hooks" / name).write_text(f"#!/bin/sh\ntouch {mark}\n")
        (home / "hooks" / name).chmod(0o755)
    git(repository, "config", "remote.origin.url", "https://example.org/r.git")
    if setting:
        git(repository, "config", setting, f"touch {mark}; cat")
    mark.unlink(missing_ok=True)
    registry.add(version="1.0.9")
    if setting:
        assert "settings of Git's" in refused(kind, registry, tmp_path, "door-guard")[1]
    else:
        exported(kind, registry, tmp_path)
    assert not mark.exists()


@pytest.mark.parametrize("kind", REPOSITORIES)
def test_who_and_when_are_the_releases(kind: str, registry: MadeUp, tmp_path: Path) -> None:
    said = git(exported(kind, registry, tmp_path), "log", "-1", "--format=%an|%ae|%aI|%cn|%ce|%cI", "main").strip()
    assert said == "|".join(2 * ("Ada", "ada@example.org", "2026-11-24T19:00:00+00:00"))


@pytest.mark.parametrize("kind", REPOSITORIES)
def test_what_is_new_is_added_to_what_is_there(kind: str, registry: MadeUp, tmp_path: Path) -> None:
    before = refs(exported(kind, registry, tmp_path / "one"))
    registry.add(version="1.0.2")
    registry.yank("door-guard", "1.0.0", "too loud")
    after = refs(exported(kind, registry, tmp_path / "one"))
    tags = {name: each for name, each in before.items() if name.startswith("refs/tags/")}
    assert tags.items() <= after.items()
    assert len(after) == len(before) + 1


def test_a_library_has_its_versions_in_the_order_of_publishing(registry: MadeUp, tmp_path: Path) -> None:
    exported("arduino-repo", registry, tmp_path / "one")
    registry.add(version="1.0.2")
    one = exported("arduino-repo", registry, tmp_path / "one")
    assert git(one, "log", "--format=%s", "main").splitlines() == [
        f"door-guard {v}" for v in ("1.0.2", "1.1.0", "1.0.0")
    ]
    assert git(one, "status", "--porcelain") == ""
    assert "version=1.0.2" in (one / "library.properties").read_text()
    assert refs(one) == refs(exported("arduino-repo", registry, tmp_path / "two"))


def test_a_modules_commit_is_that_of_its_version_alone(registry: MadeUp, tmp_path: Path) -> None:
    whole = refs(exported("zephyr-git", registry, tmp_path / "one"))
    run_export("zephyr-git", registry, ["door-guard@1.1.0"], tmp_path / "two")
    assert refs(tmp_path / "two" / "door-guard.git").items() <= whole.items()
    run_export("west", registry, ["door-guard"], tmp_path, URL)
    assert f'"{whole["refs/heads/main"]}"' in (tmp_path / "west.yml").read_text()
    registry.add(version="1.0.2")
    assert refs(exported("zephyr-git", registry, tmp_path / "one"))["refs/heads/main"] == whole["refs/heads/main"]


@pytest.mark.parametrize("kind", REPOSITORIES)
def test_other_bytes_under_a_known_version_are_refused(kind: str, registry: MadeUp, tmp_path: Path) -> None:
    before = refs(exported(kind, registry, tmp_path))
    changed = MadeUp()
    changed.add(version="1.0.0", description="Hears the window.")
    changed.add(version="1.2.0")
    code, text = refused(kind, changed, tmp_path, "door-guard")
    assert code == "io" and "others in 1.0.0" in text
    assert refs(tmp_path / REPOSITORIES[kind]) == before


def test_a_users_own_work_is_not_touched(registry: MadeUp, tmp_path: Path) -> None:
    repository = exported("arduino-repo", registry, tmp_path)
    (repository / "notes.txt").write_text("mine")
    assert refused("arduino-repo", registry, tmp_path)[0] == "io"
    assert (repository / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize("words", [("switch", "-qc", "mine"), ("checkout", "-q", "1.0.0")])
def test_a_users_own_branch_is_not_moved(words: tuple[str, ...], registry: MadeUp, tmp_path: Path) -> None:
    repository = exported("arduino-repo", registry, tmp_path)
    git(repository, *words)
    before = (refs(repository), git(repository, "rev-parse", "HEAD"))
    registry.add(version="1.2.0")
    assert refused("arduino-repo", registry, tmp_path, "door-guard")[0] == "io"
    assert (refs(repository), git(repository, "rev-parse", "HEAD")) == before


@pytest.mark.parametrize("kind", REPOSITORIES)
def test_a_folder_that_is_no_repository_is_not_replaced(kind: str, registry: MadeUp, tmp_path: Path) -> None:
    place = tmp_path / REPOSITORIES[kind]
    place.mkdir()
    exported(kind, registry, tmp_path)  # empty: nobody misses it
    (tmp_path / "other" / place.name).mkdir(parents=True)
    (tmp_path / "other" / place.name / "mine").touch()
    assert refused(kind, registry, tmp_path / "other", "door-guard")[0] == "io"
    assert [path.name for path in (tmp_path / "other" / place.name).iterdir()] == ["mine"]


def test_git_settings_of_the_user_do_not_count(
    registry: MadeUp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = refs(exported("arduino-repo", registry, tmp_path / "one"))
    settings = tmp_path / "settings"
    settings.write_text("[core]\nautocrlf = true\n[commit]\ngpgsign = true\n[init]\ndefaultBranch = trunk\n")
    elsewhere = tmp_path / "elsewhere"
    subprocess.run(["git", "init", "-q", elsewhere], check=True)
    for name, value in {
        "GIT_CONFIG_GLOBAL": settings,
        "GIT_DEFAULT_HASH": "sha256",
        "GIT_DIR": elsewhere / ".git",
        "GIT_WORK_TREE": elsewhere,
        "GIT_AUTHOR_NAME": "Somebody Else",
    }.items():
        monkeypatch.setenv(name, str(value))
    repository = exported("arduino-repo", registry, tmp_path / "two")
    monkeypatch.undo()
    assert refs(repository) == plain
    assert git(elsewhere, "for-each-ref") == ""


@pytest.mark.parametrize("authors", [[], ["<>\n"], [HOSTILE]])
def test_authors_are_one_line(authors: list[str], tmp_path: Path) -> None:
    registry = MadeUp()
    registry.add(version="1.0.0", authors=authors)
    repository = exported("zephyr-git", registry, tmp_path)
    assert git(repository, "log", "-1", "--format=%cn", "main").strip() in (
        "unknown",
        HOSTILE.translate(str.maketrans("", "", "<>\n")),
    )
    assert git(repository, "fsck", "--strict") == ""


def test_a_date_that_is_none_is_refused(tmp_path: Path) -> None:
    registry = MadeUp()
    registry.add(version="1.0.0", published="soon")
    assert refused("zephyr-git", registry, tmp_path)[0] == "bad-registry"


def test_what_the_library_registry_would_refuse_is_refused(tmp_path: Path) -> None:
    registry = MadeUp()
    registry.add_files("1.0.0", "arduino", "door-guard-1.0.0-arduino.zip", {"door-guard/src/door_guard.h": b""})
    with pytest.raises(TinypackError) as caught:
        run_export("arduino-repo", registry, [], tmp_path)
    assert {problem.code for problem in caught.value.problems} == {"invalid-package"}
    assert len(caught.value.problems) > 1
