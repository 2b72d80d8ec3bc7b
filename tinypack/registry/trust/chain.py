"""The roots of a registry, from the first on: each is signed by keys of the one before and by its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tuf.api.metadata import Root

from tinypack.errors import TinypackError
from tinypack.registry.entries import sha256
from tinypack.registry.stores import NotThere, Reader
from tinypack.registry.trust.metadata import check, check_registry, check_version, metadata_path, parse, read_there
from tinypack.registry.trust.settings import MOST_ROOT_BYTES, Settings

MOST_ROOTS = 256  # as tuf's client


@dataclass(frozen=True)
class Chain:
    """Trusted roots, oldest first.

    registry  SHA-256 of the first: what a registry is known by
    """

    registry: str
    roots: tuple[Root, ...]
    settings: Settings

    @property
    def last(self) -> Root:
        return self.roots[-1]

    @property
    def root_keys(self) -> dict[str, dict[str, Any]]:
        """Give all root keys there ever were."""
        return keys_of(self.roots, "root")

    @property
    def online_keys(self) -> dict[str, dict[str, Any]]:
        """Give all online keys there ever were."""
        return keys_of(self.roots, "timestamp")


def keys_of(roots: Iterable[Root], role: str) -> dict[str, dict[str, Any]]:
    """Give the keys of a role in some roots: id -> key."""
    return {
        keyid: root.keys[keyid].to_dict() for root in roots for keyid in root.roles[role].keyids if keyid in root.keys
    }


def read_chain(reader: Reader) -> Chain:
    """Read all roots of a registry.

    Raises: TinypackError (bad-registry, unreachable, untrusted)
    """
    data: list[bytes] = []
    for version in range(1, MOST_ROOTS + 1):
        try:
            data.append(reader.read(metadata_path("root", version), MOST_ROOT_BYTES))
        except NotThere:
            break
    if not data:
        hint = "check the address; `tinypack registry init` makes a registry"
        where = f"{reader.url}: {metadata_path('root', 1)}"
        raise TinypackError.one("bad-registry", where, "a registry starts with its first root", "no such file", hint)
    return check_chain(data, reader.url)


def check_chain(data: list[bytes], url: str) -> Chain:
    """Check roots, the first of which is taken as it is.

    Raises: TinypackError (bad-registry, untrusted)
    """
    registry = sha256(data[0])
    roots: list[Root] = []
    for version, text in enumerate(data, start=1):
        where = f"{url}: {metadata_path('root', version)}"
        found = parse(text, Root, where)
        check_version(found.signed, version, where)
        if roots:
            check(roots[-1], "root", found, where)
            check_registry(found.signed, registry, where)
        check(found.signed, "root", found, where)
        roots.append(found.signed)
    settings = Settings.from_root(roots[-1].unrecognized_fields, f"{url}: {metadata_path('root', len(roots))}")
    return Chain(registry, tuple(roots), settings)


def check_pin(reader: Reader, pin: str) -> None:
    """Check that a registry starts with a root of this SHA-256.

    Raises: TinypackError (bad-registry, unreachable, untrusted)
    """
    path = metadata_path("root", 1)
    found = sha256(read_there(reader, path, MOST_ROOT_BYTES))
    if found != pin:
        rule = f"the registry's first root has the pinned SHA-256, {pin}"
        raise TinypackError.one("untrusted", f"{reader.url}: {path}", rule, found)
