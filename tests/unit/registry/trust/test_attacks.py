"""What a server, or someone on the way, does to a registry: it is refused, and a client's folder stays as it was."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import pytest
from tuf.api.metadata import Targets

from tests.support.trust import ENDLESS, Liar, Site, contents, edited
from tinypack.errors import TinypackError
from tinypack.registry.paths import HEAD
from tinypack.registry.stores import Edit, Reader
from tinypack.registry.stores.folder import FolderStore
from tinypack.registry.trust import draft, metadata
from tinypack.registry.trust.head import Head
from tinypack.registry.trust.metadata import seal
from tinypack.registry.trust.rotation import next_root, rotate_key
from tinypack.registry.trust.settings import LATE_DAYS

Lies = Mapping[str, "bytes | int | None"]
Make = Callable[[Site, Mapping[str, bytes]], Lies]
BIN, INDEX, SNAPSHOT, TARGETS = (
    "metadata/*.{bin}.json",
    "index/*/*.jsonl",
    "metadata/*.snapshot.json",
    "metadata/*.t*ts.json",
)
SHORT = 2.0  # seconds, for what must not be read to its end


@dataclass(frozen=True)
class Attack:
    """What is done after a client saw version 1.0.0, and 1.1.0 came.

    lies   site, its files before 1.1.0 -> what is served instead: bytes, None for a missing file, a size without end
    code   of the error, and words in it
    known  whether the client reads the file again; another one, which saw nothing, does
    """

    lies: Make
    code: str
    words: str
    known: bool = True


def _path(site: Site, pattern: str) -> str:
    return site.path(pattern.format(bin=site.bin()))


def instead(pattern: str, data: bytes | int | None) -> Make:
    return lambda site, before: {_path(site, pattern): data}


def changed(pattern: str, **values: object) -> Make:
    def lies(site: Site, before: Mapping[str, bytes]) -> Lies:
        path = _path(site, pattern)
        return {path: edited(site.store.read(path), lambda signed: signed.update(values))}

    return lies


def cut(pattern: str) -> Make:
    def lies(site: Site, before: Mapping[str, bytes]) -> Lies:
        path = _path(site, pattern)
        data = site.store.read(path)
        return {path: data[: len(data) // 2]}

    return lies


def of_before(pattern: str) -> Make:
    """Serve the version before under the name of the newest."""

    def lies(site: Site, before: Mapping[str, bytes]) -> Lies:
        now = _path(site, pattern)
        end = now.partition(".")[2]
        return {now: next(data for path, data in reversed(before.items()) if path.endswith(f".{end}"))}

    return lies


def other_words(site: Site, before: Mapping[str, bytes]) -> Lies:
    path = site.path(INDEX)
    return {path: site.store.read(path).replace(b"Hears the door.", b"Opens the door.")}


def bin_of_another(site: Site, before: Mapping[str, bytes]) -> Lies:
    """A bin that the right key signed, but for another registry."""
    version = site.head.snapshot.meta[f"{site.bin()}.json"].version
    return {_path(site, BIN): seal(Targets(version=version), LATE_DAYS, "ab" * 32, [site.online])}


def thieves_root(by: str, registry: str) -> Make:
    """A next root with a thief's keys; it claims to be of a registry, and the thief or the true root key signs."""

    def lies(site: Site, before: Mapping[str, bytes]) -> Lies:
        thief = site.keys.generate("thief")
        keys = {thief.keyid: thief.public}
        head = site.head
        root = next_root(
            head.chain, {"root": {**head.current_root_keys, **keys}, "online": {**head.online_keys, **keys}}
        )
        signer = {"thief": thief, "owner": site.started.root_key}[by]
        return {"metadata/2.root.json": seal(root, LATE_DAYS, registry or site.started.registry, [signer])}

    return lies


