"""A registry in a folder. Writers take turns by a lock that the system lets go when they die."""

from __future__ import annotations

import os
import shutil
import stat
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from tinypack.errors import TinypackError
from tinypack.registry.stores import MOST_BYTES, Edit, NotThere, Reader
from tinypack.registry.stores.paths import checked, read_whole, same, unreachable

CHUNK = 1 << 16
LOCK, LOCK_MODE = ".lock", 0o664  # a group may share a folder
FRESH = ".fresh"  # files that are not whole yet; whoever holds the lock may empty it
PATIENCE = 600.0  # seconds that a writer waits for its turn
ABSENT = (FileNotFoundError, NotADirectoryError)


class FolderStore:
    """Reads without a lock: whatever has a name is whole."""

    def __init__(self, root: Path, url: str = "", patience: float = PATIENCE) -> None:
        self.root, self.url, self.patience = root, url or str(root), patience

    def chunks(self, path: str) -> Iterator[bytes]:
        place = self._place(path)
        try:
            with open(place, "rb", opener=_no_link) as file:
                while chunk := file.read(CHUNK):
                    yield chunk
        except (*ABSENT, IsADirectoryError):
            raise NotThere(path) from None
        except OSError as error:
            raise unreachable(str(place), error) from error

    def read(self, path: str, most: int = MOST_BYTES) -> bytes:
        return read_whole(self.chunks(path), path, most)

    def paths(self, prefix: str) -> Iterator[str]:
        top = self._place(prefix) if prefix else self.root
        found = []
        for folder, folders, files in os.walk(top):
            folders[:] = [name for name in folders if not name.startswith(".")]
            places = (Path(folder, name) for name in files if not name.startswith("."))
            found += [place.relative_to(self.root).as_posix() for place in places]
        yield from sorted(found)

    def add(self, files: Mapping[str, bytes]) -> None:
        missing = {path: data for path, data in files.items() if not same(self.chunks(path), data)}
        if missing:
            with self._turn():
                self._create(missing)

    def update(self, change: Callable[[Reader], Edit]) -> Edit:
        with self._turn():
            edit = change(self)
            places = {path: self._place(path) for path in edit.paths()}
            self._create(edit.new)
            self._replace(edit.plain)
            if edit.head:
                self._replace(dict([edit.head]))
            for path in edit.drop:
                places[path].unlink(missing_ok=True)
                self._prune(places[path].parent)
            return edit

    def _create(self, files: Mapping[str, bytes]) -> None:
        for path, data in files.items():
            place, fresh = self._place(path), self._write(data)
            try:
                _name(_link, fresh, place)
            except FileExistsError:
                if not same(self.chunks(path), data):
                    rule = "a file that is there already is never changed"
                    raise TinypackError.one("bad-registry", str(place), rule, "other bytes") from None
            fresh.unlink(missing_ok=True)
        self._settle(files)

    def _replace(self, files: Mapping[str, bytes]) -> None:
        for path, data in files.items():
            place, fresh = self._place(path), self._write(data)
            _name(Path.replace, fresh, place)
        self._settle(files)

    def _write(self, data: bytes) -> Path:
        fresh = self.root / FRESH / uuid.uuid4().hex
        with fresh.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        return fresh

    def _settle(self, files: Mapping[str, bytes]) -> None:
        """Have the names of files outlive a power cut, before anything names them."""
        folders = {folder for path in files for folder in self._parents(self._place(path))}
        for folder in folders if hasattr(os, "O_DIRECTORY") else ():
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    def _parents(self, place: Path) -> Iterator[Path]:
        return (parent for parent in place.parents if parent.is_relative_to(self.root))

    def _prune(self, folder: Path) -> None:
        for parent in self._parents(folder / "file"):
            if parent == self.root:
                break
            try:
                parent.rmdir()
            except OSError:  # it holds something, or another writer was faster
                break

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Hold the lock; what a killed writer left is cleaned away."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            for name in (LOCK, FRESH):
                _refuse_link(self.root / name)
            with FileLock(self.root / LOCK, timeout=self.patience, mode=LOCK_MODE):
                shutil.rmtree(self.root / FRESH, ignore_errors=True)
                (self.root / FRESH).mkdir(exist_ok=True)
                try:
                    yield
                finally:
                    shutil.rmtree(self.root / FRESH, ignore_errors=True)
        except Timeout:
            rule = "one writer at a time changes a registry"
            found = f"another one held it for {self.patience:.0f} s"
            raise TinypackError.one("busy", self.url, rule, found) from None
        except OSError as error:
            raise unreachable(self.url, error, "the registry's folder must be written") from error

    def _place(self, path: str) -> Path:
        """Say where a file lies; links, which could lead out of the registry, and devices are refused."""
        place = self.root / checked(path)
        for part in (*list(self._parents(place))[:-1], place):
            _refuse_link(part)
        return place


def _name(give: Callable[[Path, Path], object], fresh: Path, place: Path) -> None:
    """Give a file that is whole its name. Another writer, who holds another lock, may remove the empty folder."""
    for last in (False, False, True):
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            give(fresh, place)
        except FileNotFoundError:
            if last:
                raise
        else:
            return


def _link(fresh: Path, place: Path) -> None:
    """Name a file, if nothing has that name."""
    try:
        os.link(fresh, place)
    except (FileExistsError, FileNotFoundError):
        raise
    except OSError:  # a file system without links; we hold the lock, so nobody comes between
        if place.exists():
            raise FileExistsError(place) from None
        fresh.replace(place)


def _refuse_link(place: Path) -> None:
    try:
        mode = place.lstat().st_mode
    except ABSENT:
        return
    except OSError as error:
        raise unreachable(str(place), error) from error
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        rule = "a registry holds plain files and folders"
        raise TinypackError.one("bad-registry", str(place), rule, "a link or a device")


def _no_link(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0))
