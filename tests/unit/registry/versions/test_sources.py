"""What OLD and NEW may be, and what they may not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.registries import SignedRegistry
from tests.unit.registry.versions.conftest import change
from tinypack.errors import TinypackError
from tinypack.registry.versions import sources
from tinypack.registry.versions.change import Step
from tinypack.registry.versions.compare import compare
from tinypack.registry.versions.sources import open_package

RECORD = "kws-1.0.0.json"


def published(folder: Path, dist: Path, *versions: str) -> SignedRegistry:
    """Make a registry that has a build under several versions."""
    registry = SignedRegistry(folder)
    code = (dist / "kws-1.0.0-cmake.tar.gz").read_bytes()
    record = (dist / RECORD).read_text()
    for version in versions:
        told = record.replace('"version": "1.0.0"', f'"version": "{version}"').encode()
        files = {"record": (f"kws-{version}.json", told), "cmake": (f"kws-{version}-cmake.tar.gz", code)}
        registry.made.publish("kws", version, files)
    registry.publish()
    return registry


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TINYPACK_CACHE", str(tmp_path / "cache"))


@pytest.mark.parametrize("path", ["", "tinypack.toml", "dist", f"dist/{RECORD}"])
def test_a_package_is_the_same_wherever_it_is_read_from(path: str, built: Path) -> None:
    opened = open_package(str(built / path))
    reference = open_package(str(built / "dist"))
    assert compare(reference.facts, opened.facts).changes == ()
    assert opened.sources == reference.sources
    assert "kws.h" in opened.sources and "kws/kws_model.c" in opened.sources


def test_a_bare_model_is_a_package(built: Path) -> None:
    assert open_package(str(built / "model.tflite")).facts.name == "model"


def test_a_version_of_a_registry(built: Path, tmp_path: Path) -> None:
    registry = published(tmp_path / "registry", built / "dist", "1.0.0", "1.1.0")
    opened = open_package("kws@1.0.0", str(registry.folder))
    assert compare(open_package(str(built)).facts, opened.facts).changes == ()
    assert opened.versions == ("1.0.0", "1.1.0")
    with pytest.raises(TinypackError, match=r"kws must have that version"):
        open_package("kws@2.0.0", str(registry.folder))
    with pytest.raises(TinypackError, match="no-package"):
        open_package("other@1.0.0", str(registry.folder))
    with pytest.raises(TinypackError, match="a registry must be named"):
        open_package("kws@1.0.0")


def test_a_version_without_archives_is_refused(built: Path, tmp_path: Path) -> None:
    registry = published(tmp_path / "registry", built / "dist")
    registry.made.publish("kws", "1.0.0", {"record": (RECORD, b"{}")})
    registry.publish()
    with pytest.raises(TinypackError, match="bad-registry"):
        open_package("kws@1.0.0", str(registry.folder))


def test_an_attestation_counts_only_for_the_archives_it_tells_of(project: Path) -> None:
    dist = project / "dist"
    record = json.loads((dist / RECORD).read_text())
    attestation = {
        "artifacts": record["artifacts"],
        "results": [{"board": "native", "format": "cmake", "status": "passed", "flash_bytes": 9}],
    }
    path = dist / "kws-1.0.0.attestation.json"
    path.write_text(json.dumps(attestation))
    assert open_package(str(dist)).facts.ran == {"native": "passed"}
    path.write_text(json.dumps({**attestation, "artifacts": record["artifacts"][:1]}))
    assert open_package(str(dist)).facts.ran == {}


def test_a_record_alone_is_compared_without_its_api(project: Path) -> None:
    for archive in (project / "dist").glob("*.tar.gz"):
        archive.unlink()
    opened = open_package(str(project / "dist"))
    found = compare(open_package(str(project)).facts, opened.facts)
    assert found.step == Step.NONE and found.notes[0].startswith("C API: not compared")
    with pytest.raises(TinypackError, match="an archive must lie beside its record"):
        _ = opened.sources


def edit(change: Callable[[dict[str, Any]], Any]) -> Callable[[Path], None]:
    def edited(dist: Path) -> None:
        record = json.loads((dist / RECORD).read_text())
        change(record)
        (dist / RECORD).write_text(json.dumps(record))

    return edited


#: What happens to a folder with a built package -> a part of the message.
BROKEN: dict[str, tuple[Callable[[Path], Any], str]] = {
    "no record": (lambda dist: (dist / RECORD).unlink(), "found: none"),
    "two records": (lambda dist: (dist / "b.json").write_bytes((dist / RECORD).read_bytes()), "b.json, kws-1.0.0"),
    "no JSON": (lambda dist: (dist / RECORD).write_text("{"), "found: none"),
    "deep JSON": (lambda dist: (dist / RECORD).write_text("[" * 10**6), "found: none"),
    "other bytes": (lambda dist: [p.write_bytes(b"") for p in dist.glob("*.gz")], "it must be what its record says"),
    "no name": (edit(lambda record: record.pop("name")), "known shape"),
    "no hashes": (edit(lambda r: [a.pop("sha256") for a in r["artifacts"]]), "it must be what its record says"),
    "bad attestation": (lambda dist: (dist / "kws-1.0.0.attestation.json").write_text("[]"), "object of JSON"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_folder_is_refused(name: str, project: Path) -> None:
    damage, message = BROKEN[name]
    damage(project / "dist")
    with pytest.raises(TinypackError) as caught:
        open_package(str(project / "dist"))
    assert message in str(caught.value)


def test_no_file_outside_the_folder_is_read(project: Path) -> None:
    edit(lambda record: [a.update(filename="../tinypack.toml") for a in record["artifacts"]])(project / "dist")
    assert open_package(str(project / "dist")).files is None


@pytest.mark.parametrize("text", ["nowhere", "no/where@1.0.0", ""])
def test_what_is_not_there_is_said(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(TinypackError, match="io"):
        open_package(text)


def test_a_long_record_is_refused(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MOST_RECORD_BYTES", 100)
    with pytest.raises(TinypackError, match="up to 100 bytes"):
        open_package(str(project / "dist" / RECORD))


def test_a_project_that_can_not_be_built_says_why(project: Path) -> None:
    change(project, 'name = "kws"', 'name = "Kws"')
    with pytest.raises(TinypackError, match="bad-manifest"):
        open_package(str(project))
