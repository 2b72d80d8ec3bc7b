"""A project's life with a real, signed registry."""

from __future__ import annotations

import json
import os
import threading
from datetime import datetime, timezone
from pathlib import Path

import pytest

from tests.support.models import model_bytes
from tests.support.registries import SignedRegistry, served
from tinypack.errors import TinypackError
from tinypack.formats.archive import make_tar_gz
from tinypack.registry.client.install.install import Place
from tinypack.registry.client.installed import audit, tree
from tinypack.registry.client.lib_deps import ini_path
from tinypack.registry.client.lockfile import read_lock
from tinypack.registry.client.session import VARIABLE, open_session
from tinypack.registry.client.work import install_asked, lock, update
from tinypack.registry.entries import sha256
from tinypack.registry.trust import client as trust_client

CMAKE = Place("cmake")


@pytest.fixture
def signed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SignedRegistry:
    """A registry in use, and an empty project, which is where we are."""
    monkeypatch.setenv("TINYPACK_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv(VARIABLE, raising=False)
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "project")
    made = SignedRegistry(tmp_path / "r")
    publish(made, "1.0.0")
    return made


def publish(registry: SignedRegistry, version: str, yanked: str = "", unverified: bool = False) -> None:
    files = {f"door-guard/{version}": b"x"}
    registry.made.add_files(
        version, "cmake", f"door-guard-{version}.tar.gz", files, unverified=unverified, yanked=yanked
    )
    registry.publish()


LOCK = Path("tinypack.lock")


def versions() -> list[str]:
    return [each.version for each in read_lock(LOCK).packages.values()]


def folder() -> list[str]:
    return sorted(path.name for path in Path("third_party/door-guard").glob("[!.]*"))


def test_install_update_and_lock(signed: SignedRegistry) -> None:
    (put,) = install_asked(LOCK, "../r", False, ["door-guard"], CMAKE)
    publish(signed, "1.1.0")
    publish(signed, "2.0.0")
    assert (versions(), folder()) == (["1.0.0"], ["1.0.0"])
    moved, (put,) = update(LOCK, "", False, [])
    assert (moved, put.before, versions(), folder()) == (
        {"door-guard": ("1.0.0", "1.1.0")},
        "1.0.0",
        ["1.1.0"],
        ["1.1.0"],
    )
    install_asked(LOCK, "", False, ["door-guard@^2"], CMAKE)
    assert (versions(), folder()) == (["2.0.0"], ["2.0.0"])
    with pytest.raises(TinypackError, match="must have a version that fits"):
        update(LOCK, "", False, ["other"])


def test_a_tampered_update_changes_nothing(signed: SignedRegistry) -> None:
    install_asked(LOCK, "../r", False, ["door-guard"], CMAKE)
    publish(signed, "1.1.0")
    (place,) = signed.folder.glob("archives/door-guard/1.1.0/*/*.tar.gz")
    place.write_bytes(make_tar_gz({"door-guard/evil": b"x"}))
    before = (LOCK.read_bytes(), folder())
    with pytest.raises(TinypackError) as caught:
        update(LOCK, "", False, [])
    assert {problem.code for problem in caught.value.problems} == {"untrusted"}
    assert (LOCK.read_bytes(), folder()) == before


def test_a_registry_that_is_gone_is_asked_once(signed: SignedRegistry) -> None:
    lock(LOCK, "../r", False, ["door-guard"])
    signed.folder.rename("../gone")
    session = open_session()
    assert [branch.unknown for branch in tree(session.lock, session.registry)] == ["bad-registry"]
    with pytest.raises(TinypackError) as caught:
        lock(LOCK, "", False, ["one", "two", "three"])
    assert len(caught.value.problems) == 1


