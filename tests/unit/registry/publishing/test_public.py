"""Public registries: publishers hand in, a merge checks all of it as hostile, and publishes what is good."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.registry import Published, empty_registry, make_candidate
from tinypack.errors import TinypackError
from tinypack.registry.audit import audit
from tinypack.registry.entries import canonical
from tinypack.registry.package_index import PackageIndex
from tinypack.registry.paths import INBOX
from tinypack.registry.publishing import judging
from tinypack.registry.publishing.inbox import hand_in
from tinypack.registry.publishing.merge import Judged, merge
from tinypack.registry.publishing.ownership import set_owners
from tinypack.registry.publishing.publish import make_change, publish_candidates
from tinypack.registry.publishing.release import timestamp
from tinypack.registry.publishing.submission import Change, Submission, parse_submission, signed
from tinypack.registry.publishing.yank import yank
from tinypack.registry.trust.head import Head
from tinypack.registry.trust.keys import KeyFolder, SigningKey
from tinypack.registry.trust.statements import change_owners, check_index


@dataclass
class Public:
    """A public registry, and the key folders of two publishers."""

    registry: Published
    ada: KeyFolder
    eve: KeyFolder

    @property
    def inbox(self) -> Path:
        return self.registry.root / INBOX

    def hand_in(self, keys: KeyFolder, name: str = "door-guard", version: str = "1.0.0", **changes: Any) -> str:
        done = publish_candidates([make_candidate(name, version, **changes)], self.registry.url, keys)
        assert done.outcome == "handed in"
        return done.ids[0]

    def merge(self) -> list[Judged]:
        return merge(self.registry.url, self.registry.keys)

    def verdicts(self) -> list[str]:
        return [each.verdict for each in self.merge()]

    def index(self, name: str = "door-guard") -> PackageIndex | None:
        return Head.read(self.registry.store).index(name)

    def versions(self, name: str = "door-guard") -> list[str]:
        index = self.index(name)
        return [line.version for line in index.lines] if index else []


@pytest.fixture
def public(empty_public: Published, tmp_path: Path) -> Public:
    registry = empty_public
    eve = KeyFolder(tmp_path / "eve")
    eve.generate("publisher")
    return Public(registry, registry.publishers, eve)


def refused(public: Public, text: str = "") -> None:
    """The one submission is refused, for a reason; nothing of it is published, and it stays with the reason."""
    before = public.registry.store.read("metadata/timestamp.json")
    stored = [path for path in public.registry.store.paths("") if not path.startswith(INBOX)]
    (judged,) = public.merge()
    assert judged.verdict == "refused"
    assert text in str(TinypackError(judged.problems))
    assert public.registry.store.read("metadata/timestamp.json") == before
    assert [path for path in public.registry.store.paths("") if not path.startswith(INBOX)] == stored
    report = json.loads((public.inbox / judged.folder.id / "refused.json").read_text())
    assert report["problems"][0]["rule"]
    assert public.verdicts() == ["refused before"]


def test_a_name_belongs_to_who_publishes_first(public: Public) -> None:
    first = public.hand_in(public.ada)
    assert public.hand_in(public.ada) == first
    assert public.verdicts() == ["merged"]
    assert public.versions() == ["1.0.0"] and not (public.inbox / first).exists()
    index = public.index()
    assert index is not None and list(index.owners[0].body.keys) == [public.ada.load("publisher").keyid]
    with pytest.raises(TinypackError, match="missing-key"):
        public.hand_in(public.eve, version="1.0.1")
    with pytest.raises(TinypackError, match="not-owner"):
        publish_candidates([make_candidate(version="1.0.1")], public.registry.url, public.eve, "publisher")
    public.hand_in(public.ada, version="1.0.1")
    public.hand_in(public.eve, "window-guard")
    assert public.verdicts() == ["merged", "merged"]
    assert public.versions() == ["1.0.0", "1.0.1"] and public.versions("window-guard") == ["1.0.0"]
    assert audit(public.registry.store).problems == []


def test_a_publishers_key_may_be_in_the_environment(public: Public, monkeypatch: pytest.MonkeyPatch) -> None:
    pem = (public.eve.folder / "publisher.pem").read_text()
    nobody = KeyFolder(public.eve.folder / "empty")
    with pytest.raises(TinypackError, match="registry key new publisher"):
        public.hand_in(nobody)
    monkeypatch.setenv("TINYPACK_KEY", pem)
    public.hand_in(nobody)
    monkeypatch.delenv("TINYPACK_KEY")
    assert public.verdicts() == ["merged"]
    public.hand_in(public.eve, version="1.0.1")
    assert public.verdicts() == ["merged"]


def test_two_claim_a_name_and_a_look_alike_in_one_merge(public: Public) -> None:
    ids = [public.hand_in(public.ada), public.hand_in(public.eve, labels=()), public.hand_in(public.eve, "d00rguard")]
    judged = {each.folder.id: each.verdict for each in public.merge()}
    assert sorted(judged) == sorted(ids)
    assert sorted(judged.values()) == ["merged", "refused", "refused"]


def test_who_has_the_online_key_publishes_at_once(public: Public) -> None:
    done = publish_candidates([make_candidate()], public.registry.url, public.registry.keys)
    assert done.outcome == "published" and public.versions() == ["1.0.0"]


def test_the_same_bytes_handed_in_late_are_no_error(public: Public) -> None:
    public.hand_in(public.ada)
    publish_candidates([make_candidate()], public.registry.url, public.registry.keys)
    assert public.verdicts() == ["already there"]
    assert list(public.inbox.glob("*/*")) == []


def test_a_rehearsal_of_a_merge_changes_nothing(public: Public) -> None:
    public.hand_in(public.ada)
    before = list(public.registry.store.paths(""))
    assert [each.verdict for each in merge(public.registry.url, KeyFolder(Path("/nobody")), dry_run=True)] == ["merged"]
    assert list(public.registry.store.paths("")) == before
    with pytest.raises(TinypackError, match="missing-key"):
        merge(public.registry.url, public.ada)


def test_handed_in_again_after_a_refusal(public: Public, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(judging, "MOST_SUBMISSION_BYTES", 1000)
        public.hand_in(public.ada)
        refused(public, "up to 1000 bytes")
    public.hand_in(public.ada)
    assert public.verdicts() == ["merged"]


def test_an_unfinished_submission_waits(public: Public) -> None:
    id = public.hand_in(public.ada)
    statement = public.inbox / id / "statement.json"
    data = statement.read_bytes()
    statement.unlink()
    assert public.verdicts() == []
    statement.write_bytes(data)
    assert public.verdicts() == ["merged"]


def test_yanks_travel_too(public: Public) -> None:
    public.hand_in(public.ada)
    public.merge()
    said = yank(public.registry.url, public.ada, "door-guard", "1.0.0", "it is deaf")
    assert said.submission and public.verdicts() == ["merged"]
    index = public.index()
    assert index is not None and index.lines[0].yanked == "it is deaf"
    with pytest.raises(TinypackError, match="missing-key"):
        yank(public.registry.url, public.eve, "door-guard", "1.0.0", "mine", undo=True)
    yank(public.registry.url, public.eve, "door-guard", "1.0.0", "mine", undo=True, key_name="publisher")
    refused(public, "not-owner")


def test_a_new_owner_publishes_and_the_old_one_no_more(public: Public) -> None:
    public.hand_in(public.ada)
    public.merge()
    eve, ada = public.eve.load("publisher"), public.ada.load("publisher")
    set_owners(public.registry.url, public.ada, "door-guard", {eve.keyid: eve.public}, [ada.keyid])
    assert public.verdicts() == ["merged"]
    public.hand_in(public.eve, version="1.0.1")
    assert public.verdicts() == ["merged"]
    forged(public, ada, make_candidate(version="1.0.2"))
    refused(public, "not-owner")


def test_what_needs_another_submission_of_the_same_run(public: Public) -> None:
    public.hand_in(public.ada)
    public.merge()
    eve = public.eve.load("publisher")
    set_owners(public.registry.url, public.ada, "door-guard", {eve.keyid: eve.public})
    forged(public, eve, make_candidate(version="1.0.1"))
    forged(public, eve, make_candidate(version="1.0.2"))
    assert public.verdicts() == ["merged"] * 3
    assert sorted(public.versions()) == ["1.0.0", "1.0.1", "1.0.2"]


def forged(public: Public, key: SigningKey, candidate: Any) -> str:
    """Hand in a release whatever the registry says."""
    head = Head.read(public.registry.store)
    change = make_change(candidate, head.index(candidate.name), False, key, head.chain.registry, True)
    return hand_in(public.registry.url, change)


def test_what_is_said_for_one_registry_is_not_said_for_another(public: Public, tmp_path: Path) -> None:
    """Anyone can read what Ada publishes elsewhere, and hand it in here."""
    other = Public(empty_registry(tmp_path / "other", "public"), public.ada, public.eve)
    for registry in (public, other):
        registry.hand_in(public.ada)
        assert registry.verdicts() == ["merged"]
    replayed = public.inbox / other.hand_in(public.ada, version="1.0.1")
    shutil.copytree(other.inbox / replayed.name, replayed)
    refused(public, "the release is for this registry")
    shutil.rmtree(replayed)
    yank(other.registry.url, public.ada, "door-guard", "1.0.0", "a trial")
    (said,) = (path for path in other.inbox.iterdir() if path.name.startswith("door-guard-1.0.0"))
    shutil.copytree(said, public.inbox / said.name)
    refused(public, "the yank is for this registry")
    index, settings = public.index(), Head.read(public.registry.store).settings
    assert index is not None
    with pytest.raises(TinypackError, match="owners is for this registry"):
        check_index(index, settings, {}, {}, "ab" * 32)


Statement = dict[str, Any]


def _release(statement: Statement) -> Statement:
    body: Statement = statement["release"]["body"]
    return body


def _path(statement: Statement) -> None:
    _release(statement)["archives"][0]["path"] = "metadata/timestamp.json"


def _twice(statement: Statement) -> None:
    _release(statement)["archives"].append(_release(statement)["archives"][0])


def _many(statement: Statement) -> None:
    statement["release"]["signatures"] *= 9


#: What Eve changes in a good statement before she signs it -> what the refusal says.
STATEMENTS: dict[str, tuple[Callable[[Statement], object], str]] = {
    "a path elsewhere": (_path, "the files that its statement names"),
    "a file twice": (_twice, "the same twice"),
    "another text": (lambda s: _release(s).update(description="Buy this"), "what its files say"),
    "another licence": (lambda s: _release(s).update(license="0BSD"), "what its files say"),
    "more than its files": (lambda s: _release(s).update(inputs=[]), "what its files say"),
    "a key of tomorrow": (lambda s: _release(s).update(evil=1.5), "keys that this tinypack knows"),
    "another key": (lambda s: s.update(evil={"a": [1]}), "keys that this tinypack knows"),
    "to come": (lambda s: _release(s).update(published="2099-01-01T00:00:00Z"), "not to come"),
    "no time": (lambda s: _release(s).update(published="now"), "times are"),
    "signed often": (_many, "up to 8 signatures"),
    "another version": (lambda s: s.update(version="9.9.9"), "about one version"),
    "another name": (lambda s: s.update(name="other"), "about one package"),
    "a huge number": (lambda s: _release(s).update(arena_bytes=1 << 70), "as `tinypack publish` writes it"),
    "no archives": (lambda s: _release(s).update(archives=[]), "the files that its statement names"),
    "says verified": (lambda s: s["attestations"][0]["body"].update(passed=False), "summed up as its file says"),
    "a board made up": (
        lambda s: s["attestations"][0]["body"]["boards"][0].update(status="verified", board="pico"),
        "summed up as its file says",
    ),
    "an attestation elsewhere": (
        lambda s: s["attestations"][0]["body"]["file"].update(path="index/" + "a" * 16 + ".json"),
        "the files that its statement names",
    ),
    "a long signature of who": (lambda s: s["attestations"][0]["body"].update(by="x" * 101), "up to 100 characters"),
    "a foreign key": (lambda s: s["attestations"][0]["body"].update(key={"keyid": "x"}), "no key but its signer's"),
    "unverified": (lambda s: _release(s).update(unverified=True), "what its files say"),
    "no owners": (lambda s: s.pop("owners"), "not-owner"),
    "says nothing": (lambda s: [s.pop(key) for key in ("owners", "release", "attestations")], "submission"),
}


@pytest.mark.parametrize("kind", STATEMENTS)
def test_hostile_statements(public: Public, kind: str) -> None:
    """Signatures are made anew: Eve owns what she hands in, and lies in it."""
    change, text = STATEMENTS[kind]
    key = public.eve.load("publisher")
    id = public.hand_in(public.eve)
    path = public.inbox / id / "statement.json"
    statement = json.loads(path.read_bytes())
    change(statement)
    path.write_text(json.dumps(_signed_again(statement, key)))
    refused(public, text)


def _signed_again(statement: Statement, key: SigningKey) -> Statement:
    try:
        said = Submission.model_validate(statement)
    except ValueError:
        return statement
    for each in (said.release, said.owners, *said.attestations):
        if each is not None and len(each.signatures) == 1:
            each.signatures[0] = key.sign(canonical(each.body))  # a list in a frozen model
    plain: Statement = json.loads(canonical(said))
    return plain


#: What Eve does to the files of a good submission -> what the refusal says.
FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "no JSON": (lambda home: (home / "statement.json").write_text("[" * 100_000), "as `tinypack publish` writes it"),
    "a long statement": (lambda home: (home / "statement.json").write_text(" " * (2 << 20)), "up to"),
    "other bytes": (
        lambda home: (home / "door-guard-1.0.0.tar.gz").write_bytes(b"\x1f\x8b"),
        "is what its statement names",
    ),
    "endless": (lambda home: (home / "door-guard-1.0.0.tar.gz").write_bytes(bytes(1 << 20)), "up to"),
    "one more": (lambda home: (home / "evil.sh").write_text("x"), "the files that its statement names"),
    "one in a folder": (lambda home: _nested(home), "names: another one"),
    "one less": (lambda home: (home / "door-guard-1.0.0.tar.gz").unlink(), "no such file"),
    "a link": (lambda home: _link(home / "door-guard-1.0.0.tar.gz"), "a link"),
}


def _nested(home: Path) -> None:
    (home / "x").mkdir()
    (home / "x" / "y").write_text("x")


def _link(path: Path) -> None:
    path.unlink()
    path.symlink_to("/etc/passwd")


@pytest.mark.parametrize("kind", FILES)
def test_hostile_files(public: Public, kind: str) -> None:
    change, text = FILES[kind]
    change(public.inbox / public.hand_in(public.eve))
    refused(public, text.partition(":")[0])


@pytest.mark.parametrize(
    "data, found", [(b"{", "double quotes"), (b"{}", "name: Field required"), (b'{"name": 1}', "name: Input")]
)
def test_what_is_wrong_with_a_statement_is_said_in_a_line(data: bytes, found: str) -> None:
    with pytest.raises(TinypackError) as refused:
        parse_submission(data, "statement.json")
    (problem,) = refused.value.problems
    assert found in problem.found and "\n" not in problem.found


def test_a_statement_that_nobody_signed(public: Public) -> None:
    key = public.eve.load("publisher")
    change = make_change(make_candidate(), None, False, key, Head.read(public.registry.store).chain.registry, True)
    assert change.submission.release is not None
    bare = change.submission.release.model_copy(update={"signatures": []})
    hand_in(public.registry.url, Change(change.submission.model_copy(update={"release": bare}), files=change.files))
    refused(public, "not-owner")


def test_a_package_that_breaks_a_rule_is_refused_whoever_signs(public: Public) -> None:
    key = public.eve.load("publisher")
    forged(public, key, make_candidate(archives={"platformio": {"install.sh": b"x"}}))
    refused(public, "A2: an archive holds only files")


@pytest.mark.parametrize("name", ["door-guard", "registry", "Door-Guard", "dооr-guard"])
def test_names_are_not_claimed_without_a_package(public: Public, name: str) -> None:
    key = public.eve.load("publisher")
    owners = signed(change_owners(PackageIndex(name=name), {key.keyid: key.public}, timestamp()), key)
    home = public.inbox / "claim"
    home.mkdir(parents=True)
    (home / "statement.json").write_bytes(canonical(Submission(name=name, owners=owners)))
    refused(public, "a package starts with a version of it")


def test_one_bad_submission_keeps_no_good_one_out(public: Public) -> None:
    public.hand_in(public.ada)
    FILES["one more"][0](public.inbox / public.hand_in(public.eve, "window-guard"))
    assert public.verdicts() == ["merged", "refused"]
    assert public.versions() == ["1.0.0"] and public.versions("window-guard") == []