ATTACKS = {
    "index, other words": Attack(other_words, "untrusted", "size and hash"),
    "index, truncated": Attack(cut(INDEX), "untrusted", "size and hash"),
    "index, endless": Attack(instead(INDEX, ENDLESS), "untrusted", "size and hash"),
    "index, missing": Attack(instead(INDEX, None), "bad-registry", "no such file"),
    "bin, emptied": Attack(changed(BIN, targets={}), "untrusted", "signed by"),
    "bin, truncated": Attack(cut(BIN), "bad-registry", "JSON"),
    "bin, endless": Attack(instead(BIN, ENDLESS), "bad-registry", "bytes"),
    "bin, nested without end": Attack(instead(BIN, b"[" * 200_000), "bad-registry", "JSON"),
    "bin, missing": Attack(instead(BIN, None), "bad-registry", "no such file"),
    "bin of another time": Attack(of_before(BIN), "untrusted", "different times"),
    "bin of another registry": Attack(bin_of_another, "untrusted", "this registry"),
    "snapshot, emptied": Attack(changed(SNAPSHOT, meta={}), "untrusted", "size and hash"),
    "snapshot, truncated": Attack(cut(SNAPSHOT), "untrusted", "size and hash"),
    "snapshot, endless": Attack(instead(SNAPSHOT, ENDLESS), "bad-registry", "bytes"),
    "snapshot, missing": Attack(instead(SNAPSHOT, None), "bad-registry", "no such file"),
    "snapshot of another time": Attack(of_before(SNAPSHOT), "untrusted", "size and hash"),
    "targets, tampered": Attack(changed(TARGETS, expires="2099-01-01T00:00:00Z"), "untrusted", "signed", known=False),
    "targets, endless": Attack(instead(TARGETS, ENDLESS), "bad-registry", "bytes", known=False),
    "timestamp, newer": Attack(changed(HEAD, version=99), "untrusted", "signed by"),
    "timestamp, good for longer": Attack(changed(HEAD, expires="2099-01-01T00:00:00Z"), "untrusted", "signed by"),
    "timestamp, truncated": Attack(cut(HEAD), "bad-registry", "JSON"),
    "timestamp, endless": Attack(instead(HEAD, ENDLESS), "bad-registry", "bytes"),
    "timestamp, missing": Attack(instead(HEAD, None), "bad-registry", "no such file"),
    "root by other keys": Attack(thieves_root("thief", ""), "untrusted", "signed by"),
    "root of another registry": Attack(thieves_root("owner", "ab" * 32), "untrusted", "this registry"),
    "root, endless": Attack(lambda site, before: {"metadata/2.root.json": ENDLESS}, "bad-registry", "bytes"),
    "root, truncated": Attack(lambda site, before: {"metadata/2.root.json": b'{"signa'}, "bad-registry", "JSON"),
}  # fmt: skip


def refused(attempt: Callable[[], object], code: str, words: str) -> str:
    """Expect an error; give its text."""
    start = time.monotonic()
    with pytest.raises(TinypackError) as caught:
        attempt()
    assert time.monotonic() - start < SHORT
    assert {problem.code for problem in caught.value.problems} == {code}, caught.value
    text = str(caught.value)
    assert words in text, text
    assert all(problem.where and problem.rule and problem.found for problem in caught.value.problems), text
    return text


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_clients_refuse(attack: Attack, site: Site) -> None:
    known = site.client("known")
    assert known.index("kws").lines[-1].version == "1.0.0"
    before = site.copy()
    site.publish(version="1.1.0")
    seen = contents(site.folder / "known")
    lies = attack.lies(site, before)

    liar = Liar(site.store, lies)
    if attack.known:
        told = site.client("known", liar)
        refused(lambda: (told.refresh(), told.index("kws")), attack.code, attack.words)
        kept = contents(site.folder / "known")
        assert kept["index/kws.jsonl"] == seen["index/kws.jsonl"]
        assert kept == seen or below_top(lies)
    new = site.client("new", Liar(site.store, lies))
    refused(lambda: (new.refresh(), new.index("kws")), attack.code, attack.words)
    assert "index/kws.jsonl" not in contents(site.folder / "new")
    assert below_top(lies) or contents(site.folder / "new") == {}
    assert liar.sent < 64 << 20
    assert site.client("known").index("kws").lines[-1].version == "1.1.0"


def test_a_registry_does_not_go_back(site: Site) -> None:
    before = site.copy()
    site.publish(version="1.1.0")
    client = site.client()
    client.index("kws")
    seen = contents(site.folder / "client")
    refused(site.client(reader=Liar(site.store, before)).refresh, "untrusted", "go back")
    assert contents(site.folder / "client") == seen