def test_what_the_lockfile_names_installs_when_metadata_expired(
    signed: SignedRegistry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(signed.folder) as url:
        lock(LOCK, url, False, ["door-guard"])
        monkeypatch.setattr(trust_client, "now", lambda: datetime(2999, 1, 1, tzinfo=timezone.utc))
        with pytest.raises(TinypackError) as caught:
            install_asked(LOCK, "", False, ["door-guard@^1.0.1"], CMAKE)
        assert {problem.code for problem in caught.value.problems} == {"expired"}
        assert "lockfile" in str(caught.value)
        install_asked(LOCK, "", False, ["door-guard"], CMAKE, frozen=True)
    assert folder() == ["1.0.0"]
    (finding,) = audit(open_session().lock, open_session(offline=True).registry)
    assert finding.text.startswith("expired")


def test_a_lockfile_pins_what_was_trusted_at_first(signed: SignedRegistry, tmp_path: Path) -> None:
    install_asked(LOCK, "../r", False, ["door-guard"], CMAKE)
    signed.folder.rename("../gone")
    assert open_session(offline=True).registry.package("door-guard").line("1.0.0")
    assert len([*(tmp_path / "cache").glob("*/trusted")]) == 1
    (tmp_path / "other").mkdir()
    other = SignedRegistry(tmp_path / "other" / "r")
    publish(other, "1.0.0")
    other.folder.rename(signed.folder)
    with pytest.raises(TinypackError) as caught:
        open_session().registry.refresh()
    assert {problem.code for problem in caught.value.problems} == {"untrusted"}


def test_locked_changes_no_lockfile(signed: SignedRegistry) -> None:
    with pytest.raises(TinypackError, match="must have a version that fits"):
        install_asked(LOCK, "../r", False, ["door-guard"], CMAKE, frozen=True)
    assert not LOCK.exists()
    lock(LOCK, "../r", False, ["door-guard"])
    before = LOCK.read_bytes()
    install_asked(LOCK, "", False, ["door-guard"], CMAKE, frozen=True)
    assert (LOCK.read_bytes(), folder()) == (before, ["1.0.0"])


def test_the_ini_goes_along_with_the_lockfile(signed: SignedRegistry) -> None:
    files = {"library.json": b"{}"}
    signed.made.publish("gesture", "1.0.0", {"platformio": ("gesture.tar.gz", make_tar_gz(files))})
    signed.publish()
    written = lock(LOCK, "../r", False, ["gesture", "door-guard"])
    assert written.without_url == ["door-guard"]
    ini = ini_path(read_lock(LOCK))
    assert ini.read_text().splitlines()[-1].startswith(f"  file://{signed.folder}/archives/gesture/1.0.0/")
    signed.made.publish("gesture", "1.0.1", {"platformio": ("gesture.tar.gz", make_tar_gz({**files, "x": b"x"}))})
    signed.publish()
    update(LOCK, "", False, [])
    assert "/1.0.1/" in ini.read_text()


def test_a_folder_with_a_percent_sign(signed: SignedRegistry, tmp_path: Path) -> None:
    signed.made.publish("gesture", "1.0.0", {"platformio": ("gesture.tar.gz", make_tar_gz({"library.json": b"{}"}))})
    signed.publish()
    (tmp_path / "50% off").symlink_to(signed.folder)
    lock(LOCK, "../50% off", False, ["gesture"])
    assert f"file://{tmp_path}/50%% off/archives/" in Path("tinypack.lock.ini").read_text()


def test_which_registry_is_used(signed: SignedRegistry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TinypackError, match="a registry must be named"):
        open_session()
    monkeypatch.setenv(VARIABLE, str(signed.folder))
    lock(LOCK, "", False, ["door-guard"])
    other = SignedRegistry(tmp_path / "other")
    publish(other, "9.0.0")
    monkeypatch.setenv(VARIABLE, str(other.folder))
    lock(LOCK, "", False, ["door-guard@^1"])  # the lockfile's comes before the environment's
    before = LOCK.read_bytes()
    with pytest.raises(TinypackError) as caught:  # another that is not the same registry
        lock(LOCK, str(other.folder), False, ["door-guard@^9"])
    assert {problem.code for problem in caught.value.problems} == {"untrusted"}
    with pytest.raises(TinypackError, match="of one registry"):
        lock(LOCK, f"{other.folder}#sha256={other.root_sha256}", False, [])
    assert LOCK.read_bytes() == before
    with served(signed.folder) as url:  # the same one, elsewhere
        lock(LOCK, url, False, ["door-guard@^1"])
        assert read_lock(LOCK).url == url


@pytest.mark.parametrize(
    ("url", "noted"),
    [
        ("https://me:secret@example.org/r", "https://example.org/r"),
        ("https://example.org/a@b:c", "https://example.org/a@b:c"),
        ("ssh://git@example.org/r.git", "ssh://git@example.org/r.git"),
        ("s3://bucket/r", "s3://bucket/r"),
    ],
)
def test_a_password_is_not_noted(url: str, noted: str, signed: SignedRegistry) -> None:
    assert open_session(registry=url).address == noted


def test_tree_and_audit(signed: SignedRegistry, tmp_path: Path) -> None:
    publish(signed, "1.0.1", unverified=True)
    install_asked(LOCK, "../r", False, ["door-guard"], CMAKE)
    publish(signed, "1.2.0")
    publish(signed, "2.0.0")
    session = open_session()
    (branch,) = tree(session.lock, session.registry)
    assert (branch.folders[0][2], branch.fitting, branch.newest) == ("1.0.1", "1.2.0", "2.0.0")

    signed.made.yank("door-guard", "1.0.1", "wrong labels")
    signed.publish()
    place = Path("third_party/door-guard")
    (place / "1.0.1").write_bytes(b"y")
    (place / "more").write_bytes(b"y")
    session = open_session()
    found = [(each.level, each.text.rpartition("/")[2]) for each in audit(session.lock, session.registry)]
    assert found == [
        ("problem", "door-guard: 1.0.1 was changed"),
        ("problem", "door-guard: more was added"),
        ("problem", "it was yanked: wrong labels"),
        ("problem", "it was published unverified"),
        ("note", "2.0.0 is newer"),
    ]


def test_audit_does_not_believe_a_marker(signed: SignedRegistry) -> None:
    """Whoever changes a file may change what the folder says of itself."""
    install_asked(LOCK, "../r", False, ["door-guard"], CMAKE)
    place = Path("third_party/door-guard")
    marker = json.loads((place / ".tinypack.json").read_text())
    (place / "1.0.0").write_bytes(b"y")
    (place / ".tinypack.json").write_text(json.dumps({**marker, "files": {"1.0.0": sha256(b"y")}}))
    session = open_session()
    assert [each.text.rpartition(": ")[2] for each in audit(session.lock, session.registry)] == ["1.0.0 was changed"]


def test_a_local_project_is_built_when_it_changes(signed: SignedRegistry, tmp_path: Path) -> None:
    home = tmp_path / "model"
    home.mkdir()
    (home / "m.tflite").write_bytes(model_bytes("hello_world_int8"))
    toml = home / "tinypack.toml"
    toml.write_text('[package]\nname = "own"\nversion = "0.1.0"\nlicense = "MIT"\n[model]\nfile = "m.tflite"\n')
    changes = []
    for version in ("0.1.0", "0.1.0", "0.2.0"):
        toml.write_text(toml.read_text().replace("0.1.0", version))
        (put,) = install_asked(LOCK, "", False, ["../model"], Place("platformio"))
        changes.append((put.version, put.changed))
    assert changes == [("0.1.0", True), ("0.1.0", False), ("0.2.0", True)]
    assert not LOCK.exists()
    assert json.loads(Path("lib/own/library.json").read_text())["version"] == "0.2.0"


def test_commands_in_one_project_take_turns(signed: SignedRegistry) -> None:
    """None of what is installed side by side is missing in the lockfile."""
    names = [f"pack-{i}" for i in range(6)]
    for name in names:
        signed.made.publish(name, "1.0.0", {"cmake": (f"{name}.tar.gz", make_tar_gz({f"{name}/x": b"x"}))})
    signed.publish()
    threads = [
        threading.Thread(target=install_asked, args=(LOCK.absolute(), "../r", False, [name], CMAKE)) for name in names
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(read_lock(LOCK).packages) == names == sorted(os.listdir("third_party"))  # noqa: PTH208
