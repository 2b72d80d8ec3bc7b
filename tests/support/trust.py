"""Small signed registries, and readers that lie about them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.support.registry_packages import make_release
from tinypack.registry.entries import Archive, Attested, BoardResult, File, Mode, Owners, Release, Signed, Yank, sha256
from tinypack.registry.package_index import Line, PackageIndex
from tinypack.registry.paths import archive_path, attestation_path, index_target
from tinypack.registry.stores import MOST_BYTES, NotThere, Reader
from tinypack.registry.stores.folder import FolderStore
from tinypack.registry.stores.paths import read_whole
from tinypack.registry.trust import head as head_module
from tinypack.registry.trust.client import Trusted
from tinypack.registry.trust.head import Head
from tinypack.registry.trust.keys import KeyFolder, SigningKey
from tinypack.registry.trust.manage import init_registry
from tinypack.registry.trust.statements import change_owners, sign

MADE = "2026-11-24T19:00:00Z"
Files = Mapping[str, "bytes | None"]
ENDLESS = 1 << 30  # bytes; who reads them all fails by time


class Site:
    """A registry in `folder/registry`, and the keys of whoever runs it and of publishers in `folder/keys`."""

    def __init__(self, folder: Path, mode: Mode = "private", keys: KeyFolder | None = None, **settings: Any) -> None:
        self.folder = folder
        self.root = folder / "registry"
        self.store = FolderStore(self.root)
        self.keys = keys or KeyFolder(folder / "keys")
        self.started = init_registry(self.store, self.keys, mode, bins=4, **settings)
        self.mode = mode

    @property
    def head(self) -> Head:
        return Head.read(self.store)

    def key(self, name: str = "") -> SigningKey:
        """Give a publisher's key; in private registries the online key."""
        return self.keys.ensure(name) if name else self.keys.ensure("ada") if self.public else self.online

    @property
    def public(self) -> bool:
        return self.mode == "public"

    @property
    def online(self) -> SigningKey:
        return self.head.online_key(self.keys)

    def line(self, name: str, version: str, key: SigningKey, **changes: Any) -> Line:
        """Publish an archive and its attestation; give the version's line."""
        data, text = f"archive of {name} {version}".encode(), attestation(name, version)
        path = archive_path(name, version, sha256(data), f"{name}-{version}.zip")
        archive = Archive(format="arduino", path=path, size=len(data), sha256=sha256(data))
        place = attestation_path(name, version, sha256(text))
        self.store.add({path: data, place: text})
        release = make_release(name, version, archives=[archive], **changes)
        file = File(path=place, size=len(text), sha256=sha256(text))
        return Line(release=sign(release, key), attestations=[sign(attested(release, file), key)])

    def publish(self, name: str = "kws", version: str = "1.0.0", key: str = "", **changes: Any) -> PackageIndex:
        """Publish a version."""
        signer = self.key(key)
        index = self.head.index(name)
        if index is None:
            index = PackageIndex(name=name)
            if self.public:
                index = PackageIndex(name=name, owners=[sign(first_owners(name, signer), signer)])
        lines = [*index.lines, self.line(name, version, signer, **changes)]
        return self.put(index.model_copy(update={"lines": lines}))

    def owners(self, name: str, keys: list[str], by: SigningKey) -> PackageIndex:
        """Change who owns a package."""
        return self.put(self.with_owners(name, keys, by))

    def with_owners(self, name: str, keys: list[str], by: SigningKey) -> PackageIndex:
        index = self.head.index(name)
        assert index is not None
        public = {key.keyid: key.public for key in map(self.keys.ensure, keys)}
        signed: Signed[Owners] = sign(change_owners(index, public, MADE), by)
        return index.model_copy(update={"owners": [*index.owners, signed]})

    def put(self, index: PackageIndex) -> PackageIndex:
        """Write an index, as the registry does."""
        self.store.update(lambda reader: Head.read(reader).edit([index], self.online))
        return index

    def force(self, index: PackageIndex, monkeypatch: Any) -> None:
        """Write an index as someone does who stole the online key, and checks nothing."""
        with monkeypatch.context() as patch:
            patch.setattr(head_module, "check_index", lambda *given: None)
            self.put(index)

    def client(self, name: str = "client", reader: Reader | None = None, **given: Any) -> Trusted:
        """Give a client with a cache of its own."""
        return Trusted(reader or self.store, self.folder / name, **given)

    def path(self, pattern: str) -> str:
        """Give the path of the newest file that fits."""
        found = max(self.root.glob(pattern), key=lambda path: (path.stat().st_mtime_ns, len(path.name), path.name))
        return found.relative_to(self.root).as_posix()

    def read(self, pattern: str) -> bytes:
        return self.store.read(self.path(pattern))

    def bin(self, name: str = "kws") -> str:
        """Name the bin of a package."""
        return self.head.bins.get_role_for_target(index_target(name))

    def copy(self) -> dict[str, bytes]:
        """Give all files as they are."""
        return contents(self.root)


