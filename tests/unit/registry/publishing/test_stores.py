"""Publishing and handing in, where the registry is no folder."""

from __future__ import annotations

import subprocess
import uuid
from pathlib import Path

import pytest

from tests.support.registry import Published, empty_registry, make_candidate
from tests.support.stores import bare_repository
from tinypack.errors import TinypackError
from tinypack.registry.entries import Mode
from tinypack.registry.paths import INBOX
from tinypack.registry.publishing.merge import merge
from tinypack.registry.publishing.publish import publish_candidates
from tinypack.registry.publishing.yank import yank
from tinypack.registry.stores.opening import open_store
from tinypack.registry.trust.head import Head
from tinypack.registry.trust.keys import KeyFolder

KINDS = ["git", "memory"]


@pytest.fixture(autouse=True)
def own_clones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def started(kind: str, tmp_path: Path, mode: Mode) -> Published:
    urls = {
        "git": lambda: bare_repository(tmp_path / "remote.git"),
        "memory": lambda: f"memory://{uuid.uuid4().hex}/registry",
    }
    return empty_registry(tmp_path, mode, url=urls[kind]())


def versions(registry: Published) -> list[str]:
    index = Head.read(open_store(registry.url)).index("door-guard")
    return [line.version for line in index.lines] if index else []


def refs(registry: Published) -> str:
    """List branches and tags of the remote repository."""
    path = registry.url.removeprefix("git+file://")
    argv = ["git", "-C", path, "for-each-ref", "--format=%(refname)"]
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("kind", KINDS)
def test_private(kind: str, tmp_path: Path) -> None:
    registry = started(kind, tmp_path, "private")
    both = [make_candidate(), make_candidate(version="1.0.1")]
    assert publish_candidates(both, registry.url, registry.keys).outcome == "published"
    assert publish_candidates(both, registry.url, registry.keys).outcome == "already there"
    assert yank(registry.url, registry.keys, "door-guard", "1.0.0", "deaf").changed
    with pytest.raises(TinypackError, match="never changes"):
        publish_candidates([make_candidate(description="Hears nothing.")], registry.url, registry.keys)
    assert versions(registry) == ["1.0.0", "1.0.1"]
    if kind == "git":
        assert "refs/tags/door-guard/1.0.0\nrefs/tags/door-guard/1.0.1\n" in refs(registry)


@pytest.mark.parametrize("kind", KINDS)
def test_public(kind: str, tmp_path: Path) -> None:
    registry = started(kind, tmp_path, "public")
    eve = KeyFolder(tmp_path / "eve")
    eve.generate("publisher")
    good = publish_candidates([make_candidate()], registry.url, registry.publishers).ids[0]
    bad = publish_candidates([make_candidate("d00r-guard")], registry.url, eve).ids[0]
    both = {f"submissions/{id}" for id in (good, bad)}
    if kind == "git":
        assert all(branch in refs(registry) for branch in both)
    verdicts = {each.folder.id: each.verdict for each in merge(registry.url, registry.keys)}
    assert sorted(verdicts.values()) == ["merged", "refused"]
    (refused,) = (id for id, verdict in verdicts.items() if verdict == "refused")
    left = [path for path in open_store(registry.url).paths(INBOX) if ".lease" not in path]
    assert {path.split("/")[1] for path in left} == {refused} and f"{INBOX}/{refused}/refused.json" in left
    if kind == "git":
        assert {branch for branch in both if branch in refs(registry)} == {f"submissions/{refused}"}
    assert [each.verdict for each in merge(registry.url, registry.keys)] == ["refused before"]
