"""Where packages go, one row an ecosystem."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tinypack.names import c_names
from tinypack.registry.client.install.sketchbook import libraries_folder


@dataclass(frozen=True)
class Ecosystem:
    """What `--to` says.

    format  of the archive that is unpacked
    usual   root of the project -> the folder that holds packages' folders
    folder  package -> the name of its folder
    next    package, its folder as the project sees it -> what the user does then
    top     True: the archive holds one folder; False: its files lie at its root
    """

    format: str
    usual: Callable[[Path], Path]
    folder: Callable[[str], str]
    next: Callable[[str, str], str]
    top: bool = True


def _own_name(name: str) -> str:
    return name


def _prefix(name: str) -> str:
    return c_names(name).prefix


def _in_project(*parts: str) -> Callable[[Path], Path]:
    return lambda root: root.joinpath(*parts)


def _include(name: str, folder: str) -> str:
    return f"#include <{_prefix(name)}.h>"


def _arduino(name: str, folder: str) -> str:
    return f"{_include(name, folder)}; examples: File > Examples > {_prefix(name)}"


def _zephyr(name: str, folder: str) -> str:
    place = folder if Path(folder).is_absolute() else f"${{CMAKE_CURRENT_SOURCE_DIR}}/{folder}"
    module = f"list(APPEND ZEPHYR_EXTRA_MODULES {place})"
    return f"CMakeLists.txt, before find_package(Zephyr): {module}; prj.conf: CONFIG_TINYPACK_{c_names(name).macro}=y"


def _cmake(name: str, folder: str) -> str:
    binary = f" {name}" if Path(folder).is_absolute() else ""
    return f"add_subdirectory({folder}{binary}); target_link_libraries(app PRIVATE {name}::{name})"


#: What `--to` takes.
ECOSYSTEMS: dict[str, Ecosystem] = {
    "arduino": Ecosystem("arduino", lambda root: libraries_folder(), _prefix, _arduino),
    "platformio": Ecosystem("platformio", _in_project("lib"), _own_name, _include, top=False),
    "zephyr": Ecosystem("zephyr", _in_project("modules"), _own_name, _zephyr),
    "cmake": Ecosystem("cmake", _in_project("third_party"), _own_name, _cmake),
}
FORMATS = tuple(ecosystem.format for ecosystem in ECOSYSTEMS.values())
