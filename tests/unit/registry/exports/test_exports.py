"""What holds for every export: which versions, the same bytes, all or nothing, and refusals."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.registry_packages import MadeUp
from tests.unit.registry.exports.conftest import URL
from tinypack.errors import TinypackError
from tinypack.formats import FORMATS
from tinypack.registry.exports import EXPORTS
from tinypack.registry.exports.run import run_export

NEWEST = [kind for kind, exporter in EXPORTS.items() if exporter.NEWEST]
#: Those that read archives.
READING = ["arduino-repo", "west", "zephyr-git", "esp-idf", "pidx"]
#: Those that name the registry's own addresses.
NAMING = ["library-index", "cmake", "pidx"]


def refused(kind: str, registry: MadeUp, folder: Path, *wanted: str) -> tuple[str, str]:
    """Export, which must fail; give the first problem's code and what was found."""
    with pytest.raises(TinypackError) as caught:
        run_export(kind, registry, wanted, folder, URL)
    return caught.value.problems[0].code, str(caught.value)


def tree(folder: Path) -> Mapping[str, bytes]:
    """Give the files of a folder; Git's index has times of files."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files if path.name != "index"}


@pytest.mark.parametrize("kind", EXPORTS)
def test_yanked_versions_are_left_out_and_it_is_said(kind: str, registry: MadeUp, tmp_path: Path) -> None:
    exported = run_export(kind, registry, [], tmp_path, URL)
    assert exported.left_out == ("door-guard 1.0.1: yanked: wrong labels",)
    older = [] if kind in NEWEST else ["door-guard 1.0.0"]
    assert list(exported.versions) == [*older, "door-guard 1.1.0", "other 0.1.0-rc.1"]
    assert all(path.exists() for path in exported.paths)


@pytest.mark.parametrize("kind", EXPORTS)
def test_the_same_registry_gives_the_same_bytes(kind: str, registry: MadeUp, tmp_path: Path) -> None:
    for name in ("one", "two"):
        run_export(kind, registry, [], tmp_path / name, URL)
    assert tree(tmp_path / "one") == tree(tmp_path / "two")
    assert not list(tmp_path.rglob("logs"))
    run_export(kind, registry, [], tmp_path / "one", URL)
    assert tree(tmp_path / "one") == tree(tmp_path / "two")


@pytest.mark.parametrize(
    ("wanted", "versions"),
    [
        ("door-guard", ["1.0.0", "1.1.0"]),
        ("door-guard@^1.0", ["1.0.0", "1.1.0"]),
        ("door-guard@~1.0.0", ["1.0.0"]),
        ("door-guard@1.1.0", ["1.1.0"]),
        ("other", ["0.1.0-rc.1"]),
    ],
)
def test_names_and_ranges(wanted: str, versions: list[str], registry: MadeUp, tmp_path: Path) -> None:
    exported = run_export("library-index", registry, [wanted], tmp_path)
    assert list(exported.versions) == [f"{wanted.partition('@')[0]} {version}" for version in versions]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("nobody", "must have the package"),
        ("door-guard@^2", "in range"),
        ("door-guard@1.0.1", "wrong labels"),
        ("door-guard@newest", "a range is"),
    ],
)
def test_what_there_is_none_of(wanted: str, found: str, registry: MadeUp, tmp_path: Path) -> None:
    code, text = refused("library-index", registry, tmp_path / "out", "other", wanted)
    assert code == "no-package" and found in text
    assert not (tmp_path / "out").exists()


def test_every_problem_is_named(registry: MadeUp, tmp_path: Path) -> None:
    with pytest.raises(TinypackError) as caught:
        run_export("cmake", registry, ["nobody", "no-one", "other"], tmp_path / "out")
    assert len(caught.value.problems) == 2


def test_arduino_cli_fetches_from_web_servers_alone(registry: MadeUp, tmp_path: Path) -> None:
    registry.url = tmp_path.as_uri()
    assert refused("library-index", registry, tmp_path / "out")[0] == "unreachable"
    run_export("cmake", registry, [], tmp_path / "out")


def test_an_empty_registry(tmp_path: Path) -> None:
    assert refused("library-index", MadeUp(), tmp_path)[0] == "no-package"


@pytest.mark.parametrize("kind", EXPORTS)
def test_unverified_ones_say_so(kind: str, registry: MadeUp, tmp_path: Path) -> None:
    run_export(kind, registry, ["door-guard@1.1.0"], tmp_path, URL)
    repositories = [path.parent for path in tmp_path.rglob("HEAD")]
    texts = [git(path, "tag", "-n9") for path in repositories]
    texts += [path.read_text() for path in tmp_path.iterdir() if path.is_file()]
    assert any("Unverified" in text for text in texts)


@pytest.mark.parametrize("kind", READING)
def test_a_damaged_archive_leaves_everything_as_it_was(kind: str, registry: MadeUp, tmp_path: Path) -> None:
    run_export(kind, registry, ["door-guard"], tmp_path, URL)
    before = tree(tmp_path)
    line = registry.add(version="1.2.0")
    archive = line.release.body.archive(EXPORTS[kind].FORMAT)
    assert archive is not None
    registry.files[archive.path] = registry.files[archive.path][:-9]
    code, _ = refused(kind, registry, tmp_path, "other", "door-guard")
    assert code == "bad-archive"
    assert tree(tmp_path) == before


@pytest.mark.parametrize("path", [".git/config", "src/.GIT/config", "src/git~1/x", ".gitmodules"])
@pytest.mark.parametrize("kind", ["arduino-repo", "zephyr-git"])
def test_nothing_of_gits_own_gets_into_a_repository(kind: str, path: str, tmp_path: Path) -> None:
    registry, format = MadeUp(), FORMATS[EXPORTS[kind].FORMAT]
    ending = {"arduino": "zip", "zephyr": "tar.gz"}[format.NAME]
    registry.add_files("1.0.0", format.NAME, f"door-guard-1.0.0.{ending}", {f"door-guard/{path}": b"x"})
    code, text = refused(kind, registry, tmp_path / "out")
    assert code == "bad-archive" and "Git's own" in text
    assert not (tmp_path / "out" / "door_guard").exists() and not (tmp_path / "out" / "door-guard.git").exists()


@pytest.mark.parametrize("kind", NAMING)
@pytest.mark.parametrize("base", ["s3://bucket/r", "git+https://example.org/r.git", "https://example.org/)\nexecute("])
def test_addresses_that_others_can_not_fetch_are_refused(
    kind: str, base: str, registry: MadeUp, tmp_path: Path
) -> None:
    registry.url = base
    assert refused(kind, registry, tmp_path / "out")[0] == "unreachable"
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("name", "version", "code"),
    [
        ("../x", "1.0.0", "no-package"),
        ("x y", "1.0.0", "no-package"),
        ("door-guard", "1.0", "bad-registry"),
        ("door-guard", "latest", "bad-registry"),
    ],
)
def test_hostile_names_and_versions_are_refused(name: str, version: str, code: str, tmp_path: Path) -> None:
    registry = MadeUp()
    registry.publish(name, version, dict.fromkeys(FORMATS, (f"{name}.zip", b"PK\x03\x04")))
    for kind in EXPORTS:
        assert refused(kind, registry, tmp_path / "out")[0] == code
    assert not (tmp_path / "out").exists()


def test_a_package_is_named_once(registry: MadeUp, tmp_path: Path) -> None:
    assert refused("zephyr-git", registry, tmp_path / "out", "other", "other")[0] == "no-package"


def test_reasons_of_publishers_hold_no_codes_for_terminals(tmp_path: Path) -> None:
    registry = MadeUp()
    registry.add(version="1.0.0")
    registry.add(version="1.0.1", yanked="\x1b[2Jgone")
    (reason,) = run_export("cmake", registry, [], tmp_path).left_out
    assert reason.isprintable()


def git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", "-C", folder, *words], check=True, capture_output=True, text=True).stdout
