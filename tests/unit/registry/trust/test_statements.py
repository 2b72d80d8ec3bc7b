"""Who may say what: stolen keys, swapped owners, forged attestations, and what a client remembers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.trust import MADE, Site, contents, first_owners, make_yank
from tinypack.errors import TinypackError
from tinypack.registry.entries import Signature, Signed
from tinypack.registry.package_index import Line, PackageIndex
from tinypack.registry.trust.rotation import rotate_key
from tinypack.registry.trust.statements import (
    change_owners,
    check_index,
    check_new,
    current_owners,
    owners_number,
    sign,
    signers,
)

Forge = Callable[[Site, PackageIndex], PackageIndex]


def at(index: PackageIndex, place: int, **changes: object) -> PackageIndex:
    """Change a line."""
    lines = list(index.lines)
    lines[place] = lines[place].model_copy(update=changes)
    return index.model_copy(update={"lines": lines})


def plus(index: PackageIndex, line: Line) -> PackageIndex:
    return index.model_copy(update={"lines": [*index.lines, line]})


def a_version_by(name: str) -> Forge:
    return lambda site, index: plus(index, site.line("kws", "9.9.9", site.keys.ensure(name)))


def a_yank_by(name: str) -> Forge:
    return lambda site, index: at(index, 0, yank=sign(make_yank("kws", "1.0.0"), site.keys.ensure(name)))


def an_attestation(name: str, **changes: object) -> Forge:
    """The attestation of the first version, changed, and signed by a key."""

    def forge(site: Site, index: PackageIndex) -> PackageIndex:
        body = index.lines[0].attestations[0].body.model_copy(update=changes)
        return at(index, 0, attestations=[sign(body, site.keys.ensure(name))])

    return forge


def changed_body(site: Site, index: PackageIndex) -> PackageIndex:
    release = index.lines[0].release
    body = release.body.model_copy(update={"license": "MIT"})
    return at(index, 0, release=Signed(body=body, signatures=release.signatures))


def unsigned(site: Site, index: PackageIndex) -> PackageIndex:
    return at(index, 0, release=Signed(body=index.lines[0].release.body))


def borrowed_yank(site: Site, index: PackageIndex) -> PackageIndex:
    """A yank of another version."""
    key = site.key()
    more = plus(index, site.line("kws", "1.1.0", key))
    return at(more, 1, yank=sign(make_yank("kws", "1.0.0"), key))


def other_owners(site: Site, index: PackageIndex) -> PackageIndex:
    """The whole package as if a thief had been first."""
    thief = site.keys.ensure("thief")
    line = site.line("kws", "1.0.0", thief)
    return PackageIndex(name="kws", owners=[sign(first_owners("kws", thief), thief)], lines=[line])


def owners_by(name: str, number: int = 2, **changes: object) -> Forge:
    """A change of owners in favour of a thief."""

    def forge(site: Site, index: PackageIndex) -> PackageIndex:
        thief = site.keys.ensure("thief")
        body = change_owners(index, {thief.keyid: thief.public}, MADE).model_copy(update={"number": number, **changes})
        return index.model_copy(update={"owners": [*index.owners, sign(body, site.keys.ensure(name))]})

    return forge


def false_id(site: Site, index: PackageIndex) -> PackageIndex:
    """The owner's id over a thief's key."""
    thief, owner = site.keys.ensure("thief"), site.key()
    body = first_owners("kws", owner).model_copy(update={"keys": {owner.keyid: thief.public}})
    signature = Signature(keyid=owner.keyid, sig=sign(body, thief).signatures[0].sig)
    return index.model_copy(update={"owners": [Signed(body=body, signatures=[signature])]})


def an_owner_in_private(site: Site, index: PackageIndex) -> PackageIndex:
    return index.model_copy(update={"owners": [sign(first_owners("kws", site.online), site.online)]})


PRIVATE: dict[str, tuple[Forge, str, str]] = {
    "changed release": (changed_body, "untrusted", "signature is valid"),
    "unsigned release": (unsigned, "not-owner", "signed by nobody"),
    "stranger's version": (a_version_by("thief"), "not-owner", "an online key"),
    "stranger's yank": (a_yank_by("thief"), "not-owner", "an online key"),
    "stranger's attestation": (an_attestation("thief"), "not-owner", "an online key"),
    "attestation of others": (an_attestation("registry-online", artifacts=["ab" * 32]), "untrusted", "archives of"),
    "attestation of no archives": (an_attestation("registry-online", artifacts=[]), "untrusted", "archives of"),
    "attestation of another version": (an_attestation("registry-online", version="2.0.0"), "untrusted", "stands with"),
    "owners": (an_owner_in_private, "untrusted", "no owners"),
}  # fmt: skip
PUBLIC: dict[str, tuple[Forge, str, str]] = {
    "changed release": (changed_body, "untrusted", "signature is valid"),
    "unsigned release": (unsigned, "not-owner", "signed by nobody"),
    "stranger's version": (a_version_by("thief"), "not-owner", "an owner of its time"),
    "the registry's version": (a_version_by("registry-online"), "not-owner", "an owner of its time"),
    "stranger's yank": (a_yank_by("thief"), "not-owner", "an owner or a root key"),
    "yank of another version": (borrowed_yank, "untrusted", "stands with"),
    "attestation without its key": (an_attestation("thief"), "not-owner", "or its own key"),
    "attestation of other archives": (an_attestation("ada", artifacts=["ab" * 32]), "untrusted", "archives of"),
    "no owners": (lambda site, index: index.model_copy(update={"owners": []}), "not-owner", "have owners"),
    "owners by a stranger": (owners_by("thief"), "not-owner", "an owner before"),
    "owners by the registry": (owners_by("registry-online"), "not-owner", "an owner before"),
    "owners out of turn": (owners_by("ada", 3), "untrusted", "in a row"),
    "owners of no keys": (owners_by("ada", keys={}), "untrusted", "ed25519"),
    "owners of other versions": (owners_by("ada", lines=0), "untrusted", "were there before"),
    "owners under a false id": (false_id, "untrusted", "its own id"),
}  # fmt: skip


@pytest.mark.parametrize("forge, code, words", PRIVATE.values(), ids=PRIVATE)
def test_private(forge: Forge, code: str, words: str, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    is_refused(site, forge, code, words, monkeypatch)


@pytest.mark.parametrize("forge, code, words", PUBLIC.values(), ids=PUBLIC)
def test_public(forge: Forge, code: str, words: str, public: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    is_refused(public, forge, code, words, monkeypatch)


def is_refused(site: Site, forge: Forge, code: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Expect that neither the registry signs a forged index, nor a client takes it from a thief who does."""
    index = site.head.index("kws")
    assert index is not None
    forged = forge(site, index)
    before = contents(site.root)
    for attempt in (lambda: site.put(forged), lambda: site.client("new").index("kws")):
        with pytest.raises(TinypackError) as caught:
            attempt()
        problems = [problem for problem in caught.value.problems if problem.code == code]
        assert any(words in str(problem) for problem in problems), caught.value
        if contents(site.root) == before:
            site.force(forged, monkeypatch)
    assert "index/kws.jsonl" not in contents(site.folder / "new")


