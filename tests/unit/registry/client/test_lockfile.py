from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.registry_packages import MadeUp, make_line, make_release
from tinypack.errors import TinypackError
from tinypack.registry.client import lockfile
from tinypack.registry.client.lib_deps import ini_text, without_url
from tinypack.registry.client.lockfile import Lock, Locked, Target, locked, read_lock
from tinypack.registry.client.registry import Registry
from tinypack.registry.client.session import open_session
from tinypack.registry.entries import Archive

SHA = "ab" * 32
ARCHIVE = {"format": "arduino", "path": "archives/kws/1.0.0/ab/kws.zip", "size": 9, "sha256": SHA}
PACKAGE = {"name": "kws", "range": "^1", "version": "1.0.0", "archives": [ARCHIVE]}
LOCK = {"schema": "tinypack-lock/1", "registry": "https://example.org/r", "root_sha256": SHA, "packages": [PACKAGE]}


def changed(**keys: Any) -> dict[str, Any]:
    return {**LOCK, "packages": [{**PACKAGE, **keys}]}


def into(folder: str) -> dict[str, Any]:
    return changed(targets=[{"to": "arduino", "into": folder}])


def test_what_is_written_is_read(tmp_path: Path) -> None:
    registry = MadeUp()
    line = registry.add("door-guard")
    lock = Lock(tmp_path / lockfile.NAME).of_registry("https://example.org/r", SHA)
    lock = lock.with_packages([locked(line, "^1.0", ["arduino", "cmake"], [Target(to="arduino", into="a/b")])])
    lock.write()
    assert read_lock(lock.path) == lock
    assert [archive.format for archive in lock.packages["door-guard"].archives] == ["arduino", "cmake"]
    before = lock.path.stat().st_mtime_ns
    lock.write()
    assert lock.path.stat().st_mtime_ns == before
    assert lock.path.read_text().startswith('{\n  "schema": "tinypack-lock/1",\n')


def test_a_lockfile_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert read_lock(tmp_path / "tinypack.lock").packages == {}


@pytest.mark.parametrize(
    ("url", "noted", "used"),
    [
        ("https://example.org/r", "https://example.org/r", "https://example.org/r"),
        ("/srv/r", "/srv/r", "/srv/r"),
        ("~/r", "/home/me/r", "/home/me/r"),
        ("r", "../r", "{}/r"),
    ],
)
def test_a_folder_is_noted_relative_to_the_lockfile(
    url: str, noted: str, used: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/me")
    lock = Lock(tmp_path / "project" / "tinypack.lock").of_registry(url, SHA)
    assert (lock.registry, lock.url) == (noted, used.format(tmp_path))


def test_the_good_one_is_good(tmp_path: Path) -> None:
    path = tmp_path / "tinypack.lock"
    for good in (LOCK, into(""), into(".pio/tinypack"), into("lib")):
        path.write_text(json.dumps(good))
        assert list(read_lock(path).packages) == ["kws"]


HOSTILE: dict[str, Any] = {
    "no JSON": b"{",
    "no text": b"\xff\xfe",
    "a list": [],
    "deep": b"[" * 100_000,
    "another schema": {**LOCK, "schema": "tinypack-lock/9"},
    "a key too many": {**LOCK, "run": "rm"},
    "twice": {**LOCK, "packages": [PACKAGE, PACKAGE]},
    "an option as registry": {**LOCK, "registry": "--upload-pack=x"},
    "a chained registry": {**LOCK, "registry": "ext::sh -c x"},
    "control characters": {**LOCK, "registry": "https://example.org/\x1b[2J"},
    "a pin that is none": {**LOCK, "root_sha256": "ab"},
    "a name that is none": changed(name="../kws"),
    "a version that is none": changed(version="../1.0.0"),
    "a long version": changed(version="1.0.0-" + "1" * 1000),
    "a range that is none": changed(range="latest"),
    "an archive's path": changed(archives=[{**ARCHIVE, "path": "../../etc/passwd"}]),
    "an absurd size": changed(archives=[{**ARCHIVE, "size": 1 << 39}]),
    "a negative size": changed(archives=[{**ARCHIVE, "size": -1}]),
    "a size of words": changed(archives=[{**ARCHIVE, "size": "9"}]),
    "a hash that is none": changed(archives=[{**ARCHIVE, "sha256": "../x"}]),
    "out of the project": into("../up"),
    "out of it in the middle": into("a/../../b"),
    "absolute": into("/etc"),
    "a drive": into("c:x"),
    "a share": into("\\\\host\\x"),
    "an empty part": into("a//b"),
    "a hidden folder": into(".github"),
    "a point at the end": into("a./b"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_one_is_refused(case: str, tmp_path: Path) -> None:
    path, given = tmp_path / "tinypack.lock", HOSTILE[case]
    path.write_bytes(given if isinstance(given, bytes) else json.dumps(given).encode())
    with pytest.raises(TinypackError) as caught:
        read_lock(path)
    assert {problem.code for problem in caught.value.problems} == {"bad-lockfile"}
    assert "\x1b" not in str(caught.value)


def test_one_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lockfile, "MOST_LOCK_BYTES", 100)
    path = tmp_path / "tinypack.lock"
    path.write_text(json.dumps(LOCK))
    with pytest.raises(TinypackError, match="up to 100 bytes"):
        read_lock(path)
    path.unlink()
    path.symlink_to("/dev/zero")
    with pytest.raises(TinypackError, match="up to 100 bytes"):
        read_lock(path)


def test_one_that_is_a_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TinypackError) as caught:
        read_lock(tmp_path)
    assert caught.value.problems[0].code == "io"


def test_what_a_registry_says_amiss_is_not_noted() -> None:
    line = make_line(make_release("kws", "1.0.0", archives=[{**ARCHIVE, "path": "/etc/passwd"}]))
    with pytest.raises(TinypackError) as caught:
        locked(line, "*", ["arduino"])
    assert caught.value.problems[0].code == "bad-registry"


@pytest.mark.parametrize(
    "url",
    [
        "file:///tmp/x%0A[env]%0Aextra_scripts=pre:evil.py",
        "file:///tmp/x%20;evil",
        "file:///tmp/%24{sysenv.SECRET}",
        "http://evil.invalid/${sysenv.SECRET}",
    ],
)
def test_a_hostile_address_gets_into_no_ini(url: str, tmp_path: Path) -> None:
    """PlatformIO reads the file, and fetches what stands there, the user's secrets put in."""
    archive = Archive(format="platformio", path="archives/kws/kws.tar.gz", size=1, sha256="a" * 64)
    package = Locked(name="kws", version="1.0.0", archives=[archive])
    lock, registry = Lock(tmp_path / "tinypack.lock", url).with_packages([package]), Registry(url, tmp_path / "cache")
    assert ini_text(lock, registry).endswith("lib_deps =\n")
    assert without_url(lock, registry) == ["kws"]


@pytest.mark.parametrize("url", ["https://me:secret@host.invalid/r", "https://secret@host.invalid/r.git"])
def test_no_secret_is_noted(url: str, tmp_path: Path) -> None:
    assert open_session(tmp_path / "tinypack.lock", url).address == url.replace("me:", "").replace("secret@", "")
