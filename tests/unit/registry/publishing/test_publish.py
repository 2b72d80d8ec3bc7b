"""Publishing into a folder: what gets in, in which order, what does not, and what an interruption leaves."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.registry import (
    Published,
    empty_registry,
    make_candidate,
    make_dist,
)
from tinypack.errors import TinypackError
from tinypack.pack import build_package
from tinypack.registry.audit import audit
from tinypack.registry.look_alikes import skeleton
from tinypack.registry.package_index import Line, PackageIndex
from tinypack.registry.publishing.candidate import read_candidates
from tinypack.registry.publishing.publish import Published as Result
from tinypack.registry.publishing.publish import publish, publish_candidates
from tinypack.registry.publishing.yank import yank
from tinypack.registry.stores.folder import FolderStore
from tinypack.registry.trust.head import Head
from tinypack.registry.trust.keys import KeyFolder


def index(registry: Published, name: str = "door-guard") -> PackageIndex:
    found = Head.read(registry.store).index(name)
    assert found is not None
    return found


def line(registry: Published, version: str = "1.0.0") -> Line:
    found = index(registry).line(version)
    assert found is not None
    return found


def put(registry: Published, name: str = "door-guard", version: str = "1.0.0", **changes: Any) -> Result:
    return publish_candidates([make_candidate(name, version, **changes)], registry.url, registry.keys)


def codes(registry: Published, name: str = "door-guard", version: str = "1.0.0", **changes: Any) -> set[str]:
    """Give the codes with which a package is refused; nothing may have changed."""
    before = files(registry)
    with pytest.raises(TinypackError) as caught:
        put(registry, name, version, **changes)
    assert files(registry) == before
    return {problem.code for problem in caught.value.problems}


def files(registry: Published) -> dict[str, bytes]:
    return {path: registry.store.read(path) for path in registry.store.paths("")}


def test_a_release_says_what_the_package_is(private: Published) -> None:
    release = line(private).release.body
    assert (release.name, release.version, release.license, release.unverified) == (
        "door-guard",
        "1.0.0",
        "Apache-2.0",
        False,
    )
    assert release.inputs == ["int8 [1, 6]"] and release.labels == ["left", "right", "none"]
    assert [archive.format for archive in release.archives] == [
        *("arduino", "platformio", "zephyr", "cmake", "esp-idf", "cmsis-pack", "record"),
    ]
    for archive in release.archives:
        data = private.store.read(archive.path)
        assert len(data) == archive.size and archive.path.endswith(f"/{archive.filename}")
    assert line(private).boards["native"].status == "verified"
    assert line(private).boards["pico"].status == "untested"


def test_a_dist_folder_is_published_in_one_change_oldest_first(tmp_path: Path) -> None:
    registry = empty_registry(tmp_path)
    for version in ("1.0.1", "1.1.0", "1.0.0", "1.0.1-rc.1"):
        make_dist(tmp_path / "dist", version=version)
    make_dist(tmp_path / "dist", name="window-guard")
    before = Head.read(registry.store).timestamp.version
    done = publish(tmp_path / "dist", registry.url, registry.keys)
    assert done.outcome == "published"
    assert [each.version for each in index(registry).lines] == ["1.0.0", "1.0.1-rc.1", "1.0.1", "1.1.0"]
    assert Head.read(registry.store).timestamp.version == before + 1
    assert [item.step.partition(" since ")[2] for item in done.plan.items] == ["", "1.0.0", "1.0.0", "1.0.1", ""]


def test_a_project_is_built_and_brings_its_source_if_it_shall(tmp_path: Path) -> None:
    from tests.support.models import model_bytes

    (tmp_path / "m.tflite").write_bytes(model_bytes("hello_world_int8"))
    manifest = '[package]\nname = "hello-sine"\nversion = "1.0.0"\nlicense = "MIT"\n[model]\nfile = "m.tflite"\n'
    (tmp_path / "tinypack.toml").write_text(manifest + '[build]\nformats = ["cmake"]\n')
    registry = empty_registry(tmp_path)
    (tmp_path / "README.md").write_text("Hears a sine.\n")
    done = publish(tmp_path, registry.url, registry.keys, unverified=True, include_source=True)
    assert done.outcome == "published" and done.plan.items[0].unverified
    release = index(registry, "hello-sine").lines[0].release.body
    assert release.unverified
    assert [archive.format for archive in release.archives] == ["cmake", "readme", "source", "record"]
    assert not (tmp_path / "dist").exists()
    assert publish(tmp_path, registry.url, registry.keys, unverified=True).outcome == "already there"
    build_package(tmp_path)
    assert publish(tmp_path / "dist", registry.url, registry.keys, unverified=True).outcome == "already there"
    (tmp_path / "README.md").write_text("Hears two sines.\n")
    with pytest.raises(TinypackError, match="other bytes: readme"):
        publish(tmp_path, registry.url, registry.keys, unverified=True)


def test_the_same_bytes_again_are_no_error_and_change_nothing(private: Published) -> None:
    before = files(private)
    assert put(private).outcome == "already there"
    assert put(private, statuses={"zephyr": "passed"}).outcome == "already there"
    assert files(private) == before


def test_a_version_never_changes(private: Published) -> None:
    assert codes(private, description="Hears the window.") == {"refused"}
    yank(private.url, private.keys, "door-guard", "1.0.0", "it is deaf")
    assert codes(private, description="Hears the window.") == {"refused"}


def test_unverified_is_said_where_it_is_true(tmp_path: Path) -> None:
    registry = empty_registry(tmp_path)
    changes: list[tuple[str, dict[str, Any], bool, int]] = [
        ("1.0.0", {"attestation": False}, True, 0),
        ("1.0.1", {"statuses": {"cmake": "failed"}}, True, 1),
        ("1.0.2", {"attestation": {"version": "0.9.0"}}, True, 0),
        ("1.0.3", {}, False, 1),
    ]
    for version, change, unverified, attestations in changes:
        publish_candidates([make_candidate(version=version, **change)], registry.url, registry.keys, unverified=True)
        found = line(registry, version)
        assert (found.release.body.unverified, len(found.attestations)) == (unverified, attestations)
    assert line(registry, "1.0.1").boards["native"].status == "failed"


@pytest.mark.parametrize(
    ("version", "changes", "code"),
    [
        ("1.0.1", {"labels": ("left", "right", "both")}, "bad-step"),
        ("1.1.0", {"labels": ("left", "right", "both")}, "bad-step"),
        ("2.0.0", {"labels": ("left", "right", "both")}, None),
        ("1.0.1", {"ports": 2}, "bad-step"),
        ("1.0.1", {"description": "Hears the window."}, None),
        ("0.9.0", {"labels": ("left", "right", "both")}, None),
        ("1.0.0-RC.1", {}, None),
    ],
)
def test_a_version_is_raised_by_what_changed(
    private: Published, version: str, changes: dict[str, Any], code: str | None
) -> None:
    if code is None:
        assert put(private, version=version, **changes).outcome == "published"
    else:
        assert codes(private, version=version, **changes) == {code}


def test_versions_that_differ_in_case_alone(private: Published) -> None:
    put(private, version="1.1.0-rc.1")
    assert codes(private, version="1.1.0-RC.1") == {"refused"}


@pytest.mark.parametrize(
    ("name", "free"),
    [
        ("doorguard", False),
        ("d00r-guard", False),
        ("do-or-guard", False),
        ("tinypack", False),
        ("tinypack-door", False),
        ("registry", False),
        ("door-guards", True),
        ("door-guard-2", True),
        ("door-guest", True),
    ],
)
def test_names_that_new_packages_get(private: Published, name: str, free: bool) -> None:
    if free:
        assert put(private, name).outcome == "published"
    else:
        assert codes(private, name) == {"refused"}


def test_look_alikes_in_one_change(tmp_path: Path) -> None:
    registry = empty_registry(tmp_path)
    for name in ("kws-1", "kwsl"):
        make_dist(tmp_path / "dist", name=name)
    with pytest.raises(TinypackError, match="it looks like kws-1"):
        publish(tmp_path / "dist", registry.url, registry.keys)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("kws-1", "kws-l", True),
        ("kws-i", "kws1", True),
        ("m0del", "model", True),
        ("modern", "modem", True),
        ("vvake", "wake", True),
        ("a-b-c", "abc", True),
        ("r-net", "met", True),
        ("vvv", "wv", True),
        ("Kws", "kws", True),
        ("kws", "kwd", False),
        ("kws", "kws-2", False),
        ("wake-word", "word-wake", False),
        ("gesture", "gestures", False),
    ],
)
def test_skeletons(one: str, other: str, alike: bool) -> None:
    assert (skeleton(one) == skeleton(other)) is alike


def test_a_dry_run_writes_nothing_and_needs_no_key(private: Published, tmp_path: Path) -> None:
    dist = make_dist(tmp_path / "dist", version="1.0.1")
    before = files(private)
    done = publish(dist, private.url, private.keys, dry_run=True)
    assert (done.outcome, done.plan.notes) == ("checked", ())
    nobody = KeyFolder(tmp_path / "nobody")
    done = publish(dist, private.url, nobody, dry_run=True)
    assert done.outcome == "checked" and "no key at hand" in done.plan.notes[0]
    assert files(private) == before
    with pytest.raises(TinypackError, match="missing-key"):
        publish(dist, private.url, nobody)
    assert files(private) == before
    assert json.loads(json.dumps(done.to_json()))["packages"][0]["version"] == "1.0.1"


@pytest.mark.parametrize(
    ("prepare", "code"),
    [
        (lambda folder: folder.mkdir(), "io"),
        (lambda folder: (make_dist(folder), (folder / "door-guard-1.0.0.tar.gz").unlink()), "refused"),
        (lambda folder: (folder.mkdir(), (folder / "x.json").write_text("[" * 100_000)), "bad-archive"),
        (
            lambda folder: (folder.mkdir(), (folder / "x.json").write_text('{"schema": "tinypack-record/1"}')),
            "bad-archive",
        ),
        (
            lambda folder: (make_dist(folder), (folder / "door-guard-1.0.0.attestation.json").write_text("{}")),
            "bad-archive",
        ),
    ],
)
def test_folders_that_hold_no_package(
    private: Published, tmp_path: Path, prepare: Callable[[Path], object], code: str
) -> None:
    folder = tmp_path / "dist"
    prepare(folder)
    with pytest.raises(TinypackError) as caught:
        publish(folder, private.url, private.keys)
    assert {problem.code for problem in caught.value.problems} == {code}


def test_a_record_that_names_files_elsewhere_reads_none_of_them(tmp_path: Path) -> None:
    secret = tmp_path / "secret.zip"
    secret.write_bytes(b"secret")
    artifact = {"format": "arduino", "filename": "../secret.zip", "size": 6, "sha256": "ab" * 32}
    (candidate,) = read_candidates(make_dist(tmp_path / "dist", record={"artifacts": [artifact]}))
    assert candidate.files == {}


class Killed(BaseException):
    """Stands for kill -9: nothing handles it."""


STEPS = [("_write", number) for number in (0, 3, *range(6, 12))] + [("_settle", number) for number in range(4)]


@pytest.mark.parametrize(("step", "number"), STEPS)
def test_interrupted_at_any_step_and_run_again(
    private: Published, monkeypatch: pytest.MonkeyPatch, step: str, number: int
) -> None:
    calls, real = [], getattr(FolderStore, step)

    def dies(self: FolderStore, *given: Any) -> Any:
        calls.append(given)
        if len(calls) > number:
            raise Killed
        return real(self, *given)

    with monkeypatch.context() as patch:
        patch.setattr(FolderStore, step, dies)
        with pytest.raises(Killed):
            put(private, version="1.0.1")
    published = [each.version for each in index(private).lines]
    assert published == (["1.0.0", "1.0.1"] if (step, number) == ("_settle", 3) else ["1.0.0"])
    assert put(private, version="1.0.1").outcome in ("published", "already there")
    assert [each.version for each in index(private).lines] == ["1.0.0", "1.0.1"]
    assert audit(private.store).problems == []


def test_the_base_is_read_when_it_is_written(private: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another publisher comes between check and update: the same version with other bytes is refused, nothing lost."""
    real = FolderStore.update

    def late(self: FolderStore, change: Any) -> Any:
        monkeypatch.setattr(FolderStore, "update", real)
        put(private, version="1.0.1", description="Hears the window.")
        return real(self, change)

    monkeypatch.setattr(FolderStore, "update", late)
    with pytest.raises(TinypackError, match="never changes"):
        put(private, version="1.0.1")
    assert line(private, "1.0.1").release.body.description == "Hears the window."


def test_yank_and_undo(private: Published) -> None:
    kept = {path for path in files(private) if path.startswith(("archives/", "attestations/"))}
    assert yank(private.url, private.keys, "door-guard", "1.0.0", "it is deaf").changed
    assert line(private).yanked == "it is deaf"
    assert not yank(private.url, private.keys, "door-guard", "1.0.0", "it is deaf").changed
    assert yank(private.url, private.keys, "door-guard", "1.0.0", "it hears", undo=True).changed
    assert line(private).yanked == ""
    assert kept <= files(private).keys()
    for version, why, code in (("9.9.9", "x", "no-package"), ("1.0.0", " ", "refused"), ("1.0.0", "a\nb", "refused")):
        with pytest.raises(TinypackError) as caught:
            yank(private.url, private.keys, "door-guard", version, why)
        assert caught.value.problems[0].code == code


def test_a_yanked_version_is_nobodys_base(private: Published) -> None:
    put(private, version="2.0.0", labels=("a", "b", "c"))
    yank(private.url, private.keys, "door-guard", "2.0.0", "wrong labels")
    assert put(private, version="2.0.1").outcome == "published"
