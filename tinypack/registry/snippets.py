"""What a user writes to have a version of a package, in each ecosystem: for `tinypack info` and the web pages."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from semver import Version

from tinypack.names import PATTERN, c_names
from tinypack.registry.entries import Archive, File
from tinypack.registry.package_index import Line
from tinypack.registry.stores.opening import FILE, GIT

#: What curl, PlatformIO, CMake and cpackget fetch from.
FETCHED = ("http", "https", "file")
#: An address that no shell, CMake, YAML, XML or .ini file takes for more.
WEB = re.compile(r"(?P<scheme>https?|file)://[A-Za-z0-9:/@%._~+=&?,\[\]-]+")
#: What an .ini file or a shell puts something else in the place of, or takes for the end of a line.
ODD = re.compile(r"[$\x00-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True)
class Snippet:
    """Something to copy.

    ecosystem  as users call it, such as "PlatformIO"
    title      what one does with it, in a few words
    language   of the text: sh, ini, yaml, cmake, text
    """

    ecosystem: str
    title: str
    language: str
    text: str


@dataclass(frozen=True)
class Given:
    """A version of a package in one format: what a snippet is made of.

    wanted    what `tinypack install` takes
    registry  what `--registry` takes
    url       of the archive; "" where only tinypack can read the registry
    """

    name: str
    version: str
    wanted: str
    registry: str
    archive: Archive
    url: str


def snippets(base_url: str, line: Line, exactly: bool = False) -> list[Snippet]:
    """Say how to install a version; one snippet for each way that its archives and the registry's address allow.

    exactly  no later version, either: what is shown is not the newest
    A version whose name or number is none gives nothing: what is shown here is copied into shells.
    """
    release = line.release.body
    if ODD.search(base_url) or not PATTERN.fullmatch(release.name) or not Version.is_valid(release.version):
        return []
    wanted = f"{release.name}@{'' if exactly else '^'}{release.version}"
    found = []
    for format, ways in WAYS.items():
        archive = release.archive(format)
        if archive is not None:
            url = archive_url(base_url, archive)
            given = Given(release.name, release.version, wanted, base_url, archive, url)
            made = (way(given) for way in ways if given.url or way in WITHOUT_URL)
            found += [Snippet(ECOSYSTEMS[format], *each) for each in made]
    return found


def archive_url(base_url: str, archive: File) -> str:
    """Say where anyone fetches an archive; "" where the registry is no web server and no folder."""
    base = base_url.partition("#")[0].rstrip("/")
    if GIT.fullmatch(base) and not FILE.fullmatch(base):
        return ""
    if not urlsplit(base).scheme:
        base = Path(base).absolute().as_uri()
    url = f"{base}/{quote(archive.path)}"
    return url if WEB.fullmatch(url) else ""


def fetch_content(name: str, version: str, url: str, sha256: str) -> str:
    """Write the lines of a CMakeLists.txt that fetch a package."""
    return f"""\
include(FetchContent)
if(POLICY CMP0135)
  cmake_policy(SET CMP0135 NEW) # files are as new as their download: a new version is built again
endif()
# {name} {version}
FetchContent_Declare({name}
  URL {url}
  URL_HASH SHA256={sha256}
)
FetchContent_MakeAvailable({name})
"""


#: Title, language, text.
_Made = tuple[str, str, str]


def _install(given: Given, target: str) -> str:
    return f"tinypack install {given.wanted} --to {target} --registry {shlex.quote(given.registry)}\n"


def _arduino_ide(given: Given) -> _Made:
    text = f"{given.url}\nDownload it, then Sketch > Include Library > Add .ZIP Library\n"
    return "Arduino IDE", "text", text


def _arduino_install(given: Given) -> _Made:
    return "into the sketchbook, checked", "sh", _install(given, "arduino")


def _platformio_plugin(given: Given) -> _Made:
    text = f"""\
