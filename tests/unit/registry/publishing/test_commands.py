"""The commands: what they print, what they ask, how they end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.support.registry import Published, make_candidate, make_dist
from tinypack.cli.attest_command import command as attest
from tinypack.cli.publish_command import command as publish
from tinypack.cli.registry_merge import command as merge
from tinypack.cli.yank_command import command as yank
from tinypack.errors import TinypackError
from tinypack.registry.publishing.publish import publish_candidates
from tinypack.registry.trust.head import Head

COMMANDS = {"publish": publish, "yank": yank, "attest": attest, "merge": merge}


def run(name: str, *words: str | Path, given: str | None = None) -> Result:
    return CliRunner().invoke(COMMANDS[name], [str(word) for word in words], input=given)


@pytest.fixture(autouse=True)
def chosen(private: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    _chosen(private, monkeypatch)


def _chosen(registry: Published, monkeypatch: pytest.MonkeyPatch) -> Published:
    monkeypatch.setenv("TINYPACK_REGISTRY", registry.url)
    monkeypatch.setenv("TINYPACK_KEYS", str(registry.keys.folder))
    return registry


def versions(registry: Published) -> list[str]:
    index = Head.read(registry.store).index("door-guard")
    return [line.version for line in index.lines] if index else []


def test_a_table_and_a_question(private: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dist = make_dist(tmp_path / "dist", version="1.0.1")
    monkeypatch.setattr("tinypack.cli.publish_command._is_terminal", lambda: True)
    done = run("publish", dist, given="n\n")
    assert done.exit_code == 1 and versions(private) == ["1.0.0"]
    assert "patch since 1.0.0" in done.output and "native" in done.output
    done = run("publish", dist, given="y\n")
    assert (done.exit_code, versions(private)) == (0, ["1.0.0", "1.0.1"])
    assert "published: door-guard 1.0.1" in done.output
    done = run("publish", dist)
    assert done.exit_code == 0 and "these very bytes are there" in done.output


def test_where_nobody_can_be_asked(private: Published, tmp_path: Path) -> None:
    dist = make_dist(tmp_path / "dist", version="1.0.1")
    for words in ((), ("--json",)):
        done = run("publish", dist, *words)
        assert done.exit_code == 2 and "--yes" in done.output
    done = run("publish", dist, "--dry-run", "--json")
    assert done.exit_code == 0 and json.loads(done.stdout)["outcome"] == "checked"
    assert versions(private) == ["1.0.0"]
    done = run("publish", dist, "--yes", "--json")
    data = json.loads(done.stdout)
    assert (data["outcome"], data["mode"], data["submissions"]) == ("published", "private", [])
    assert data["packages"][0]["boards"] == ["mps2-an386", "native"]
    assert run("publish", dist, "--yes", "--quiet").stdout == ""


def test_unverified_is_said_to_who_publishes(private: Published, tmp_path: Path) -> None:
    dist = make_dist(tmp_path / "dist", version="1.0.1", attestation=False)
    done = run("publish", dist, "--yes")
    assert isinstance(done.exception, TinypackError) and versions(private) == ["1.0.0"]
    done = run("publish", dist, "--yes", "--unverified")
    assert done.exit_code == 0 and "unverified, and shown so to all" in done.output


def test_yank(private: Published) -> None:
    assert "door-guard 1.0.0 yanked" in run("yank", "door-guard", "1.0.0", "--why", "deaf").output
    done = run("yank", "door-guard", "1.0.0", "--why", "deaf", "--json")
    assert json.loads(done.stdout) == {
        "name": "door-guard",
        "version": "1.0.0",
        "changed": False,
        "submission": "",
        "yanked": True,
    }
    assert "door-guard 1.0.0 shown again" in run("yank", "door-guard", "1.0.0", "--why", "good", "--undo").output
    assert run("yank", "door-guard", "1.0.0").exit_code == 2


def test_attest(private: Published, tmp_path: Path) -> None:
    file = tmp_path / "again.attestation.json"
    file.write_bytes(make_candidate(statuses={"zephyr": "compiled"}).attestation_file)
    assert "attestation of door-guard 1.0.0: published" in run("attest", file, "--by", "Bob").output
    assert "it was so before" in run("attest", file, "--by", "Bob").output
    assert json.loads(run("attest", file, "--by", "Bob", "--json").stdout)["changed"] is False
    assert run("attest", file).exit_code == 2


def test_merge(empty_public: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    registry = _chosen(empty_public, monkeypatch)
    assert "nothing was handed in" in run("merge").output
    for name in ("door-guard", "d00r-guard"):
        publish_candidates([make_candidate(name)], registry.url, registry.publishers)
    done = run("merge", "--dry-run")
    assert done.exit_code == 1 and "what a merge would do" in done.output and versions(registry) == []
    done = run("merge")
    assert done.exit_code == 1 and "merged" in done.output and "it looks like" in done.output
    done = run("merge", "--json")
    assert done.exit_code == 0
    (left,) = json.loads(done.stdout)
    assert left["verdict"] == "refused before" and "look like" in left["problems"][0]["rule"]


def test_handing_in_says_what_happens_next(
    empty_public: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = _chosen(empty_public, monkeypatch)
    monkeypatch.setenv("TINYPACK_KEYS", str(registry.publishers.folder))
    done = run("publish", make_dist(tmp_path / "dist"), "--yes")
    assert done.exit_code == 0
    assert "handed in: door-guard-1.0.0-" in done.output and "next merge" in done.output
