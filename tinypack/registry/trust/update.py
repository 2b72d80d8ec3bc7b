"""Verified reading. tuf's client reads the top-level metadata in a folder of its own, so a refusal changes nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tuf.api.metadata import Snapshot, SuccinctRoles, Targets, Timestamp
from tuf.ngclient import Updater
from tuf.ngclient.config import UpdaterConfig

from tinypack.errors import TinypackError
from tinypack.registry.entries import sha256
from tinypack.registry.paths import METADATA, index_target
from tinypack.registry.stores import NotThere, Reader
from tinypack.registry.trust.cache import TOP, Place, State
from tinypack.registry.trust.chain import MOST_ROOTS, check_chain
from tinypack.registry.trust.metadata import (
    bins_of,
    check,
    check_registry,
    check_version,
    hash_of,
    metadata_path,
    now,
    parse,
)
from tinypack.registry.trust.refusals import ReaderFetcher, Vanished, refusing
from tinypack.registry.trust.settings import (
    MOST_BIN_BYTES,
    MOST_ROOT_BYTES,
    MOST_SNAPSHOT_BYTES,
    MOST_TIMESTAMP_BYTES,
)

CONFIG = UpdaterConfig(
    max_root_rotations=MOST_ROOTS,
    root_max_length=MOST_ROOT_BYTES,
    timestamp_max_length=MOST_TIMESTAMP_BYTES,
    snapshot_max_length=MOST_SNAPSHOT_BYTES,
    targets_max_length=MOST_BIN_BYTES,
)


@dataclass(frozen=True)
class Update:
    """What a refresh found.

    roots  trusted, oldest first
    top    timestamp, snapshot and targets
    """

    roots: list[bytes]
    top: dict[str, bytes]
    state: State


def update(reader: Reader, roots: list[bytes], top: Mapping[str, bytes]) -> Update:
    """Refresh.

    roots  trusted before, oldest first; at least one
    top    timestamp, snapshot and targets of before
    Raises: TinypackError (bad-registry, expired, unreachable, untrusted), Vanished
    """
    with tempfile.TemporaryDirectory(prefix="tinypack-") as folder:
        stage, history = Path(folder), Path(folder, "root_history")
        history.mkdir()
        for number, data in enumerate(roots, start=1):
            (history / f"{number}.root.json").write_bytes(data)
        for name, data in top.items():
            (stage / name).write_bytes(data)
        fetcher = ReaderFetcher(reader)
        with refusing(reader.url, fetcher):
            Updater(folder, METADATA, fetcher=fetcher, config=CONFIG, bootstrap=roots[0]).refresh()
        numbers = range(1, len(list(history.iterdir())) + 1)
        found = [(history / f"{number}.root.json").read_bytes() for number in numbers]
        new = {name: (stage / name).read_bytes() for name in TOP}
    return Update(found, new, _state(found, new, reader.url))


def _state(roots: list[bytes], top: Mapping[str, bytes], url: str) -> State:
    """Read what tuf's client has verified; check what it knows nothing of."""
    chain = check_chain(roots, url)
    timestamp = parse(top["timestamp.json"], Timestamp, f"{url}: timestamp.json").signed
    snapshot = parse(top["snapshot.json"], Snapshot, f"{url}: snapshot.json").signed
    targets = parse(top["targets.json"], Targets, f"{url}: targets.json").signed
    for signed in (timestamp, snapshot, targets):
        check_registry(signed, chain.registry, f"{url}: {signed.type}.json")
    bins = bins_of(targets, url)
    versions = {name.removesuffix(".json"): meta.version for name, meta in snapshot.meta.items()}
    return State(
        registry=chain.registry,
        timestamp=sha256(top["timestamp.json"]),
        targets=sha256(top["targets.json"]),
        version=timestamp.version,
        expires=min(signed.expires for signed in (chain.last, timestamp, snapshot, targets)).isoformat(),
        settings=chain.settings,
        root_keys=chain.root_keys,
        online_keys=chain.online_keys,
        bits=bins.bit_length,
        prefix=bins.name_prefix,
        bins={name: version for name, version in versions.items() if bins.is_delegated_role(name)},
    )


def read_bin(reader: Reader, name: str, state: State, targets: bytes) -> dict[str, Place]:
    """Read and verify a bin: package -> where its index lies.

    targets  the registry's targets.json, verified
    Raises: TinypackError (bad-registry, expired, unreachable, untrusted), Vanished
    """
    path = metadata_path(name, state.bins[name])
    where = f"{reader.url}: {path}"
    try:
        found = parse(reader.read(path, MOST_BIN_BYTES), Targets, where)
    except NotThere:
        raise Vanished(path) from None
    check(parse(targets, Targets, "targets.json").signed, name, found, where)
    check_version(found.signed, state.bins[name], where)
    check_registry(found.signed, state.registry, where)
    if found.signed.is_expired(now()):
        raise TinypackError.one("expired", where, "metadata are not past their date", f"{found.signed.expires}")
    places = {}
    for path, target in found.signed.targets.items():
        package = path.rpartition("/")[2].removesuffix(".jsonl")
        if index_target(package) == path and bin_of(package, state) == name:
            summary = target.custom if isinstance(target.custom, dict) else {}
            places[package] = Place(hash_of(target, where), target.length, summary)
    return places


def bin_of(package: str, state: State) -> str:
    """Say which bin a package is in."""
    return _roles(state.bits, state.prefix).get_role_for_target(index_target(package))


@lru_cache
def _roles(bits: int, prefix: str) -> SuccinctRoles:
    return SuccinctRoles([], 1, bits, prefix)