class Liar:
    """A reader that says otherwise of some files: None is a missing one, a number so many bytes without end."""

    def __init__(self, reader: Reader, files: Mapping[str, bytes | int | None]) -> None:
        self.url = reader.url
        self._reader = reader
        self._files = files
        self.sent = 0

    def chunks(self, path: str) -> Iterator[bytes]:
        told = self._files.get(path, b"") if path in self._files else None
        if path in self._files and told is None:
            raise NotThere(path)
        if isinstance(told, int):
            for _ in range(told >> 16):
                self.sent += 1 << 16
                yield b" " * (1 << 16)
        elif told is not None:
            yield told
        else:
            yield from self._reader.chunks(path)

    def read(self, path: str, most: int = MOST_BYTES) -> bytes:
        return read_whole(self.chunks(path), path, most)


class Only(Liar):
    """A reader of these files and no others."""

    def __init__(self, url: str, files: Files) -> None:
        super().__init__(_Nothing(url), files)


class _Nothing:
    def __init__(self, url: str) -> None:
        self.url = url

    def chunks(self, path: str) -> Iterator[bytes]:
        raise NotThere(path)

    def read(self, path: str, most: int = MOST_BYTES) -> bytes:
        raise NotThere(path)


def first_owners(name: str, key: SigningKey) -> Owners:
    return change_owners(PackageIndex(name=name), {key.keyid: key.public}, MADE)


def attestation(name: str, version: str) -> bytes:
    """Write what `tinypack verify` does, for one run on one board."""
    archive = sha256(f"archive of {name} {version}".encode())
    result = {"artifact_sha256": archive, "format": "arduino", "board": "native", "status": "passed", "vectors": 14}
    return json.dumps(
        {
            "schema": "tinypack-attestation/1",
            "package": name,
            "version": version,
            "results": [{**result, "reason": "", "machine": "made up", "compiler": "GNU C11", "flags": "-Os"}],
        }
    ).encode()


def attested(release: Release, file: File, **changes: Any) -> Attested:
    board = BoardResult(
        board="native",
        status="verified",
        formats=["arduino"],
        machine="made up",
        compiler="GNU C11",
        flags="-Os",
        vectors=14,
    )
    given = {
        "name": release.name,
        "version": release.version,
        "made": MADE,
        "by": "Ada",
        "passed": True,
        "artifacts": [archive.sha256 for archive in release.archives],
        "file": file,
        "boards": [board],
    }
    return Attested(**{**given, **changes})


def make_yank(name: str, version: str, made: str = MADE, yanked: bool = True) -> Yank:
    return Yank(name=name, version=version, made=made, yanked=yanked, why="it hears ghosts")


def contents(folder: Path) -> dict[str, bytes]:
    """Give a folder's files, locks left out."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in ("lock", ".lock")
    }


def edited(data: bytes, change: Callable[[dict[str, Any]], object]) -> bytes:
    """Change metadata without signing them."""
    found = json.loads(data)
    change(found["signed"])
    return json.dumps(found).encode()
