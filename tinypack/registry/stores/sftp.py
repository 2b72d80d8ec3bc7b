"""A registry on an SFTP server. `~/.ssh/known_hosts` says which server is trusted; keys are OpenSSH's."""

from __future__ import annotations

import stat
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import unquote, urlsplit

import paramiko

from tinypack.registry.stores import NotThere
from tinypack.registry.stores.blobs import CHUNK, Turn
from tinypack.registry.stores.lease import Lease

FRESH = ".fresh"  # files that are not whole yet
ABANDONED = 86400  # seconds by the server's clock, after which such a file has no writer any more
TIMEOUT = 30.0  # seconds


class SftpBlobs:
    """Files get their names when they are whole: an SFTP server's rename never overwrites, its POSIX rename does."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._name, self.root = parts.hostname or "", unquote(parts.path).rstrip("/")
        self._sftp = _connect(self._name, parts.port, parts.username, parts.password)
        self._folders: set[str] = set()

    def chunks(self, path: str) -> Iterator[bytes]:
        try:
            with self._sftp.open(self.at(path), "rb") as file:
                while chunk := file.read(CHUNK):
                    yield chunk
        except FileNotFoundError:
            raise NotThere(path) from None

    def claim(self, path: str, data: bytes) -> None:
        self._make_folder(path)
        try:
            with self._sftp.open(self.at(path), "wx") as file:
                file.write(data)
        except OSError:
            if self._exists(self.at(path)):
                raise FileExistsError(path) from None
            raise

    def create(self, path: str, data: bytes) -> None:
        fresh = self._write(path, data)
        try:
            self._sftp.rename(fresh, self.at(path))
        except OSError:
            self._sftp.remove(fresh)
            if self._exists(self.at(path)):
                raise FileExistsError(path) from None
            raise

    def replace(self, path: str, data: bytes) -> None:
        self._sftp.posix_rename(self._write(path, data), self.at(path))

    def remove(self, path: str) -> None:
        try:
            self._sftp.remove(self.at(path))
        except FileNotFoundError:
            return

    def paths(self, prefix: str) -> Iterator[str]:
        try:
            entries = self._sftp.listdir_attr(self.at(prefix))
        except FileNotFoundError:
            return
        for entry in entries:
            path = f"{prefix}/{entry.filename}".lstrip("/")
            if stat.S_ISDIR(entry.st_mode or 0):
                yield from self.paths(path)
            elif stat.S_ISREG(entry.st_mode or 0):
                yield path

    def turn(self, patience: float) -> AbstractContextManager[Turn]:
        self._clean()
        return Lease(self, f"sftp://{self._name}{self.root}", patience)

    def at(self, path: str) -> str:
        return f"{self.root}/{path}".rstrip("/")

    def _write(self, path: str, data: bytes) -> str:
        name = f"{FRESH}/{uuid.uuid4().hex}"
        self._make_folder(path)
        self._make_folder(name)
        with self._sftp.open(self.at(name), "wx") as file:
            file.set_pipelined(True)
            file.write(data)
        return self.at(name)

    def _make_folder(self, path: str) -> None:
        folder = self.at(path).rpartition("/")[0]
        missing = []
        while folder and folder not in self._folders and not self._exists(folder):
            missing.append(folder)
            folder = folder.rpartition("/")[0]
        for folder in reversed(missing):
            try:
                self._sftp.mkdir(folder)
            except OSError:
                if not self._exists(folder):  # another writer's
                    raise
        self._folders.update(missing)

    def _clean(self) -> None:
        """Remove what killed writers left. Ages are differences of the server's own times."""
        if not self._exists(self.at(FRESH)):
            return
        probe = self._write(FRESH, b"")
        now = self._sftp.stat(probe).st_mtime or 0
        self._sftp.remove(probe)
        for entry in self._sftp.listdir_attr(self.at(FRESH)):
            if now - (entry.st_mtime or now) > ABANDONED:
                self.remove(f"{FRESH}/{entry.filename}")

    def _exists(self, place: str) -> bool:
        try:
            self._sftp.stat(place)
        except FileNotFoundError:
            return False
        return True


def _connect(name: str, port: int | None, user: str | None, password: str | None) -> paramiko.SFTPClient:
    settings: dict[str, str] = {}
    config = Path("~/.ssh/config").expanduser()
    if config.is_file():
        settings = dict(paramiko.SSHConfig.from_path(str(config)).lookup(name))
    client = paramiko.SSHClient()
    client.load_system_host_keys()
    client.connect(
        settings.get("hostname", name),
        port=port or int(settings.get("port", 22)),
        username=user or settings.get("user"),
        password=unquote(password) if password else None,
        key_filename=settings.get("identityfile"),
        timeout=TIMEOUT,
        banner_timeout=TIMEOUT,
        auth_timeout=TIMEOUT,
    )
    sftp = client.open_sftp()
    channel = sftp.get_channel()
    if channel:
        channel.settimeout(TIMEOUT)
    return sftp
