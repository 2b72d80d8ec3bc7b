"""Keys change, and at no moment, nor after any interruption, does a client find what it can't verify."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.trust import Site, contents
from tinypack.errors import TinypackError
from tinypack.registry.stores import Edit, Reader
from tinypack.registry.stores.folder import FolderStore
from tinypack.registry.trust.head import Head
from tinypack.registry.trust.keys import KeyFolder
from tinypack.registry.trust.rotation import add_key, list_keys, revoke_key, rotate_key


class Killed(Exception):
    pass


class Stepwise(FolderStore):
    """Writes file after file; `look` after each; dies after `most` of them."""

    def __init__(self, root: Path, look: Callable[[], None] = lambda: None, most: int = 1 << 30) -> None:
        super().__init__(root)
        self.look, self.most, self.steps = look, most, 0

    def update(self, change: Callable[[Reader], Edit]) -> Edit:
        edit = change(self)
        for path, data in edit.new.items():
            self._step(Edit(new={path: data}))
        if edit.head:
            self._step(Edit(head=edit.head))
        for path in edit.drop:
            self._step(Edit(drop=(path,)))
        return edit

    def _step(self, edit: Edit) -> None:
        if self.steps == self.most:
            raise Killed
        self.steps += 1
        super().update(lambda reader: edit)
        self.look()


def add_second(site: Site, store: FolderStore) -> None:
    key = site.keys.ensure("second")
    add_key(store, site.keys, "online", key.keyid, key.public)


def revoke_first(site: Site, store: FolderStore) -> None:
    if not (site.root / "metadata" / "2.root.json").exists():
        add_second(site, site.store)
    revoke_key(store, site.keys, "online", site.started.online_key.keyid[:12])


CHANGES: dict[str, Callable[[Site, FolderStore], object]] = {
    "rotate online": lambda site, store: rotate_key(store, site.keys, "online"),
    "rotate root": lambda site, store: rotate_key(store, site.keys, "root"),
    "add online": add_second,
    "revoke online": revoke_first,
}


def works(site: Site, name: str) -> None:
    """Expect that a client verifies everything."""
    client = site.client(name)
    client.refresh()
    for package in ("kws", "other"):
        assert client.index(package).lines


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_clients_verify_at_every_moment(change: Callable[[Site, FolderStore], object], site: Site) -> None:
    site.publish("other")
    works(site, "known")
    count = iter(range(1000))

    def look() -> None:
        works(site, "known")
        works(site, f"new-{next(count)}")

    store = Stepwise(site.root, look)
    change(site, store)
    assert store.steps >= 4
    site.publish(version="1.1.0")
    works(site, "known")


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_an_interrupted_change_is_finished_by_doing_it_again(
    change: Callable[[Site, FolderStore], object], site: Site
) -> None:
    site.publish("other")
    works(site, "known")
    for most in range(1000):
        store = Stepwise(site.root, most=most)
        try:
            change(site, store)
            break
        except Killed:
            works(site, "known")
            works(site, f"new-{most}")
    assert most >= 4
    roots = {"revoke online": 3}.get(next(name for name, each in CHANGES.items() if each is change), 2)
    assert len(site.head.chain.roots) == roots
    site.publish(version="1.1.0")
    works(site, "known")
    assert [line.version for line in site.client("known").index("kws").lines] == ["1.0.0", "1.1.0"]


def test_the_old_key_signs_no_more(site: Site) -> None:
    old = site.online
    new = rotate_key(site.store, site.keys, "online")
    assert site.online.keyid == new.keyid != old.keyid
    index = site.head.index("kws")
    assert index is not None
    site.store.update(lambda reader: Head.read(reader).edit([index], old))
    with pytest.raises(TinypackError, match="signed by a key of its role"):
        Head.read(site.store)
    with pytest.raises(TinypackError, match="signed by a key of its role"):
        site.client().refresh()


def test_nobody_publishes_with_a_key_that_goes_while_it_goes(site: Site) -> None:
    """Between the two steps, what is published must hold under both roots."""
    store = Stepwise(site.root)

    class Stop(FolderStore):
        calls = 0

        def update(self, change: Callable[[Reader], Edit]) -> Edit:
            self.calls += 1
            if self.calls == 2:
                raise Killed
            return store.update(change)

    with pytest.raises(Killed):
        rotate_key(Stop(site.root), site.keys, "online")
    with pytest.raises(TinypackError, match="interrupted: do it again"):
        site.publish(version="1.1.0")
    rotate_key(site.store, site.keys, "online")
    site.publish(version="1.1.0")
    works_again = site.client()
    assert works_again.index("kws").lines[-1].version == "1.1.0"


@pytest.mark.parametrize("most", range(6))
def test_a_lost_online_key_is_replaced(most: int, site: Site) -> None:
    site.client().index("kws")
    (site.keys.folder / "registry-online.pem").unlink()
    with pytest.raises(Killed):
        rotate_key(Stepwise(site.root, most=min(most, 4)), site.keys, "online")
    rotate_key(site.store, site.keys, "online")
    site.publish(version="1.1.0")
    assert site.client().index("kws").lines[-1].version == "1.1.0"
    assert site.client("new").index("kws").lines[-1].version == "1.1.0"


def test_a_root_key_that_was_rotated_out_changes_nothing(site: Site) -> None:
    rotate_key(site.store, site.keys, "root")
    (site.keys.folder / "registry-root-2.pem").unlink()
    before = contents(site.root)
    with pytest.raises(TinypackError) as caught:
        rotate_key(site.store, site.keys, "online")
    assert caught.value.problems[0].code == "missing-key"
    assert contents(site.root) == before


def test_a_second_root_key_does_as_well(site: Site) -> None:
    backup = site.keys.generate("backup")
    add_key(site.store, site.keys, "root", backup.keyid, backup.public)
    (site.keys.folder / "registry-root.pem").unlink()
    rotate_key(site.store, site.keys, "online")
    revoke_key(site.store, site.keys, "root", site.started.root_key.keyid)
    works_as = {row.keyid: row.roles for row in list_keys(site.keys, site.store)}
    assert works_as[backup.keyid] == ["root"]
    assert works_as[site.started.root_key.keyid] == ["former root"]
    assert works_as[site.started.online_key.keyid] == ["former online"]
    site.client().index("kws")


REFUSALS: dict[str, tuple[Callable[[Site], object], str]] = {
    "last key": (lambda site: revoke_key(site.store, site.keys, "online", site.online.keyid), "it is the last"),
    "unknown key": (lambda site: revoke_key(site.store, site.keys, "online", "abc"), "0 such keys"),
    "unnamed key": (lambda site: revoke_key(site.store, site.keys, "online", ""), "0 such keys"),
    "unknown old key": (lambda site: rotate_key(site.store, site.keys, "root", "abc"), "0 such keys"),
    "false id": (lambda site: add_key(site.store, site.keys, "root", "ab" * 32, site.online.public), "its own id"),
    "no root key": (lambda site: rotate_key(site.store, KeyFolder(site.folder / "none"), "online"), "not in"),
}  # fmt: skip


@pytest.mark.parametrize("attempt, words", REFUSALS.values(), ids=REFUSALS)
def test_refusals_change_nothing(attempt: Callable[[Site], object], words: str, site: Site) -> None:
    before, had = contents(site.root), site.keys.names()
    with pytest.raises(TinypackError, match=words):
        attempt(site)
    assert (contents(site.root), site.keys.names()) == (before, had)
    assert not (site.folder / "none").exists()


def test_of_several_keys_the_one_to_replace_is_named(site: Site) -> None:
    backup = site.keys.generate("backup")
    add_key(site.store, site.keys, "root", backup.keyid, backup.public)
    had = site.keys.names()
    with pytest.raises(TinypackError, match=f"{backup.keyid[:16]}(.|\n)*--old"):
        rotate_key(site.store, site.keys, "root")
    assert site.keys.names() == had