def below_top(lies: Lies) -> bool:
    """Whether a lie is about a bin or an index: then the metadata above are good, and are kept."""
    return all("bins-" in path or path.startswith("index/") for path in lies)


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_writers_do_not_sign_what_was_tampered_with(attack: Attack, site: Site) -> None:
    before = site.copy()
    site.publish(version="1.1.0")
    liar = Liar(site.store, attack.lies(site, before))

    def write() -> None:
        head = Head.read(liar)
        index = head.index("kws")
        assert index is not None
        head.edit([index], head.online_key(site.keys))

    with pytest.raises(TinypackError) as caught:
        write()
    assert {problem.code for problem in caught.value.problems} <= {"untrusted", "bad-registry"}


def test_a_writer_refuses_a_registry_that_went_back(site: Site) -> None:
    before = site.copy()
    site.publish(version="1.1.0")
    site.publish(version="1.2.0")  # its base is what is remembered
    site.keys = type(site.keys)(site.keys.folder)
    text = refused(lambda: Head.read(Liar(site.store, before)).online_key(site.keys), "untrusted", "does not go back")
    assert "registries.json" in text


def test_a_registry_that_is_held_back_expires(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    client = site.client()
    client.refresh()
    seen = contents(site.folder / "client")
    past = datetime.now(timezone.utc).replace(microsecond=0) - timedelta(days=91)
    for module in (metadata, draft):
        monkeypatch.setattr(module, "now", lambda: past)
    site.publish(version="1.1.0")
    text = refused(lambda: site.client().refresh(), "expired", "past their date")
    assert "timestamp" in text and "registry sign" in text and "lockfile" in text
    assert contents(site.folder / "client") == seen
    refused(lambda: site.client("new").refresh(), "expired", "past their date")
    assert contents(site.folder / "new") == {}


def test_what_a_client_knows_expires_too(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.client().refresh()
    later = datetime.now(timezone.utc) + timedelta(days=91)
    monkeypatch.setattr("tinypack.registry.trust.client.now", lambda: later)
    for offline in (False, True):
        refused(site.client(offline=offline).refresh, "expired", "expired 20")


def test_a_pin_is_the_only_root(site: Site) -> None:
    good = site.started.registry
    assert site.client(pin=good).root_sha256 == good
    for name in ("client", "new"):
        seen = contents(site.folder / name) if name == "client" else {}
        text = refused(site.client(name, pin="ab" * 32).refresh, "untrusted", "pinned")
        assert good in text
        assert contents(site.folder / name) == seen


def test_another_registry_in_its_place_is_refused(site: Site) -> None:
    site.client().refresh()
    other = Site(site.folder / "elsewhere")
    other.publish()
    text = refused(site.client(reader=other.store).refresh, "untrusted", "signed by")
    assert "timestamp.json" in text


def test_what_a_thief_of_the_online_key_said_goes_with_the_key(site: Site) -> None:
    """It served a client a bin of its own, of the very version that the registry's next one gets."""
    mirror, name, key = FolderStore(site.folder / "mirror"), site.bin(), site.online
    shutil.copytree(site.root, mirror.root)

    def empty(reader: Reader) -> Edit:
        draft = Head.read(reader).draft()
        draft.put(name, Targets(), [key])
        return draft.finish([key])

    mirror.update(empty)
    misled = site.client(reader=mirror)
    assert all("kws" not in packages for _, _, packages in misled.summaries())
    rotate_key(site.store, site.keys, "online")
    found = site.client()
    assert found.bin_versions[name] == misled.bin_versions[name] and found.delegation != misled.delegation
    assert found.index("kws").lines


def test_signatures_for_another_registry_do_not_count(site: Site) -> None:
    """A hostile registry may name a writer's public key as its own online key, to have something signed."""
    hostile = Site(site.folder / "hostile", keys=site.keys, timestamp_days=7)
    hostile.publish("kws", "6.6.6")
    assert hostile.online.keyid == site.online.keyid
    stolen = {path: data for path, data in hostile.copy().items() if not path.endswith("root.json")}
    for name in ("new", "known"):
        refused(site.client(name, Liar(site.store, stolen)).refresh, "untrusted", "this registry")
    with pytest.raises(TinypackError, match="this registry"):
        Head.read(Liar(site.store, stolen))