; once: tinypack lock {given.wanted} --platformio-script --registry {shlex.quote(given.registry)}
[env]
extra_scripts = pre:tinypack_deps.py
custom_tinypack_registry = {_ini(given.registry)}
custom_tinypack_deps = {given.wanted}
"""
    return "platformio.ini, resolved and checked at each build", "ini", text


def _platformio_lock(given: Given) -> _Made:
    text = f"""\
; once: tinypack lock {given.wanted} --registry {shlex.quote(given.registry)}
[platformio]
extra_configs = tinypack.lock.ini
[env]
lib_deps = ${{tinypack.lib_deps}}
"""
    return "platformio.ini, with a lockfile (PlatformIO checks no hash)", "ini", text


def _lib_deps(given: Given) -> _Made:
    url = unquote(given.url) if given.url.startswith("file:") else given.url  # PlatformIO takes a path as it is
    return "platformio.ini, by URL (PlatformIO checks no hash)", "ini", f"[env]\nlib_deps =\n  {_ini(url)}\n"


def _platformio_install(given: Given) -> _Made:
    return "into the project's lib, checked", "sh", _install(given, "platformio")


def _ini(text: str) -> str:
    return text.replace("%", "%%")  # % begins a reference


def _zephyr_install(given: Given) -> _Made:
    symbol = f"CONFIG_TINYPACK_{c_names(given.name).macro}"
    return "as a module, checked", "sh", f"{_install(given, 'zephyr')}# and in prj.conf: {symbol}=y\n"


def _west(given: Given) -> _Made:
    wanted, registry = f"{given.name}@{given.version}", shlex.quote(given.registry)
    text = f"""\
tinypack export zephyr-git {given.name} --registry {registry} --output modules
tinypack export west {wanted} --registry {registry} --url "file://$PWD/modules" --output tinypack
# in your own west.yml, below manifest: self: {{import: tinypack/west.yml}}
west update
"""
    return "with west, from a Git repository of your own", "sh", text


def _cmake(given: Given) -> _Made:
    link = f"target_link_libraries(app PRIVATE {given.name}::{given.name})\n"
    return "FetchContent", "cmake", fetch_content(given.name, given.version, given.url, given.archive.sha256) + link


def _cmake_install(given: Given) -> _Made:
    return "as a folder, checked", "sh", _install(given, "cmake")


def _esp_idf(given: Given) -> _Made:
    file, folder = shlex.quote(given.archive.filename), "components"
    text = f"""\
curl -fL -o {file} {shlex.quote(given.url)}
echo {shlex.quote(f"{given.archive.sha256}  {given.archive.filename}")} | sha256sum --check
mkdir -p {folder} && tar -xmzf {file} -C {folder}
"""
    return "into the project's components", "sh", text


def _cmsis_pack(given: Given) -> _Made:
    return "CMSIS-Toolbox", "sh", f"cpackget add {shlex.quote(given.url)}\n"


#: Format -> what its users call where it goes.
ECOSYSTEMS = {
    "arduino": "Arduino",
    "platformio": "PlatformIO",
    "zephyr": "Zephyr",
    "cmake": "CMake",
    "esp-idf": "ESP-IDF",
    "cmsis-pack": "CMSIS-Pack",
}
#: Format -> the ways to have it, best first.
WAYS: Mapping[str, tuple[Callable[[Given], _Made], ...]] = {
    "arduino": (_arduino_install, _arduino_ide),
    "platformio": (_platformio_plugin, _platformio_lock, _platformio_install, _lib_deps),
    "zephyr": (_zephyr_install, _west),
    "cmake": (_cmake, _cmake_install),
    "esp-idf": (_esp_idf,),
    "cmsis-pack": (_cmsis_pack,),
}
#: Ways that read the registry through tinypack.
WITHOUT_URL = (_arduino_install, _platformio_plugin, _platformio_install, _zephyr_install, _west, _cmake_install)
