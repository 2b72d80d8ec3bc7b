"""Which kind of store a URL means."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tinypack.errors import TinypackError
from tinypack.registry.stores import Reader, Store

PIN = re.compile(r"sha256=([0-9a-fA-F]{64})")
GIT = re.compile(r"git\+\w+://.+|(ssh|git)://.+|[\w.-]+@[\w.-]+:.+|.+\.git/?")
WEB = re.compile(r"https?://.+")
FILE = re.compile(r"file://.+")
OTHER = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:.*")  # a letter alone is a drive
ANY = re.compile(r".+", re.DOTALL)
NOTHING = re.compile("")


def split_pin(url: str) -> tuple[str, str]:
    """Cut `#sha256=…`, the SHA-256 of the root metadata that a user trusts, off a registry's URL.

    Raises: TinypackError (unreachable)
    """
    address, mark, fragment = url.partition("#")
    pin = PIN.fullmatch(fragment)
    if mark and not pin:
        rule = "behind `#` stands sha256= and 64 hex digits, those of a root metadata file"
        raise TinypackError.one("unreachable", address, rule, fragment)
    return address, pin[1].lower() if pin else ""


def open_store(url: str) -> Store:
    """Open a registry to write to it.

    Raises: TinypackError (unreachable)
    """
    return next(opener for pattern, opener in STORES if pattern.fullmatch(url))(url)


def open_reader(url: str) -> Reader:
    """Open a registry to read it.

    Raises: TinypackError (unreachable)
    """
    return next(opener for pattern, opener in READERS if pattern.fullmatch(url))(url)


def _folder(url: str) -> Store:
    from tinypack.registry.stores.folder import FolderStore

    path = unquote(urlsplit(url).path) if FILE.fullmatch(url) else url
    return FolderStore(Path(path).expanduser().absolute(), url)


def _git(url: str) -> Store:
    from tinypack.registry.stores.git import GitStore

    return GitStore(url)


def _web(url: str) -> Reader:
    from tinypack.registry.stores.http import HttpReader

    return HttpReader(url)


def _objects(url: str) -> Store:
    from tinypack.registry.stores.objects import ObjectStore

    return ObjectStore(url)


def _read_only(url: str) -> Store:
    rule = "a web server only lets a registry be read"
    hint = "publish to the folder, Git repository or object store behind it"
    raise TinypackError.one("unreachable", url, rule, hint=hint)


def _nowhere(url: str) -> Store:
    raise TinypackError.one("unreachable", "registry", "a registry has an address", repr(url))


#: What a URL looks like -> what opens it; the first that fits.
STORES: tuple[tuple[re.Pattern[str], Callable[[str], Store]], ...] = (
    (FILE, _folder),
    (GIT, _git),
    (WEB, _read_only),
    (OTHER, _objects),
    (ANY, _folder),
    (NOTHING, _nowhere),
)
READERS: tuple[tuple[re.Pattern[str], Callable[[str], Reader]], ...] = (
    *STORES[:2],
    (WEB, _web),
    *STORES[3:],
)
