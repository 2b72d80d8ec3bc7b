"""A registry's present state, verified from its first root on, and the next one, signed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tuf.api.exceptions import LengthOrHashMismatchError
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, TargetFile, Targets, Timestamp

from tinypack.errors import TinypackError
from tinypack.registry.entries import sha256
from tinypack.registry.look_alikes import name_target
from tinypack.registry.package_index import MOST_INDEX_BYTES, PackageIndex, parse_index
from tinypack.registry.paths import HEAD, index_path, index_target
from tinypack.registry.stores import Edit, Reader
from tinypack.registry.trust.chain import Chain, keys_of, read_chain
from tinypack.registry.trust.draft import Draft
from tinypack.registry.trust.keys import KeyFolder, SigningKey
from tinypack.registry.trust.metadata import (
    Kind,
    bins_of,
    check,
    check_registry,
    check_version,
    hash_of,
    metadata_path,
    parse,
    read,
    read_there,
)
from tinypack.registry.trust.settings import MOST_BIN_BYTES, MOST_SNAPSHOT_BYTES, MOST_TIMESTAMP_BYTES, Settings
from tinypack.registry.trust.statements import check_index

MOST_PACKAGE_BYTES = 9 << 10  # of what bins say of a package: its summary, its name


class Head:
    """What a writer builds upon. Expired metadata are no error here: writers are who renew them."""

    def __init__(
        self,
        reader: Reader,
        chain: Chain,
        timestamp: Metadata[Timestamp],
        snapshot: Metadata[Snapshot],
        targets: Metadata[Targets],
    ) -> None:
        self.reader = reader
        self.chain = chain
        self.top = (timestamp, snapshot, targets)
        self.timestamp, self.snapshot, self.targets = timestamp.signed, snapshot.signed, targets.signed
        self.bins = bins_of(targets.signed, reader.url)
        self._bins: dict[str, Targets] = {}

    @classmethod
    def read(cls, reader: Reader, chain: Chain | None = None) -> Head:
        """Read and verify a registry, all but its bins and indexes.

        chain  the roots to verify by (default: all that are there)
        Raises: TinypackError (bad-registry, unreachable, untrusted)
        """
        chain = chain or read_chain(reader)
        place = f"{reader.url}: {{}}".format
        timestamp = read(reader, HEAD, Timestamp, MOST_TIMESTAMP_BYTES)
        check(chain.last, Timestamp.type, timestamp, place(HEAD))
        check_registry(timestamp.signed, chain.registry, place(HEAD))
        meta = timestamp.signed.snapshot_meta
        path = metadata_path(Snapshot.type, meta.version)
        data = read_there(reader, path, MOST_SNAPSHOT_BYTES)
        try:
            meta.verify_length_and_hashes(data)
        except LengthOrHashMismatchError as error:
            raise TinypackError.one("untrusted", place(path), "it is what the timestamp names", str(error)) from None
        snapshot = parse(data, Snapshot, place(path))
        targets_meta = snapshot.signed.meta.get("targets.json", MetaFile())
        targets_path = metadata_path(Targets.type, targets_meta.version)
        targets = read(reader, targets_path, Targets, MOST_BIN_BYTES)
        _check(chain, snapshot, meta.version, place(path))
        _check(chain, targets, targets_meta.version, place(targets_path))
        return cls(reader, chain, timestamp, snapshot, targets)

    @property
    def settings(self) -> Settings:
        return self.chain.settings

    @property
    def root_keys(self) -> dict[str, dict[str, Any]]:
        """Give all root keys there ever were: they signed what is there."""
        return self.chain.root_keys

    @property
    def online_keys(self) -> dict[str, dict[str, Any]]:
        """Give all online keys there ever were: they signed what is there. `online_key` gives one of today."""
        return self.chain.online_keys

    def current_keyids(self) -> set[str]:
        """Give the online keys that may sign now: those of the root that the bins are delegated to as well."""
        return keys_of([self.chain.last], Timestamp.type).keys() & set(self.bins.keyids)

    @property
    def current_root_keys(self) -> dict[str, dict[str, Any]]:
        """Give the root keys of today: only they may say something new."""
        return keys_of([self.chain.last], Root.type)

    @property
    def current_online_keys(self) -> dict[str, dict[str, Any]]:
        """Give the online keys of today, likewise."""
        return keys_of([self.chain.last], Timestamp.type)

    def online_key(self, keys: KeyFolder) -> SigningKey:
        """Give an online key that is at hand; refuse if the registry went back since it was last used.

        Raises: TinypackError (missing-key, untrusted)
        """
        wanted = self.current_keyids()
        key = keys.find(wanted)
        if key is None:
            rule = "one of the registry's online keys signs this: " + ", ".join(sorted(each[:16] for each in wanted))
            hint = "" if wanted else "a change of keys was interrupted: do it again, `tinypack registry key`"
            raise TinypackError.one(
                "missing-key", f"{self.reader.url}: online key", rule, f"not in {keys.folder}", hint
            )
        keys.seen.check(self.chain.registry, self.timestamp.version, f"{self.reader.url}: {HEAD}")
        return key

    def bin_names(self) -> list[str]:
        """List the bins that hold something."""
        return [name for name in self.bins.get_roles() if f"{name}.json" in self.snapshot.meta]

    def bin(self, name: str) -> Targets:
        """Read a bin; one that holds nothing yet is not there, and given empty.

        Raises: TinypackError (bad-registry, unreachable, untrusted)
        """
        if name not in self._bins:
            found = self.bin_metadata(name)
            self._bins[name] = found.signed if found else Targets()
        return self._bins[name]

    def bin_metadata(self, name: str) -> Metadata[Targets] | None:
        """Read a bin with who signed it; not kept, so that all can be read in a row.

        Raises: as `bin`
        """
        meta = self.snapshot.meta.get(f"{name}.json")
        if meta is None:
            return None
        path = metadata_path(name, meta.version)
        where = f"{self.reader.url}: {path}"
        found = read(self.reader, path, Targets, MOST_BIN_BYTES)
        check(self.targets, name, found, where)
        check_version(found.signed, meta.version, where)
        check_registry(found.signed, self.chain.registry, where)
        return found

    def index(self, name: str) -> PackageIndex | None:
        """Read a package's index, with every check; None if there is no such package.

        Raises: TinypackError (bad-registry, not-owner, unreachable, untrusted)
        """
        target = self.bin(self.bins.get_role_for_target(index_target(name))).targets.get(index_target(name))
        return None if target is None else self.read_index(name, target)

    def read_index(self, name: str, target: TargetFile) -> PackageIndex:
        """Read the index that a bin names.

        Raises: as `index`
        """
        path = index_path(name, hash_of(target, self.reader.url))
        data = read_there(self.reader, path, min(target.length, MOST_INDEX_BYTES))
        try:
            target.verify_length_and_hashes(data)
        except LengthOrHashMismatchError as error:
            where = f"{self.reader.url}: {path}"
            raise TinypackError.one("untrusted", where, "it is what its bin names", str(error)) from None
        index = parse_index(name, data)
        check_index(index, self.settings, self.root_keys, self.online_keys, self.chain.registry)
        return index

    def look_alike(self, name: str) -> str | None:
        """Give the package that has a name which looks the same, or this very one; None if the name is free.

        Raises: TinypackError (bad-registry, unreachable, untrusted)
        """
        target = self.bin(self.bins.get_role_for_target(name_target(name))).targets.get(name_target(name))
        return None if target is None else str(target.custom)

    def is_full(self, name: str) -> bool:
        """Say whether a name's bin has no room for another package, even if all that are there say as much as they can.

        Raises: as `bin`
        """
        targets = self.bin(self.bins.get_role_for_target(index_target(name))).targets
        packages = sum(path.endswith(".jsonl") for path in targets)
        return (packages + 1) * MOST_PACKAGE_BYTES > MOST_BIN_BYTES

    def draft(self) -> Draft:
        """Start the next state."""
        return Draft(self.reader, self.chain.registry, self.settings, self.snapshot, self.timestamp)

    def _change(self, bins: dict[str, dict[str, TargetFile]], target: str) -> dict[str, TargetFile]:
        """Give the targets of a target's bin, to be changed."""
        name = self.bins.get_role_for_target(target)
        return bins.setdefault(name, dict(self.bin(name).targets))

    def edit(
        self, changes: Iterable[PackageIndex], key: SigningKey, message: str = "", tags: Iterable[str] = ()
    ) -> Edit:
        """Give the change that puts packages' indexes in the place of what is there of them.

        Raises: TinypackError (bad-registry, not-owner, unreachable, untrusted)
        """
        draft = self.draft()
        bins: dict[str, dict[str, TargetFile]] = {}
        for index in changes:
            check_index(index, self.settings, self.root_keys, self.online_keys, self.chain.registry)
            _put(index, self._change(bins, index_target(index.name)), draft)
            if self.look_alike(index.name) is None:
                self._change(bins, name_target(index.name)).setdefault(name_target(index.name), _reserved(index.name))
        for name, targets in sorted(bins.items()):
            draft.put(name, Targets(targets=targets), [key])
        return draft.finish([key], message, tags)


def _check(chain: Chain, found: Metadata[Kind], version: int, where: str) -> None:
    check(chain.last, found.signed.type, found, where)
    check_version(found.signed, version, where)
    check_registry(found.signed, chain.registry, where)


def _reserved(name: str) -> TargetFile:
    data = name.encode()
    return TargetFile(len(data), {"sha256": sha256(data)}, name_target(name), {"custom": name})


def _put(index: PackageIndex, targets: dict[str, TargetFile], draft: Draft) -> None:
    data, target = index.to_bytes(), index_target(index.name)
    if len(data) > MOST_INDEX_BYTES:
        found = f"{len(data)} bytes"
        raise TinypackError.one("bad-registry", target, f"an index has up to {MOST_INDEX_BYTES} bytes", found)
    digest = sha256(data)
    before = targets.get(target)
    old = hash_of(before, draft.reader.url) if before else digest
    if old != digest:
        draft.superseded.append(index_path(index.name, old))
    draft.put_file(index_path(index.name, digest), data)
    targets[target] = TargetFile(len(data), {"sha256": digest}, target, {"custom": index.summary()})
