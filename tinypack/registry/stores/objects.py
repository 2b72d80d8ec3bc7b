"""A registry in an object store or on an SFTP server. docs/registry-stores.md says how each keeps its writers apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module

from tinypack.errors import TinypackError
from tinypack.registry.stores import MOST_BYTES, Edit, NotThere, Reader
from tinypack.registry.stores.blobs import Blobs, Clash, Lost, Turn, attempts, busy
from tinypack.registry.stores.http import without_password
from tinypack.registry.stores.paths import checked, read_whole, same, unreachable

HERE = "tinypack.registry.stores"
#: Scheme -> module and class; others are only read.
BLOBS = {
    "gcs": (f"{HERE}.blobs", "CreatingBlobs"),
    "gs": (f"{HERE}.blobs", "CreatingBlobs"),
    "memory": (f"{HERE}.blobs", "MemoryBlobs"),
    "s3": (f"{HERE}.s3", "S3Blobs"),
    "sftp": (f"{HERE}.sftp", "SftpBlobs"),
}
OTHERS = (f"{HERE}.blobs", "FsspecBlobs")
PATIENCE = 600.0  # seconds that a writer waits for its turn
MOST_CLASHES = 20


class ObjectStore:
    """Writers that meet start over, each after a pause of its own."""

    def __init__(self, url: str, patience: float = PATIENCE) -> None:
        self.url, self.patience = without_password(url), patience
        with self._reaching():
            self._blobs = _blobs(url)

    def chunks(self, path: str) -> Iterator[bytes]:
        checked(path)
        with self._reaching():
            yield from self._blobs.chunks(path)

    def read(self, path: str, most: int = MOST_BYTES) -> bytes:
        return read_whole(self.chunks(path), path, most)

    def paths(self, prefix: str) -> Iterator[str]:
        with self._reaching():
            found = sorted(self._blobs.paths(checked(prefix) if prefix else ""))
        yield from (path for path in found if not path.startswith("."))

    def add(self, files: Mapping[str, bytes]) -> None:
        for path, data in files.items():
            try:
                self._create(path, data)
            except Clash:
                raise self._changed(path) from None

    def update(self, change: Callable[[Reader], Edit]) -> Edit:
        clashes = 0
        for _ in attempts(self.patience):
            try:
                return self._attempt(change)
            except Clash as clash:
                clashes += 1
                if clashes > MOST_CLASHES:
                    raise self._changed(str(clash)) from None
            except Lost:
                continue
        raise busy(self.url, self.patience)

    def _attempt(self, change: Callable[[Reader], Edit]) -> Edit:
        with self._turn() as turn:
            try:
                edit = change(self)
            except (NotThere, TinypackError):
                with self._reaching():
                    turn.check()  # what it missed may have been dropped by another writer meanwhile
                raise
            for path in edit.paths():
                checked(path)
            for path, data in edit.new.items():
                self._create(path, data)
            with self._reaching():
                for path, data in edit.plain.items():
                    self._blobs.replace(path, data)
                if edit.head:
                    turn.publish(*edit.head)
                for path in edit.drop:
                    self._blobs.remove(path)
            return edit

    def _create(self, path: str, data: bytes) -> None:
        with self._reaching():
            try:
                self._blobs.create(checked(path), data)
            except FileExistsError:
                if not same(self._blobs.chunks(path), data):
                    raise Clash(path) from None

    def _changed(self, path: str) -> TinypackError:
        rule = "a file that is there already is never changed"
        return TinypackError.one("bad-registry", f"{self.url}: {path}", rule, "other bytes")

    @contextmanager
    def _turn(self) -> Iterator[Turn]:
        with self._reaching():
            turns = self._blobs.turn(self.patience)
            turn = turns.__enter__()
        try:
            yield turn
        finally:
            with self._reaching():
                turns.__exit__(None, None, None)

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        """Say of whatever a store's library raises that the store can't be reached."""
        try:
            yield
        except (TinypackError, NotThere, Lost, FileExistsError):
            raise
        except ImportError as error:
            hint = "pip install 'tinypack[stores]'"
            rule = "a store needs its own library"
            raise TinypackError.one("unreachable", self.url, rule, str(error), hint) from error
        except Exception as error:
            raise unreachable(self.url, error) from error


def _blobs(url: str) -> Blobs:
    scheme, mark, _ = url.partition("://")
    if not mark:
        raise TinypackError.one("unreachable", url, "an address is a folder, or begins with a scheme and ://")
    module, name = BLOBS.get(scheme.lower(), OTHERS)
    blobs: Blobs = getattr(import_module(module), name)(url)
    return blobs
