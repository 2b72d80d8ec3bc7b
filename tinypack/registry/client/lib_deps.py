"""tinypack.lock.ini: the locked versions as PlatformIO's `lib_deps`, for `extra_configs`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from tinypack.output import write_whole
from tinypack.registry.client.lockfile import Lock
from tinypack.registry.client.registry import Registry
from tinypack.registry.entries import File
from tinypack.templates_location import templates_folder

FORMAT = "platformio"
SUFFIX = ".ini"  # behind the lockfile's name
SCRIPT = "tinypack_deps.py"
#: What begins a reference or a comment in an .ini file.
ODD = re.compile(r"\$|\s[;#]")
HEAD = """\
; Written by `tinypack lock`. In platformio.ini:
;   [platformio]
;   extra_configs = {name}
;   [env:...]
;   lib_deps = ${{tinypack.lib_deps}}
[tinypack]
lib_deps =
"""


def ini_path(lock: Lock) -> Path:
    return lock.path.with_name(lock.path.name + SUFFIX)


def write_all(lock: Lock, registry: Registry) -> None:
    """Write a lockfile, and its `.ini` where there is one.

    Raises: TinypackError (io)
    """
    if ini_path(lock).is_file():
        write_whole(lock.root, {ini_path(lock).name: ini_text(lock, registry).encode()})
    lock.write()


def write_with_ini(lock: Lock, registry: Registry, script: bool) -> list[Path]:
    """Write a lockfile and its `.ini`, and the plug-in if it is wanted; give what was written.

    Raises: TinypackError (io)
    """
    files = {ini_path(lock).name: ini_text(lock, registry).encode(), lock.path.name: lock.to_bytes()}
    if script:
        files[SCRIPT] = (templates_folder() / "platformio_plugin" / SCRIPT).read_bytes()
    write_whole(lock.root, files)
    return [lock.root / name for name in files]


def ini_text(lock: Lock, registry: Registry) -> str:
    """Write the file: one URL a package, which never changes its bytes."""
    return HEAD.format(name=ini_path(lock).name) + "".join(f"  {url}\n" for url in _urls(lock, registry))


def without_url(lock: Lock, registry: Registry) -> list[str]:
    """List packages that PlatformIO can't fetch by itself."""
    return [name for name, each in lock.packages.items() if not _url(each.archive(FORMAT), registry)]


def _urls(lock: Lock, registry: Registry) -> Iterator[str]:
    for each in lock.packages.values():
        url = _url(each.archive(FORMAT), registry)
        if url:
            yield url.replace("%", "%%")  # in an .ini, % begins a reference


def _url(archive: File | None, registry: Registry) -> str:
    """Say where PlatformIO fetches an archive; it takes what stands behind file:// as it is."""
    url = registry.url_of(archive) if archive else ""
    found = unquote(url) if url.startswith("file://") else url
    return "" if ODD.search(found) or not found.isprintable() else found
