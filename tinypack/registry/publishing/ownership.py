"""Who owns a package of a public registry: owners add and remove keys, root keys recover what owners lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tinypack.errors import TinypackError
from tinypack.registry.entries import Owners
from tinypack.registry.publishing.inbox import hand_in
from tinypack.registry.publishing.publish import apply
from tinypack.registry.publishing.release import timestamp
from tinypack.registry.publishing.signing import online_key
from tinypack.registry.publishing.submission import Change, Submission
from tinypack.registry.stores.opening import split_pin
from tinypack.registry.trust.head import Head
from tinypack.registry.trust.keys import KeyFolder, SigningKey
from tinypack.registry.trust.manage import open_registry
from tinypack.registry.trust.statements import change_owners, current_owners, sign


@dataclass(frozen=True)
class Ownership:
    """Who owns a package, or will once `submission` is merged; "" if it is so already."""

    owners: Owners
    submission: str = ""


def show_owners(url: str, name: str) -> Ownership:
    """Say who owns a package.

    Raises: TinypackError (no-package; as Head.read)
    """
    return Ownership(_owners(Head.read(open_registry(url)), name))


def set_owners(
    url: str,
    keys: KeyFolder,
    name: str,
    add: Mapping[str, dict[str, Any]],
    remove: Sequence[str] = (),
    recover: bool = False,
    why: str = "",
) -> Ownership:
    """Let other keys own a package; handed in for the next merge where no online key is at hand.

    add      id -> key
    remove   ids, or their first digits
    recover  the keys to add take the place of all owners, by a root key of the registry
    Raises: TinypackError (missing-key, no-package, refused; as Head.read)
    """
    store = open_registry(url)
    head = Head.read(store)
    now = _owners(head, name)
    kept = {} if recover else {keyid: key for keyid, key in now.keys.items() if keyid not in _meant(now, remove)}
    after = {**kept, **add}
    if not after or after == now.keys:
        rule = "a package has owners, and others than before"
        raise TinypackError.one("refused", name, rule, "no one would own it" if not after else "the same")
    index = head.index(name)
    assert index is not None
    signed = sign(change_owners(index, after, timestamp(), head.chain.registry, why), _signer(head, keys, now, recover))
    change, online = Change(Submission(name=name, owners=signed)), online_key(head, keys)
    if online is None:
        return Ownership(signed.body, hand_in(split_pin(url)[0], change))
    apply(store, [change], online)
    return Ownership(signed.body)


def _owners(head: Head, name: str) -> Owners:
    index = head.index(name)
    if index is None:
        raise TinypackError.one("no-package", f"{head.reader.url}: {name}", "a package is in the registry", "it is not")
    owners = current_owners(index)
    if owners is None:
        rule = "names belong to keys in public registries only"
        raise TinypackError.one("refused", f"{head.reader.url}: {name}", rule, "this one is private")
    return owners


def _meant(owners: Owners, starts: Sequence[str]) -> set[str]:
    """Give the owners that are meant by the first digits of their ids."""
    found = set()
    for start in starts:
        meant = [keyid for keyid in owners.keys if start and keyid.startswith(start)]
        if len(meant) != 1:
            rule = "one of the owners is named: " + ", ".join(sorted(keyid[:16] for keyid in owners.keys))
            raise TinypackError.one("refused", f"{owners.name}: {start[:64]!a}", rule, f"{len(meant)} such keys")
        found.add(meant[0])
    return found


def _signer(head: Head, keys: KeyFolder, now: Owners, recover: bool) -> SigningKey:
    may = set(head.current_root_keys) if recover else set(now.keys)
    key = keys.find(may)
    if key is None:
        rule = "one of these keys signs: " + ", ".join(sorted(keyid[:16] for keyid in may))
        raise TinypackError.one("missing-key", f"owners of {now.name}", rule, f"not in {keys.folder}")
    return key
