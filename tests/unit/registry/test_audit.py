"""An audit finds what is wrong, all of it, and says where."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import pytest

from tests.support.trust import Liar, Site, contents
from tinypack.registry import audit as audit_module
from tinypack.registry.audit import audit
from tinypack.registry.trust.statements import sign


def test_a_good_registry(site: Site, public: Site) -> None:
    for registry in (site, public):
        registry.publish(version="1.1.0")
        registry.publish("other")
        said: list[str] = []
        found = audit(registry.store, said.append)
        assert found.problems == []
        assert (found.packages, found.versions, found.files, found.orphans) == (2, 3, 6, 0)
        assert found.complete and found.size > 0
        assert said[0].startswith("bin 1 of ")
        assert audit(Liar(registry.store, {})).problems == []  # what can only be read, without a list of files


def test_files_that_nothing_names_are_no_problem(site: Site) -> None:
    index = site.head.index("kws")
    assert index is not None
    lost = site.head.edit([index.model_copy(update={"lines": []})], site.online)
    site.store.add({**lost.new, "archives/kws/9.9.9/0123456789abcdef/kws.zip": b"never named"})
    found = audit(site.store)
    assert found.problems == []
    assert found.orphans == len(lost.new) + 1
    assert set(found.some_orphans) == {*lost.new, "archives/kws/9.9.9/0123456789abcdef/kws.zip"}


def _damage(pattern: str, change: Callable[[bytes], bytes | None]) -> Callable[[Site], Liar]:
    def lie(site: Site) -> Liar:
        path = site.path(pattern.format(bin=site.bin()))
        return Liar(site.store, {path: change(site.store.read(path))})

    return lie


def other(data: bytes) -> bytes:
    return bytes([*data[:-1], data[-1] ^ 1])


def other_words(data: bytes) -> bytes:
    return data.replace(b"Hears", b"Fears")


DAMAGE: dict[str, tuple[Callable[[Site], Liar], str, str]] = {
    "archive, other bytes": (_damage("archives/*/*/*/*", other), "untrusted", "another hash"),
    "archive, cut": (_damage("archives/*/*/*/*", lambda data: data[:-1]), "untrusted", "bytes, not"),
    "archive, endless": (_damage("archives/*/*/*/*", lambda data: data * 99_999), "untrusted", "bytes, not"),
    "archive, missing": (_damage("archives/*/*/*/*", lambda data: None), "bad-registry", "no such file"),
    "attestation, other bytes": (_damage("attestations/*/*/*", other), "untrusted", "another hash"),
    "attestation, missing": (_damage("attestations/*/*/*", lambda data: None), "bad-registry", "no such file"),
    "index, other bytes": (_damage("index/*/*", other), "untrusted", "what its bin names"),
    "index, missing": (_damage("index/*/*", lambda data: None), "bad-registry", "no such file"),
    "bin, other bytes": (_damage("metadata/*.{bin}.json", other_words), "untrusted", "signed by"),
    "bin, missing": (_damage("metadata/*.{bin}.json", lambda data: None), "bad-registry", "no such file"),
    "timestamp, missing": (_damage("metadata/timestamp.json", lambda data: None), "bad-registry", "no such file"),
}  # fmt: skip


@pytest.mark.parametrize("lie, code, words", DAMAGE.values(), ids=DAMAGE)
def test_damage_is_found(lie: Callable[[Site], Liar], code: str, words: str, site: Site) -> None:
    found = audit(lie(site))
    assert {problem.code for problem in found.problems} == {code}
    assert words in str(found.problems[0])


def test_all_that_is_wrong_is_found(site: Site) -> None:
    site.publish(version="1.1.0")
    paths = [path for path in contents(site.root) if path.startswith("archives/")]
    found = audit(Liar(site.store, dict.fromkeys(paths, b"")))
    assert len(found.problems) == 2
    assert {path for path in paths if any(path in problem.where for problem in found.problems)} == set(paths)


def test_an_audit_stops_when_all_is_wrong(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_module, "MOST_PROBLEMS", 2)
    site.publish(version="1.1.0")
    site.publish(version="1.2.0")
    paths = [path for path in contents(site.root) if path.startswith("archives/")]
    found = audit(Liar(site.store, dict.fromkeys(paths, b"")))
    assert len(found.problems) == 2 and not found.complete


def test_what_an_index_says_of_boards_is_in_the_attestation(site: Site) -> None:
    index = site.head.index("kws")
    assert index is not None
    said = index.lines[0].attestations[0].body
    board = said.boards[0].model_copy(update={"flash_bytes": 7})
    signed = sign(said.model_copy(update={"boards": [board]}), site.online)
    site.put(index.model_copy(update={"lines": [index.lines[0].model_copy(update={"attestations": [signed]})]}))
    (problem,) = audit(site.store).problems
    assert (problem.code, problem.found) == ("untrusted", "other: native")


def test_names_that_look_alike_are_found(site: Site) -> None:
    site.publish("kvvs")
    (problem,) = audit(site.store).problems
    assert problem.code == "refused" and "looks like" in problem.found


def test_forged_statements_are_found(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    index = site.head.index("kws")
    assert index is not None
    forged = site.line("kws", "2.0.0", site.keys.ensure("thief"))
    site.force(index.model_copy(update={"lines": [*index.lines, forged]}), monkeypatch)
    found = audit(site.store)
    assert {problem.code for problem in found.problems} == {"not-owner"}


def test_what_expired_is_found(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_module, "now", lambda: datetime.now(timezone.utc) + timedelta(days=91))
    (problem,) = audit(site.store).problems
    assert problem.code == "expired" and "timestamp" in problem.where
