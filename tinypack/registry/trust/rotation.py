"""Change which keys a registry trusts, so that at no moment a client finds what it can't verify.

First all metadata are signed so that they hold under the old root and under the new one; then the new root appears.
Interrupted between the two, everything holds, those who have a key of both publish on, and doing it again finishes it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tuf.api.metadata import Delegations, Metadata, Root, Snapshot, SuccinctRoles, Targets, Timestamp

from tinypack.errors import TinypackError
from tinypack.registry.stores import Edit, Reader, Store
from tinypack.registry.trust.chain import Chain, keys_of, read_chain
from tinypack.registry.trust.head import Head
from tinypack.registry.trust.keys import KeyFolder, SigningKey, public_key
from tinypack.registry.trust.metadata import check, metadata_path, seal
from tinypack.registry.trust.settings import LATE_DAYS
from tinypack.registry.trust.statements import Keys

KeyRole = Literal["root", "online"]
#: What users call a role -> the roles of the metadata that its keys sign.
ROLES: dict[KeyRole, tuple[str, ...]] = {
    "root": (Root.type, Targets.type),
    "online": (Snapshot.type, Timestamp.type),
}
ATTEMPTS = 10
Change = Callable[[dict[str, dict[str, Any]]], dict[str, dict[str, Any]]]


class _NotReady(Exception):
    """Someone published between the two steps, with a key that the new root does not have."""


def add_key(store: Store, keys: KeyFolder, role: KeyRole, keyid: str, key: dict[str, Any]) -> None:
    """Let one more key sign; its secret half need not be here. Needs a root key and an online key.

    Raises: TinypackError (missing-key, refused; as Head.read)
    """
    if public_key(keyid, key) is None:
        raise TinypackError.one("refused", f"key {keyid[:16]}", "a key is ed25519, under its own id", "another one")
    _transition(store, keys, role, lambda before: {**before, keyid: key})


def rotate_key(store: Store, keys: KeyFolder, role: KeyRole, old: str = "") -> SigningKey:
    """Put a new key in the place of an old one; needs both the root key and, while it is not lost, the old one.

    old  id, or its first digits; may be left out where the role has one key
    Raises: TinypackError (missing-key, refused; as Head.read)
    """
    chain = read_chain(store)
    # What is lacking is said before a key is made.
    now = {name: keys_of([chain.last], roles[-1]) for name, roles in ROLES.items()}
    _replaced(now[role], old, role)
    _signers(keys, now["root"], now["root"], f"{store.url}: root key")
    new = keys.ensure(f"{chain.settings.name}-{role}-{len(chain.roots) + 1}")

    def change(before: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        gone = _replaced(before, old, role)
        return {**{keyid: key for keyid, key in before.items() if keyid != gone}, new.keyid: new.public}

    _transition(store, keys, role, change)
    return new


def revoke_key(store: Store, keys: KeyFolder, role: KeyRole, keyid: str) -> None:
    """Trust a key no longer; its id may be cut short.

    Raises: TinypackError (missing-key, refused; as Head.read)
    """

    def change(before: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        gone = _whole(before, keyid, role)
        if len(before) == 1:
            hint = f"`tinypack registry key rotate --role {role}` puts a new key in its place"
            raise TinypackError.one("refused", f"{role} key {gone[:16]}", "a role keeps a key", "it is the last", hint)
        return {each: key for each, key in before.items() if each != gone}

    _transition(store, keys, role, change)


def renew_root(store: Store, keys: KeyFolder) -> None:
    """Sign a root with the same keys, which expires later.

    Raises: TinypackError (missing-key; as Head.read)
    """
    _transition(store, keys, "root", dict)


@dataclass(frozen=True)
class Listed:
    """A key: its name here, "" if only the registry has it, and its roles there."""

    keyid: str
    name: str
    roles: list[str]


def list_keys(keys: KeyFolder, store: Store | None = None) -> list[Listed]:
    """List the keys at hand and, with a registry, its own, former ones too.

    Raises: TinypackError (io; as Head.read)
    """
    names = {keys.keyid(name): name for name in keys.names()}
    roles: dict[str, list[str]] = {keyid: [] for keyid in names}
    roots = read_chain(store).roots if store else ()
    for role, kinds in ROLES.items():
        now = keys_of(roots[-1:], kinds[-1])
        for keyid in keys_of(roots, kinds[-1]):
            roles.setdefault(keyid, []).append(role if keyid in now else f"former {role}")
    return [Listed(keyid, names.get(keyid, ""), found) for keyid, found in roles.items()]


def _replaced(before: Collection[str], old: str, role: KeyRole) -> str:
    """Give the id of the key that a new one takes the place of."""
    if old or len(before) == 1:
        return _whole(before, old, role) if old else next(iter(before))
    rule = "of several keys, the one to replace is named: " + ", ".join(sorted(keyid[:16] for keyid in before))
    raise TinypackError.one("refused", f"{role} key", rule, "none is", "add `--old ID`; its first digits will do")


def _whole(before: Collection[str], start: str, role: KeyRole) -> str:
    """Give the id of the key that is meant by its first digits."""
    found = [keyid for keyid in before if start and keyid.startswith(start)]
    if len(found) != 1:
        rule = f"one of the registry's {role} keys is named: " + ", ".join(sorted(keyid[:16] for keyid in before))
        hint = "`tinypack registry key list --registry R` shows them"
        raise TinypackError.one("refused", f"{role} key {start[:64]!a}", rule, f"{len(found)} such keys", hint)
    return found[0]


def _transition(store: Store, keys: KeyFolder, role: KeyRole, change: Change) -> None:
    """Go from one set of keys to another."""
    catch_up(store, keys)
    first = read_chain(store)
    before = {name: keys_of([first.last], roles[-1]) for name, roles in ROLES.items()}
    after = {**before, role: change(before[role])}
    root = next_root(first, after)
    by = _signers(keys, before["root"], after["root"], f"{store.url}: root key")
    data = seal(root, LATE_DAYS, first.registry, by)
    lost = role == "online" and keys.find(before["online"]) is None

    def publish(reader: Reader) -> Edit:
        head = Head.read(reader)
        _same(head.chain, first)
        if not lost and not _holds(head, root):
            raise _NotReady
        path = metadata_path(Root.type, root.version)
        return Edit(new={path: data}, message=f"Root {root.version}: other {role} keys")

    for _ in range(ATTEMPTS):
        if not lost:
            store.update(lambda reader: _prepare(Head.read(reader), keys, first, root))
        try:
            store.update(publish)
        except _NotReady:
            continue
        settle(store, keys)
        return
    raise TinypackError.one("busy", store.url, "nobody publishes while keys change", "others always did")


def settle(store: Store, keys: KeyFolder) -> None:
    """Sign everything for the keys of the last root, if a change of keys was interrupted.

    Raises: TinypackError (missing-key; as Head.read)
    """
    catch_up(store, keys)
    chain = read_chain(store)
    if set(Head.read(store, chain).bins.keyids) != set(chain.last.roles[Timestamp.type].keyids):
        store.update(lambda reader: _sign_all(Head.read(reader), keys, chain.last, chain.last, "Settle keys"))


def catch_up(store: Store, keys: KeyFolder) -> None:
    """Sign everything anew where the last root came before that was done: the old online key was lost.

    Raises: TinypackError (missing-key; as Head.read)
    """
    chain = read_chain(store)
    try:
        Head.read(store, chain)
        return
    except TinypackError:
        if len(chain.roots) == 1:
            raise
    before = Chain(chain.registry, chain.roots[:-1], chain.settings)
    store.update(lambda reader: _sign_all(Head.read(reader, before), keys, chain.last, chain.last, "Other online keys"))


def _prepare(head: Head, keys: KeyFolder, first: Chain, root: Root) -> Edit:
    """Sign everything so that it holds under the old root and under the new one."""
    _same(head.chain, first)
    if _holds(head, root):
        return Edit()
    return _sign_all(head, keys, first.last, root, "Prepare other keys")


def _sign_all(head: Head, keys: KeyFolder, old: Root, new: Root, message: str) -> Edit:
    offline, online = (
        _signers(keys, keys_of([old], role), keys_of([new], role), f"{head.reader.url}: {what} key")
        for role, what in ((Targets.type, "root"), (Timestamp.type, "online"))
    )
    keyids = list(new.roles[Timestamp.type].keyids)
    bins = SuccinctRoles(keyids, 1, head.bins.bit_length, head.bins.name_prefix)
    targets = Targets(delegations=Delegations({keyid: new.keys[keyid] for keyid in keyids}, succinct_roles=bins))
    draft = head.draft()
    draft.put(Targets.type, targets, offline)
    for name in head.bin_names():
        found = head.bin_metadata(name)
        if found and not _verified(targets, name, found):
            draft.put(name, Targets(targets=found.signed.targets), [key for key in online if key.keyid in keyids])
    return draft.finish(online, message)


def _signers(keys: KeyFolder, old: Keys, new: Keys, where: str) -> list[SigningKey]:
    """Give one key that both have, or one of each.

    Raises: TinypackError (missing-key)
    """
    both = keys.find(set(old) & set(new))
    found = [both] if both else [keys.find(set(old)), keys.find(set(new))]
    if None in found:
        lacking = old if found[0] is None else new
        rule = "one of these keys signs: " + ", ".join(sorted(keyid[:16] for keyid in lacking))
        raise TinypackError.one("missing-key", where, rule, f"not in {keys.folder}")
    return [key for key in found if key]


def _holds(head: Head, root: Root) -> bool:
    """Say whether clients that have a root can verify a state."""
    timestamp, snapshot, targets = head.top
    signed = _verified(root, Timestamp.type, timestamp), _verified(root, Snapshot.type, snapshot)
    same = set(head.bins.keyids) == set(root.roles[Timestamp.type].keyids)
    return all(signed) and same and _verified(root, Targets.type, targets)


def _verified(delegator: Root | Targets, role: str, found: Metadata[Any]) -> bool:
    try:
        check(delegator, role, found, "")
    except TinypackError:
        return False
    return True


def _same(now: Chain, first: Chain) -> None:
    if (now.registry, len(now.roots)) != (first.registry, len(first.roots)):
        raise TinypackError.one("busy", "root", "one operator at a time changes a registry's keys", "another one did")


def next_root(chain: Chain, wanted: Mapping[KeyRole, Keys]) -> Root:
    """Make the next root, with these keys; it is not signed yet."""
    root = Root(version=len(chain.roots) + 1, consistent_snapshot=True)
    root.unrecognized_fields = {**chain.settings.to_fields()}
    for name, keys in wanted.items():
        for keyid, data in keys.items():
            key = public_key(keyid, data)
            if key is None:
                raise TinypackError.one("bad-registry", f"key {keyid[:16]}", "keys are ed25519", "another one")
            for role in ROLES[name]:
                root.add_key(key, role)
    return root
