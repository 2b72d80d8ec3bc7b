"""`tinypack registry init`, `key`, `sign` and `check`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.support.trust import Site, contents
from tinypack.cli import tinypack
from tinypack.registry.trust.keys import KeyFolder


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.setenv("TINYPACK_KEYS", str(tmp_path / "keys"))
    monkeypatch.setenv("TINYPACK_REGISTRY", str(tmp_path / "registry"))
    return lambda *words: CliRunner().invoke(tinypack, ["registry", *words])


def plain(result: Result) -> dict[str, object]:
    assert result.exit_code == 0, (result.output, result.exception)
    found: dict[str, object] = json.loads(result.stdout)
    return found


def test_a_registry_from_its_start_to_a_new_key(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    made = plain(run("init", "--mode", "public", "--bins", "4", "--json"))
    assert made["mode"] == "public"
    shown = run("check")
    assert shown.exit_code == 0 and "0 packages" in shown.stdout
    pinned = f"{tmp_path / 'registry'}#sha256={made['root_sha256']}"
    assert run("check", "--registry", pinned).exit_code == 0
    assert plain(run("sign", "--json"))["roles"] == ["timestamp"]
    new = plain(run("key", "rotate", "--role", "online", "--json"))
    added = plain(run("key", "add", "backup", "--role", "root", "--json"))
    (tmp_path / "other.pub").write_bytes((tmp_path / "keys" / "backup.pub").read_bytes())
    plain(run("key", "add", str(tmp_path / "other.pub"), "--role", "online", "--json"))
    plain(run("key", "revoke", str(added["keyid"])[:8], "--role", "online", "--json"))
    plain(run("key", "new", "ada", "--json"))
    rows = {row["name"]: row["roles"] for row in json.loads(run("key", "list", "--json").stdout)}
    assert rows == {
        "ada": [],
        "backup": ["root", "former online"],
        "registry-online": ["former online"],
        "registry-online-2": ["online"],
        "registry-root": ["root"],
    }
    assert str(new["keyid"])[:16] in run("key", "list").stdout
    assert run("check").exit_code == 0


def test_what_is_said_to_people(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    said = run("init", "--bins", "4").stdout
    assert f"{tmp_path / 'registry'}#sha256=" in said and "offline" in said
    assert "good until" in run("sign").stdout
    assert "registry-online-2 is now the online key" in run("key", "rotate", "--role", "online").stdout
    secrets = [path.read_text().splitlines()[1] for path in (tmp_path / "keys").glob("*.pem")]
    assert secrets and not any(secret in said for secret in secrets)


def test_a_damaged_registry_fails(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    site = Site(tmp_path)
    site.publish()
    archive = tmp_path / "registry" / site.path("archives/*/*/*/*")
    archive.write_bytes(b"other")
    result = run("check")
    assert result.exit_code == 1 and "error[untrusted]" in result.stderr and "not good" in result.stdout
    assert json.loads(run("check", "--json").stdout)["problems"][0]["code"] == "untrusted"
    archive.unlink()
    (archive.parent / "never-named.zip").write_bytes(b"")
    assert "nothing names (harmless): 1, such as archives/kws" in run("check").stdout


def test_errors_are_tinypacks(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert run("init", "--bins", "3").exception.problems[0].code == "refused"
    assert run("sign").exception.problems[0].code == "bad-registry"
    run("init", "--bins", "4")
    before = contents(tmp_path / "registry")
    assert run("init").exception.problems[0].code == "refused"
    assert run("key", "revoke", "ab", "--role", "online").exception.problems[0].code == "refused"
    assert (
        run("check", "--registry", f"{tmp_path / 'registry'}#sha256={'ab' * 32}").exception.problems[0].code
        == "untrusted"
    )
    assert contents(tmp_path / "registry") == before


def test_owners_change_and_are_recovered(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    site = Site(tmp_path, "public")
    site.publish()
    ada, bob = site.keys.load("ada"), site.keys.generate("bob")
    assert plain(run("key", "owners", "kws", "--json"))["owners"] == [ada.keyid]
    both = plain(run("key", "owners", "kws", "--add", "bob", "--json"))
    assert (both["number"], both["submission"]) == (2, "")
    assert set(both["owners"]) == {ada.keyid, bob.keyid}  # type: ignore[call-overload]
    assert plain(run("key", "owners", "kws", "--remove", ada.keyid[:12], "--json"))["owners"] == [bob.keyid]
    (tmp_path / "keys" / "bob.pem").unlink()
    assert run("key", "owners", "kws", "--add", "ada").exception.problems[0].code == "missing-key"
    assert run("key", "owners", "kws", "--recover").exit_code == 2
    recovered = plain(run("key", "owners", "kws", "--recover", "--add", "carol", "--why", "bob lost it", "--json"))
    carol = KeyFolder(tmp_path / "keys").load("carol")
    assert (recovered["number"], recovered["owners"]) == (4, [carol.keyid])
    site.publish(version="1.1.0", key="carol")
    assert site.client().index("kws").owners[-1].body.why == "bob lost it"
    for words in (["--remove", carol.keyid], ["--add", "carol"], ["--remove", "xyz"]):
        assert run("key", "owners", "kws", *words).exception.problems[0].code == "refused"
    assert run("key", "owners", "none").exception.problems[0].code == "no-package"


def test_who_has_no_online_key_hands_owners_in(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    site = Site(tmp_path, "public")
    site.publish()
    for name in ("registry-online", "registry-root"):
        (tmp_path / "keys" / f"{name}.pem").unlink()
    before = site.head.timestamp.version
    submission = plain(run("key", "owners", "kws", "--add", "bob", "--json"))["submission"]
    assert (tmp_path / "registry" / "inbox" / str(submission) / "statement.json").exists()
    assert site.head.timestamp.version == before
