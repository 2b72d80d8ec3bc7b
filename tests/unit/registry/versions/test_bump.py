"""What bump makes of a version, and that it touches nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.registry_packages import MadeUp
from tests.unit.registry.versions.packages import facts
from tinypack.errors import TinypackError
from tinypack.manifest import load_project
from tinypack.registry.package_index import Line
from tinypack.registry.versions import bump as bumping
from tinypack.registry.versions.bump import bump, with_version
from tinypack.registry.versions.sources import Fetch, Fetched, Opened

PATCH, MINOR, MAJOR = {"tinypack": "0.2.0"}, {"table_bytes": 20_000}, {"labels": ["a"]}

#: Published versions, the project's, what changed -> what it is compared with, and the new version.
BUMPS: list[tuple[list[str], str, dict[str, Any], str, str]] = [
    (["1.0.0"], "1.0.0", {}, "1.0.0", "1.0.1"),
    (["1.0.0"], "1.0.0", PATCH, "1.0.0", "1.0.1"),
    (["1.0.0"], "1.0.0", MINOR, "1.0.0", "1.1.0"),
    (["1.0.0"], "1.0.0", MAJOR, "1.0.0", "2.0.0"),
    (["1.0.0"], "1.0.1", PATCH, "1.0.0", "1.0.1"),  # enough already
    (["1.0.0"], "1.0.1", MINOR, "1.0.0", "1.1.0"),
    (["1.0.0"], "3.0.0", MINOR, "1.0.0", "3.0.0"),
    (["0.3.1"], "0.3.1", MAJOR, "0.3.1", "0.4.0"),
    (["1.2.4", "1.3.0"], "1.2.4", PATCH, "1.2.4", "1.2.5"),  # of an older line
    (["1.2.4", "1.3.0"], "1.2.4", MINOR, "1.2.4", "1.4.0"),
    (["1.2.4", "1.3.0"], "1.3.0", PATCH, "1.3.0", "1.3.1"),
    (["1.2.4", "1.3.0"], "0.9.0", PATCH, "1.3.0", "1.3.1"),
    (["1.2.4", "1.3.0"], "1.4.0-rc.1", MINOR, "1.3.0", "1.4.0-rc.1"),
    (["1.0.0", "1.0.1 yanked"], "1.0.0", PATCH, "1.0.0", "1.0.2"),
    (["2.0.0-rc.1"], "1.0.0", PATCH, "", "1.0.0"),
]


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> MadeUp:
    """A registry in memory, whose packages are made up, too."""
    made = MadeUp()

    def open_index(name: str, registry: str) -> Fetched:
        return Fetched(made.package(name), made.fetch)

    def open_line(line: Line, fetch: Fetch) -> Opened:
        return Opened(facts(version=line.version), None)

    monkeypatch.setattr(bumping, "open_index", open_index)
    monkeypatch.setattr(bumping, "open_line", open_line)
    return made


@pytest.mark.parametrize(("versions", "own", "changed", "base", "new"), BUMPS)
def test_the_version_follows_what_a_registry_has(
    versions: list[str],
    own: str,
    changed: dict[str, Any],
    base: str,
    new: str,
    registry: MadeUp,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for version in versions:
        registry.publish("kws", version.removesuffix(" yanked"), {}, "broken" if version.endswith("yanked") else "")
    monkeypatch.setattr(bumping, "open_project", lambda path: Opened(facts(**changed), None))
    manifest = tmp_path / "tinypack.toml"
    text = f'[package]\nname = "kws"\nversion = "{own}"  # as published\n\n[model]\nfile = "m.tflite"\n'
    manifest.write_text(text)
    found = bump(tmp_path, "registry")
    assert (found.base, found.old, found.new) == (base, own, new)
    assert manifest.read_text() == text.replace(f'"{own}"', f'"{new}"')
    again = bump(tmp_path, "registry")
    assert (again.old, again.new) == (new, new)


def test_a_package_that_was_never_published_stays(registry: MadeUp, tmp_path: Path) -> None:
    (tmp_path / "tinypack.toml").write_text('package.name = "kws"\nmodel.file = "m.tflite"\n')
    found = bump(tmp_path, "registry")
    assert (found.new, found.verdict) == ("0.1.0", "kws 0.1.0 stays: nothing was published before")


#: A manifest, and how it reads with the version 2.0.0.
MANIFESTS = [
    (
        '# a\n[package] # b\nname = "kws"\n  version   =  "1.0.0"   # c "1.0.0"\n[model]\nfile = "m.tflite"\n# 1.0.0\n',
        '# a\n[package] # b\nname = "kws"\n  version   =  "2.0.0"   # c "1.0.0"\n[model]\nfile = "m.tflite"\n# 1.0.0\n',
    ),
    (
        '# version = "1.0.0"\r\n[package]\r\nname = "kws"\r\nversion = \'1.0.0\'\r\n[model]\r\nfile = "m.tflite"\r\n',
        '# version = "1.0.0"\r\n[package]\r\nname = "kws"\r\nversion = \'2.0.0\'\r\n[model]\r\nfile = "m.tflite"\r\n',
    ),
    (
        'package = { name = "kws", description = "1.0.0", version = "1.0.0" }\nmodel.file = "1.0.0"\n',
        'package = { name = "kws", description = "1.0.0", version = "2.0.0" }\nmodel.file = "1.0.0"\n',
    ),
    (
        'model.file = "1.0.0"\npackage.version = "1.0.0"\npackage.name = "kws"\n',
        'model.file = "1.0.0"\npackage.version = "2.0.0"\npackage.name = "kws"\n',
    ),
    (
        '[package]\nversion = """1.0.0"""\nname = "kws"\n[model]\nfile = "m.tflite"',
        '[package]\nversion = """2.0.0"""\nname = "kws"\n[model]\nfile = "m.tflite"',
    ),
    # Without a version it is 0.1.0.
    (
        '[model]\nfile = "m.tflite"\n[package]\r\nname = "kws" # c\r\nlicense = "MIT"\r\n',
        '[model]\nfile = "m.tflite"\n[package]\r\nname = "kws" # c\r\nversion = "2.0.0"\r\nlicense = "MIT"\r\n',
    ),
    (
        'model.file = "m.tflite"\npackage.name = "kws"',
        'model.file = "m.tflite"\npackage.name = "kws"\npackage.version = "2.0.0"\n',
    ),
]


@pytest.mark.parametrize(("text", "wanted"), MANIFESTS)
def test_nothing_but_the_version_is_changed(text: str, wanted: str, tmp_path: Path) -> None:
    path = tmp_path / "tinypack.toml"
    path.write_bytes(text.encode())
    assert with_version(text, load_project(path), "2.0.0") == wanted


@pytest.mark.parametrize(
    "text",
    [
        '[package]\nname = "kws"\nversion = "1.0.\\u0030"\n[model]\nfile = "m.tflite"\n',
        'package = { name = "kws" }\nmodel.file = "m.tflite"\n',
        "[package]\nkeywords = ["
        + '"1.0.0",' * 500
        + ']\nname = "kws"\nversion = "1.0.0"\n[model]\nfile = "m.tflite"\n',
    ],
)
def test_a_version_that_can_not_be_found_is_said(text: str, tmp_path: Path) -> None:
    path = tmp_path / "tinypack.toml"
    path.write_text(text)
    with pytest.raises(TinypackError, match=r"write 2\.0\.0 there yourself"):
        with_version(text, load_project(path), "2.0.0")


def test_a_bare_model_has_no_version(built: Path) -> None:
    with pytest.raises(TinypackError, match=r"a version stands in tinypack\.toml"):
        bump(built / "model.tflite", against=str(built))
