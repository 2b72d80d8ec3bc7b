"""What archives may hold: the files that tinypack's formats have, and scripts that build and do nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import yaml

from tinypack.formats.rules import Finding

MOST_TEXT_BYTES = 256 << 10  # of scripts and manifests; C may be longer
MOST_YAML = 16 << 10
MOST_BRACKETS = 100
MOST_BLANKS = 200  # in a row: patterns of formats' rules try each of them as a start
BLANKS = re.compile(rf"\s{{{MOST_BLANKS + 1}}}")
COMMON = r"README\.md|LICENSE|src/[\w/-]+\.[ch]"
SKETCHES = r"examples/\w+/\w+\.(ino|h)"
#: Format -> paths that its archives may have.
PATHS: dict[str, str] = {
    "arduino": rf"{COMMON}|{SKETCHES}|library\.properties|keywords\.txt",
    "platformio": rf"{COMMON}|{SKETCHES}|library\.json",
    "zephyr": rf"{COMMON}|zephyr/(module\.yml|CMakeLists\.txt|Kconfig)"
    r"|samples/\w+/(CMakeLists\.txt|prj\.conf|sample\.yaml|src/\w+\.[ch])",
    "cmake": rf"{COMMON}|CMakeLists\.txt|cmake/[\w-]+\.cmake|test/\w+\.[ch]",
    "esp-idf": rf"{COMMON}|CMakeLists\.txt|idf_component\.yml"
    r"|examples/\w+/(CMakeLists\.txt|sdkconfig\.defaults|main/(CMakeLists\.txt|\w+\.[ch]))",
    "cmsis-pack": rf"{COMMON}|[\w.-]+\.pdsc|template/\w+\.[ch]",
}
LIBRARY_JSON = {
    *("name", "version", "description", "keywords", "authors", "repository", "homepage", "license"),
    *("frameworks", "platforms", "headers", "examples"),
}
LIBRARY_PROPERTIES = {
    *("name", "version", "author", "maintainer", "sentence", "paragraph", "category", "url", "architectures"),
    *("includes", "license"),
}
SHOWN = 80  # characters of what is refused
#: What YAML files may say -> key, and what its value must be; None is anything.
MODULE_YML: dict[str, Any] = {
    "name": None,
    "build": {"cmake": "zephyr", "kconfig": "zephyr/Kconfig"},  # others would be read unchecked
    "samples": ["samples"],
}
COMPONENT_YML: dict[str, Any] = {
    **dict.fromkeys(("version", "description", "license", "maintainers", "url", "repository", "tags")),
    "dependencies": {"idf": ">=5.0"},
}
SAMPLE_YML: dict[str, Any] = {
    "sample": {"name": None},
    "common": {**dict.fromkeys(("tags", "min_ram", "min_flash", "harness_config")), "harness": "console"},
    "tests": None,
}
SAMPLE_TEST: dict[str, Any] = {"integration_platforms": None}
CALL = re.compile(r"\s*(\w+)\s*\(([^()]*)\)\s*", re.ASCII)
#: Command of CMake -> arguments that it may have: those of the templates. Others can run or fetch anything.
COMMANDS: dict[str, str] = {
    "add_executable": r"[\w-]+ test/\w+\.c",
    "add_library": r"\w+ STATIC( src/[\w/-]+\.c)+|[\w-]+::[\w-]+ ALIAS \w+",
    "add_test": r"NAME [\w-]+ COMMAND [\w-]+",
    "cmake_minimum_required": r"VERSION [\d.]+",
    "else": r"",
    "enable_testing": r"",
    "endif": r"",
    "find_package": r"Zephyr REQUIRED HINTS \$ENV\{ZEPHYR_BASE\}",
    "get_filename_component": r"module \$\{CMAKE_CURRENT_SOURCE_DIR\}/\.\./\.\. ABSOLUTE",
    "idf_component_register": r'SRCS( "[\w/-]+\.c")+ INCLUDE_DIRS "(src|\.)"',
    "if": r"CMAKE_SOURCE_DIR STREQUAL PROJECT_SOURCE_DIR|\w+",
    "include": r"CMakePackageConfigHelpers|GNUInstallDirs|\$ENV\{IDF_PATH\}/tools/cmake/project\.cmake"
    r"|\$\{CMAKE_CURRENT_LIST_DIR\}/[\w-]+Targets\.cmake",
    "install": r"TARGETS \w+ EXPORT [\w-]+ ARCHIVE DESTINATION \$\{CMAKE_INSTALL_LIBDIR\}"
    r"|FILES src/\w+\.h DESTINATION \$\{CMAKE_INSTALL_INCLUDEDIR\}"
    r"|EXPORT [\w-]+ NAMESPACE [\w-]+:: DESTINATION \$\{config_dir\}"
    r"|FILES cmake/[\w-]+\.cmake \$\{CMAKE_CURRENT_BINARY_DIR\}/[\w-]+\.cmake DESTINATION \$\{config_dir\}",
    "list": r"APPEND ZEPHYR_EXTRA_MODULES \$\{module\}",
    "option": r'\w+ "[^"$\\]*" \$\{top_level\}',
    "project": r"[\w-]+( VERSION [\d.]+)?( LANGUAGES C)?",
    "set": r"top_level (ON|OFF)|config_dir \$\{CMAKE_INSTALL_LIBDIR\}/cmake/[\w-]+"
    r'|EXTRA_COMPONENT_DIRS "\$\{CMAKE_CURRENT_LIST_DIR\}/\.\./\.\."',
    "set_target_properties": r"\w+ PROPERTIES OUTPUT_NAME [\w-]+ EXPORT_NAME [\w-]+ UNITY_BUILD OFF",
    "target_compile_features": r"\w+ PUBLIC c_std_99",
    "target_include_directories": r"\w+ PUBLIC \$<BUILD_INTERFACE:\$\{CMAKE_CURRENT_SOURCE_DIR\}/src>"
    r" \$<INSTALL_INTERFACE:\$\{CMAKE_INSTALL_INCLUDEDIR\}>",
    "target_link_libraries": r"[\w-]+ PRIVATE [\w-]+::[\w-]+",
    "target_sources": r"app PRIVATE src/\w+\.c",
    "write_basic_package_version_file": r"[\w-]+\.cmake COMPATIBILITY SameMajorVersion",
    "zephyr_include_directories": r"\.\./src",
    "zephyr_library": r"",
    "zephyr_library_sources": r"\.\./src/[\w/-]+\.c( \.\./src/[\w/-]+\.c)*",
}
#: A line of CMake: code, and a comment of one line. A string ends where it began, for CMake as for us.
CMAKE_LINE = re.compile(r'((?:[^"#\\]|"[^"\\]*")*)(?:#(?!\[=*\[).*)?')
#: One symbol that is on or off. Anything else can run programs: `$(shell)`, `source`, a default of compilers' options.
KCONFIG = re.compile(r'(#[^\n\\]*\n|\n)*config TINYPACK_\w+\n\tbool "[^"$\\\n]*"\n\thelp\n(\t  [^$\\\n]*\n)+', re.ASCII)
#: Settings of samples.
SETTING = re.compile(
    r"#.*||CONFIG_(TINYPACK_\w+=y|PRINTK=y|MAIN_STACK_SIZE=\d+|PARTITION_TABLE_SINGLE_APP_LARGE=y|ESP_TASK_WDT_INIT=n)",
    re.ASCII,
)

Tree = Mapping[str, bytes]
Check = Callable[[str, Tree], Iterator[Finding]]


def paths(format: str, files: Tree) -> Iterator[Finding]:
    """Find files that no package has."""
    allowed = re.compile(PATHS[format], re.ASCII)
    return ((path, "not a file of this format") for path in files if not allowed.fullmatch(path))


def texts(format: str, files: Tree) -> Iterator[Finding]:
    """Find what is no plain text, and too long a text."""
    for path, data in files.items():
        if not path.endswith((".c", ".h")) and len(data) > MOST_TEXT_BYTES:
            yield path, f"{len(data)} bytes"
        try:
            text = data.decode()
        except UnicodeDecodeError:
            text = "\0"
        if "\0" in text:
            yield path, "no text in UTF-8"
        if BLANKS.search(text):
            yield path, f"more than {MOST_BLANKS} blanks in a row"


def hooks(format: str, files: Tree) -> Iterator[Finding]:
    """Find what runs when a package is installed, configured or built, but compilers."""
    for path, data in files.items():
        name, text = path.rpartition("/")[2], data.decode(errors="replace")
        for pattern, check in HOOKS.items():
            if re.fullmatch(pattern, name):
                yield from ((path, found) for found in check(text))


def _cmake(text: str) -> Iterator[str]:
    lines = [(CMAKE_LINE.fullmatch(line), line) for line in text.split("\n")]
    odd = [line for found, line in lines if found is None or not found[1].isascii()]
    if odd:
        yield from (line.strip()[:SHOWN] for line in odd)
        return
    code, place = "\n".join(found[1] for found, _ in lines if found), 0
    while place < len(code):
        call = CALL.match(code, place)
        if call is None:
            yield from filter(None, [code[place:].strip()[:SHOWN]])
            return
        words = " ".join(call[2].split())
        if not re.fullmatch(COMMANDS.get(call[1].lower(), r"(?!)"), words, re.ASCII):
            yield f"{call[1]}({words[:SHOWN]})"
        place = call.end()


def _kconfig(text: str) -> Iterator[str]:
    found = KCONFIG.match(text)
    yield from filter(None, [text[found.end() if found else 0 :].strip()[:SHOWN]])


def _settings(text: str) -> Iterator[str]:
    return (line[:SHOWN] for line in text.split("\n") if not SETTING.fullmatch(line))


def _library_json(text: str) -> Iterator[str]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return
    yield from sorted(map(str, found.keys() - LIBRARY_JSON)) if isinstance(found, dict) else ()


def _library_properties(text: str) -> Iterator[str]:
    keys = (line.partition("=")[0].strip() for line in text.splitlines() if not line.lstrip().startswith("#"))
    return (key[:SHOWN] for key in keys if key and key not in LIBRARY_PROPERTIES)


def _shape(text: str, wanted: Mapping[str, Any]) -> Iterator[str]:
    yield from _yaml(text)
    yield from _unlike(_load(text), wanted)


def _unlike(found: Any, wanted: Any, key: str = "") -> Iterator[str]:
    """Say where a value is other than it may be."""
    if isinstance(wanted, Mapping) and isinstance(found, dict):
        for inner, value in found.items():
            name = f"{key}.{inner}".lstrip(".")
            yield from _unlike(value, wanted[inner], name) if inner in wanted else [name[:SHOWN]]
    elif wanted is not None and found != wanted:
        yield f"{key}: {found}"[:SHOWN]


def _sample_yaml(text: str) -> Iterator[str]:
    yield from _shape(text, SAMPLE_YML)
    tests = _load(text).get("tests")
    for name, test in tests.items() if isinstance(tests, dict) else [("tests", tests)]:
        yield from _unlike(test, SAMPLE_TEST, str(name))


def _yaml(text: str) -> Iterator[str]:
    """Find what makes a short text a huge one, or an object of any kind."""
    if len(text) > MOST_YAML or text.count("[") + text.count("{") > MOST_BRACKETS:
        yield "too much"  # PyYAML's time grows with the square of the depth
        return
    try:
        events = list(yaml.parse(text, yaml.SafeLoader))
    except (yaml.YAMLError, ValueError, RecursionError):
        yield "no YAML"
        return
    if any(isinstance(event, yaml.AliasEvent) for event in events):
        yield "an alias"
    if any(getattr(event, "tag", None) for event in events):
        yield "a tag"


def _load(text: str) -> dict[str, Any]:
    try:
        found = yaml.safe_load(text) if not list(_yaml(text)) else None
    except (yaml.YAMLError, ValueError, RecursionError):
        found = None
    return found if isinstance(found, dict) else {}


#: File name -> what in it would run something.
HOOKS: dict[str, Callable[[str], Iterator[str]]] = {
    r"CMakeLists\.txt|.*\.cmake": _cmake,
    r"Kconfig": _kconfig,
    r"library\.json": _library_json,
    r"library\.properties": _library_properties,
    r"module\.yml": partial(_shape, wanted=MODULE_YML),
    r"idf_component\.yml": partial(_shape, wanted=COMPONENT_YML),
    r"sample\.yaml": _sample_yaml,
    r"prj\.conf|sdkconfig\.defaults": _settings,
}
