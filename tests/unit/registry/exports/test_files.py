"""The files that are no repositories: what they say is what the packages say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import yaml

from tests.support.registry_packages import BASE, MadeUp
from tests.unit.registry.exports.conftest import URL
from tests.unit.registry.exports.test_exports import refused
from tinypack.formats.unpack import read_archive
from tinypack.registry.exports.run import run_export


def test_the_library_index_says_what_library_properties_says(tmp_path: Path) -> None:
    registry = MadeUp()
    line = registry.add()
    run_export("library-index", registry, [], tmp_path)
    (entry,) = json.loads((tmp_path / "library_index.json").read_text())["libraries"]
    archive = line.release.body.archive("arduino")
    assert archive is not None
    text = read_archive(registry.fetch(archive))["door-guard/library.properties"].decode()
    said = dict(row.split("=", 1) for row in text.splitlines() if not row.startswith("#"))
    same = ("name", "version", "author", "maintainer", "sentence", "category", "license")
    assert {key: entry[key] for key in same} == {key: said[key] for key in same}
    assert (entry["providesIncludes"], entry["architectures"]) == ([said["includes"]], [said["architectures"]])
    assert (entry["url"], entry["size"]) == (f"{BASE}/{archive.path}", archive.size)
    assert (entry["archiveFileName"], entry["checksum"]) == (archive.filename, f"SHA-256:{archive.sha256}")
    assert not entry["paragraph"].startswith(entry["sentence"])


def test_west_projects(registry: MadeUp, tmp_path: Path) -> None:
    run_export("west", registry, [], tmp_path, f"{URL}/")
    projects = yaml.safe_load((tmp_path / "west.yml").read_text())["manifest"]["projects"]
    assert [project["name"] for project in projects] == ["door-guard", "other"]
    assert [project["url"] for project in projects] == [f"{URL}/door-guard.git", f"{URL}/other.git"]
    assert all(isinstance(project["revision"], str) and len(project["revision"]) == 40 for project in projects)


def test_components(registry: MadeUp, tmp_path: Path) -> None:
    run_export("esp-idf", registry, [], tmp_path, URL)
    found: dict[str, Any] = yaml.safe_load((tmp_path / "idf_component.yml").read_text())["dependencies"]
    assert {name: each["git"] for name, each in found.items()} == {
        name: f"{URL}/{name}.git" for name in ("door-guard", "other")
    }


def test_the_pack_index_lists_descriptions_that_name_every_pack(registry: MadeUp, tmp_path: Path) -> None:
    registry.add(version="2.0.0-rc.1")
    run_export("pidx", registry, ["door-guard"], tmp_path, URL)
    index = ElementTree.parse(tmp_path / "index.pidx").getroot()
    (entry,) = index.iterfind("pindex/pdsc")
    assert dict(entry.attrib) == {"url": f"{URL}/", "vendor": "Ada", "name": "door-guard", "version": "1.1.0"}
    description = ElementTree.parse(tmp_path / "Ada.door-guard.pdsc").getroot()
    assert description.findtext("url") == f"{URL}/"
    releases = {
        release.attrib["version"]: release.attrib["url"] for release in description.iterfind("releases/release")
    }
    assert list(releases) == ["1.1.0", "1.0.0", "2.0.0-rc.1"]  # the first is what cpackget takes
    for version, url in releases.items():
        line = registry.indexes["door-guard"].line(version)
        archive = line.release.body.archive("cmsis-pack") if line else None
        assert archive is not None and url == f"{BASE}/{archive.path}"


def test_a_pack_of_another_name_is_refused(tmp_path: Path) -> None:
    registry = MadeUp()
    registry.add_files("1.0.0", "cmsis-pack", "..other.1.0.0.pack", {"x": b""})
    assert refused("pidx", registry, tmp_path)[0] == "bad-registry"


def test_a_pack_without_a_description_is_refused(tmp_path: Path) -> None:
    registry = MadeUp()
    for i, text in enumerate((b"", b"<package/>", b"<!DOCTYPE x><package/>")):
        name = f"Ada.door-guard.1.0.{i}.pack"
        registry.add_files(f"1.0.{i}", "cmsis-pack", name, {"Ada.door-guard.pdsc": text})
        assert refused("pidx", registry, tmp_path)[0] == "bad-archive"