def test_what_may_be_said_is_taken(public: Site) -> None:
    ada, bob, guest = (public.keys.ensure(name) for name in ("ada", "bob", "guest"))
    public.publish(version="1.1.0")
    index = public.owners("kws", ["ada", "bob"], ada)
    index = public.publish(version="1.2.0", key="bob")
    body = index.lines[0].attestations[0].body.model_copy(update={"key": guest.public, "by": "a guest"})
    index = at(index, 0, attestations=[*index.lines[0].attestations, sign(body, guest)])
    index = at(index, 1, yank=sign(make_yank("kws", "1.1.0"), bob))
    index = at(index, 2, yank=sign(make_yank("kws", "1.2.0"), public.started.root_key))
    public.put(index)
    found = public.client().index("kws")
    assert found == index
    assert [line.yanked for line in found.lines] == ["", "it hears ghosts", "it hears ghosts"]
    owners = current_owners(found)
    assert owners is not None and set(owners.keys) == {ada.keyid, bob.keyid}
    assert [owners_number(found, line) for line in range(3)] == [1, 1, 2]
    assert signers(found.lines[2].release, owners.keys) == {bob.keyid}


def test_a_stolen_key_that_was_rotated_out_publishes_nothing(public: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    stolen = public.keys.ensure("ada")
    index = public.owners("kws", ["bob"], stolen)
    late = plus(index, public.line("kws", "1.0.1", stolen))
    head = public.head
    with pytest.raises(TinypackError, match="an owner of today"):
        check_new(late.lines[-1].release, index, head.settings, head.current_root_keys, head.current_online_keys)
    with pytest.raises(TinypackError, match=r"an owner of its time \(owners 2\)"):
        public.put(late)
    # With the online key, too: neither behind the rotation, nor as if it had been before.
    between = index.model_copy(update={"lines": [*late.lines[::-1]]})
    for forged, words in ((late, "of its time"), (between, "were there before")):
        public.force(forged, monkeypatch)
        for name in ("known", "new"):
            with pytest.raises(TinypackError, match=words):
                public.client(name).index("kws")
        public.force(index, monkeypatch)
        assert public.client("known").index("kws") == index


def test_a_key_that_was_rotated_out_yanks_nothing(public: Site) -> None:
    ada = public.keys.ensure("ada")
    index, head = public.owners("kws", ["bob"], ada), public.head
    for key, good in (("ada", False), ("bob", True), ("registry-root", True), ("registry-online", False)):
        yank = sign(make_yank("kws", "1.0.0"), public.keys.load(key))
        if good:
            check_new(yank, index, head.settings, head.current_root_keys, head.current_online_keys)
        else:
            with pytest.raises(TinypackError, match="an owner of today"):
                check_new(yank, index, head.settings, head.current_root_keys, head.current_online_keys)


def test_an_old_yank_is_not_handed_in_again(public: Site) -> None:
    ada, head = public.keys.ensure("ada"), public.head
    index = head.index("kws")
    assert index is not None
    first = sign(make_yank("kws", "1.0.0"), ada)
    check_new(first, index, head.settings, head.current_root_keys, head.current_online_keys)
    undone = at(index, 0, yank=sign(make_yank("kws", "1.0.0", "2026-11-25T19:00:00Z", yanked=False), ada))
    with pytest.raises(TinypackError, match="newer than the one it replaces"):
        check_new(first, undone, head.settings, head.current_root_keys, head.current_online_keys)


def test_root_keys_recover_a_package(public: Site) -> None:
    """Its owner lost the key, or it was stolen."""
    public.client().index("kws")
    public.owners("kws", ["carol"], public.started.root_key)
    public.publish(version="1.1.0", key="carol")
    assert public.client().index("kws").lines[-1].version == "1.1.0"
    with pytest.raises(TinypackError, match="an owner of its time"):
        public.publish(version="1.2.0", key="ada")


FORGETFUL: dict[str, tuple[Forge, str]] = {
    "other owners": (other_owners, "other owners than were seen"),
    "version vanished": (lambda site, index: index.model_copy(update={"lines": index.lines[:-1]}), "vanished"),
    "version changed": (
        lambda site, index: at(index, 1, release=site.line("kws", "1.1.0", site.key(), license="MIT").release),
        "stays as it is",
    ),
    "yank vanished": (lambda site, index: at(index, 0, yank=None), "a newer statement"),
    "yank undone by an older one": (
        lambda site, index: at(
            index, 0, yank=sign(make_yank("kws", "1.0.0", "2020-01-01T00:00:00Z", False), site.key())
        ),
        "a newer statement",
    ),
}


@pytest.mark.parametrize("forge, words", FORGETFUL.values(), ids=FORGETFUL)
def test_clients_remember_what_they_saw(
    forge: Forge, words: str, public: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even from a thief of the online key."""
    index = public.publish(version="1.1.0")
    public.put(at(index, 0, yank=sign(make_yank("kws", "1.0.0"), public.key())))
    index = public.client("known").index("kws")
    public.force(forge(public, index), monkeypatch)
    seen = contents(public.folder / "known")["index/kws.jsonl"]
    with pytest.raises(TinypackError) as caught:
        public.client("known").index("kws")
    assert {problem.code for problem in caught.value.problems} == {"untrusted"}
    assert words in str(caught.value)
    assert contents(public.folder / "known")["index/kws.jsonl"] == seen
    public.client("new").index("kws")  # who saw nothing before can't know


def test_old_statements_hold_when_online_keys_change(site: Site) -> None:
    rotate_key(site.store, site.keys, "online")
    head, index = site.head, site.client().index("kws")
    check_index(index, head.settings, head.root_keys, head.online_keys)
    today = {keyid: key for keyid, key in head.online_keys.items() if keyid in head.current_keyids()}
    with pytest.raises(TinypackError, match="an online key"):
        check_index(index, head.settings, head.root_keys, today)
