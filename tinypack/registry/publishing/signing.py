"""Which key says what: the online key of a private registry, the publisher's own in a public one."""

from __future__ import annotations

from collections.abc import Callable

from tinypack.errors import TinypackError
from tinypack.registry.entries import Mode
from tinypack.registry.package_index import PackageIndex
from tinypack.registry.trust.head import Head
from tinypack.registry.trust.keys import KeyFolder, SigningKey
from tinypack.registry.trust.statements import current_owners

DEFAULT_KEY = "publisher"


def publisher_key(head: Head, keys: KeyFolder, index: PackageIndex | None, key_name: str = "") -> SigningKey:
    """Give the key that signs statements about a package.

    Raises: TinypackError (missing-key, untrusted)
    """
    return KEYS[head.settings.mode](head, keys, index, key_name)


def online_key(head: Head, keys: KeyFolder) -> SigningKey | None:
    """Give an online key if one is at hand: who has it publishes directly.

    Raises: TinypackError (untrusted) if the registry went back behind what the keys signed
    """
    return head.online_key(keys) if keys.find(head.current_keyids()) else None


def own_key(keys: KeyFolder, key_name: str = "") -> SigningKey:
    """Give the key of that name, or the one that signs where none is named: the environment's, else DEFAULT_KEY.

    Raises: TinypackError (missing-key)
    """
    given = None if key_name else keys.given()
    if given is None and not key_name and DEFAULT_KEY not in keys.names():
        where, found = str(keys.folder / f"{DEFAULT_KEY}.pem"), "no such file"
        hint = f"`tinypack registry key new {DEFAULT_KEY}` makes it; --key names another"
        raise TinypackError.one("missing-key", where, "publishers sign with a key of their own", found, hint)
    return given or keys.load(key_name or DEFAULT_KEY)


def _private(head: Head, keys: KeyFolder, index: PackageIndex | None, key_name: str) -> SigningKey:
    return head.online_key(keys)


def _public(head: Head, keys: KeyFolder, index: PackageIndex | None, key_name: str) -> SigningKey:
    if key_name:
        return own_key(keys, key_name)
    owners = current_owners(index) if index else None
    if index and owners:
        key = keys.find(owners.keys)
        if key is None:
            rule = f"{index.name} belongs to keys " + ", ".join(sorted(keyid[:16] for keyid in owners.keys))
            found = f"none of them is in {keys.folder}"
            raise TinypackError.one("missing-key", index.name, rule, found, "--key names the one to sign with")
        return key
    return own_key(keys)


#: Mode -> whose key it is.
KEYS: dict[Mode, Callable[[Head, KeyFolder, PackageIndex | None, str], SigningKey]] = {
    "private": _private,
    "public": _public,
}
