"""A project's lockfile and the registry that it is used with."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock, Timeout

from tinypack.errors import TinypackError, without_secrets
from tinypack.registry.client.cache import cache_folder
from tinypack.registry.client.lockfile import NAME, Lock, read_lock
from tinypack.registry.client.registry import Registry
from tinypack.registry.entries import sha256
from tinypack.registry.stores.opening import split_pin

VARIABLE = "TINYPACK_REGISTRY"
PATIENCE = 300.0  # seconds that a command waits for another in the same project


@dataclass(frozen=True)
class Session:
    """What a command works with.

    address  the registry's, as it was given
    """

    lock: Lock
    registry: Registry
    address: str

    def named(self) -> Session:
        """Note the registry in a lock that has none yet.

        Raises: TinypackError (as `Registry.refresh`)
        """
        return self if self.lock.registry else self.moved()

    def moved(self) -> Session:
        """Note the registry, in the place of another address of it.

        Raises: TinypackError (as `Registry.refresh`)
        """
        return replace(self, lock=self.lock.of_registry(self.address, self.registry.root_sha256))


def open_session(
    lockfile: Path = Path(NAME), registry: str = "", offline: bool = False, needed: bool = True, kept: bool = False
) -> Session:
    """Take the registry that is given, else that of the lockfile, else that of TINYPACK_REGISTRY.

    needed  False: it does without, as long as nothing is asked of the registry
    kept    the lockfile must be there: what is to be done is in it
    Where the lockfile has packages, another address must lead to the same registry: its pin says so.
    Raises: TinypackError (bad-lockfile, io; unreachable if no registry is named)
    """
    lock = read_lock(lockfile)
    if kept and not lockfile.exists():
        hint = "go to the project's folder, or begin with `tinypack install NAME --to ...`"
        raise TinypackError.one("bad-lockfile", str(lockfile), "a project has a lockfile", "no such file", hint)
    url = registry or lock.url or os.environ.get(VARIABLE, "")
    if not url and needed:
        hint = f"add `--registry`, or set {VARIABLE}"
        raise TinypackError.one("unreachable", str(lockfile), "a registry must be named", "none", hint)
    address, pin = split_pin(url)
    if pin and lock.root_sha256 not in ("", pin):
        hint = "use another lockfile: `--lockfile`"
        raise TinypackError.one("bad-lockfile", str(lockfile), "a lockfile is of one registry", f"another: {pin}", hint)
    pin = pin or lock.root_sha256
    return Session(
        lock, Registry(f"{address}#sha256={pin}" if pin else address, offline=offline), without_secrets(address)
    )


@contextmanager
def turn(lockfile: Path) -> Iterator[None]:
    """Keep other commands away from a project while its lockfile is read, changed and written.

    Raises: TinypackError (busy, io)
    """
    folder = cache_folder() / "locks"
    place = FileLock(folder / sha256(os.fsencode(lockfile.absolute()))[:32], timeout=PATIENCE)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        place.acquire()
    except Timeout:
        raise TinypackError.one(
            "busy", str(lockfile), "a command must have a project to itself", "another runs"
        ) from None
    except OSError as error:
        raise TinypackError.one("io", str(folder), "the cache must be writable", str(error.strerror)) from None
    try:
        yield
    finally:
        place.release()
