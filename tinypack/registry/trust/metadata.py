"""Metadata of The Update Framework: read with every check, except that of time, which is the client's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import TypeVar

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Root, Signed, Snapshot, SuccinctRoles, TargetFile, Targets, Timestamp
from tuf.api.serialization import DeserializationError

from tinypack.errors import TinypackError
from tinypack.registry.paths import METADATA
from tinypack.registry.stores import NotThere, Reader
from tinypack.registry.trust.keys import SigningKey
from tinypack.registry.trust.settings import REGISTRY_FIELD

Kind = TypeVar("Kind", Root, Timestamp, Snapshot, Targets)
HASH = re.compile(r"[0-9a-f]{64}")


def now() -> datetime:
    """Give the time, for all that is signed here."""
    return datetime.now(timezone.utc).replace(microsecond=0)


def metadata_path(role: str, version: int) -> str:
    """Say where a version of a role lies; timestamp.json alone has none."""
    return f"{METADATA}/{version}.{role}.json"


def parse(data: bytes, kind: type[Kind], where: str) -> Metadata[Kind]:
    """Read metadata of a kind, without any check of signatures.

    Raises: TinypackError (bad-registry)
    """
    try:
        found: Metadata[Kind] = Metadata[Kind].from_bytes(data)
    except DeserializationError as error:
        reason = str(error.__cause__ or error)[:200]
        raise TinypackError.one("bad-registry", where, "metadata are JSON of known shape", reason) from None
    if not isinstance(found.signed, kind):
        raise TinypackError.one("untrusted", where, f"this is a {kind.type}", f"a {found.signed.type}")
    return found


def check(delegator: Root | Targets, role: str, found: Metadata[Kind], where: str) -> None:
    """Check that metadata are signed as who delegates to them wants.

    Raises: TinypackError (untrusted)
    """
    try:
        delegator.verify_delegate(role, found.signed_bytes, found.signatures)
    except (RepositoryError, ValueError) as error:
        raise TinypackError.one("untrusted", where, "it is signed by a key of its role", str(error)) from None


def check_registry(signed: Signed, registry: str, where: str) -> None:
    """Check that metadata were signed for this registry, and not for another one with the same key.

    Raises: TinypackError (untrusted)
    """
    found = signed.unrecognized_fields.get(REGISTRY_FIELD)
    if found != registry:
        rule = f"it was signed for this registry, {registry[:16]}"
        raise TinypackError.one("untrusted", where, rule, f"for {str(found)[:16]}")


def check_version(signed: Signed, version: int, where: str) -> None:
    """Check that metadata are of the version that was asked for.

    Raises: TinypackError (untrusted)
    """
    if signed.version != version:
        rule = f"it is version {version}: versions of different times don't mix"
        raise TinypackError.one("untrusted", where, rule, f"version {signed.version}")


def read(reader: Reader, path: str, kind: type[Kind], most: int) -> Metadata[Kind]:
    """Read metadata that must be there.

    Raises: TinypackError (bad-registry, unreachable, untrusted)
    """
    return parse(read_there(reader, path, most), kind, f"{reader.url}: {path}")


def read_there(reader: Reader, path: str, most: int) -> bytes:
    """Read a file that metadata name.

    Raises: TinypackError (bad-registry, unreachable)
    """
    try:
        return reader.read(path, most)
    except NotThere:
        where = f"{reader.url}: {path}"
        raise TinypackError.one("bad-registry", where, "what metadata name is there", "no such file") from None


def exists(reader: Reader, path: str) -> bool:
    """Say whether a registry has a file."""
    try:
        next(iter(reader.chunks(path)), b"")
    except NotThere:
        return False
    return True


def seal(signed: Kind, days: int, registry: str, keys: Sequence[SigningKey]) -> bytes:
    """Date, sign and write metadata.

    registry  SHA-256 of the registry's first root; "" in that root itself
    """
    signed.expires = now() + timedelta(days=days)
    if registry:
        signed.unrecognized_fields[REGISTRY_FIELD] = registry
    metadata = Metadata(signed)
    for key in keys:
        metadata.sign(key.signer, append=True)
    return metadata.to_bytes()


def hash_of(target: TargetFile, where: str) -> str:
    """Give a target's SHA-256.

    Raises: TinypackError (bad-registry)
    """
    found = target.hashes.get("sha256", "")
    if not HASH.fullmatch(found):
        raise TinypackError.one("bad-registry", where, f"{target.path} has a SHA-256", found[:100])
    return found


def bins_of(targets: Targets, where: str) -> SuccinctRoles:
    """Give the bins that targets delegate to.

    Raises: TinypackError (bad-registry)
    """
    bins = targets.delegations.succinct_roles if targets.delegations else None
    if bins is None:
        raise TinypackError.one("bad-registry", where, "targets are delegated to hashed bins", "they are not")
    return bins
