"""Rules of a Zephyr module: what its build system and twister refuse, and what a C-only module must not need."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import yaml

from tinypack.formats.rules import Files, Finding, Rule, text
from tinypack.formats.rules.checks import any_like, none_like, there

MODULE = "zephyr/module.yml"
SYMBOL_PREFIX = "TINYPACK_"
HOSTED = r'#\s*include\s*[<"](stdio|stdlib|math|malloc|assert)\.h[">]'

#: What module.yml may hold: a type, a list's item type in a list, or a mapping of keys.
Schema = Any
SETTINGS = ("board_root", "dts_root", "snippet_root", "soc_root", "arch_root", "module_ext_root", "sca_root")
BUILD_TEXTS = ("cmake", "kconfig", "sysbuild-cmake", "sysbuild-kconfig")
SCHEMA: Schema = {
    "name": str,
    "build": {
        **dict.fromkeys(BUILD_TEXTS, str),
        **dict.fromkeys((f"{key}-ext" for key in BUILD_TEXTS), bool),
        "depends": [str],
        "settings": dict.fromkeys(SETTINGS, str),
    },
    **{key: [str] for key in ("tests", "samples", "boards")},
}


@dataclass(frozen=True)
class Module:
    files: Files
    meta: Any  # module.yml; None if it can't be read

    @classmethod
    def of(cls, files: Files) -> Module:
        return cls(files, _load(text(files, MODULE)))

    def build(self, key: str) -> str:
        """A path of the build section, "" if there is none."""
        section = self.meta.get("build") if isinstance(self.meta, dict) else None
        value = section.get(key) if isinstance(section, dict) else None
        return value if isinstance(value, str) else ""


def _load(document: str) -> Any:
    try:
        return yaml.safe_load(document)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None


def _mismatches(value: Any, schema: Schema, where: str) -> Iterator[Finding]:
    """Compare a document with a schema, key by key."""
    kind: type[Any] = schema if isinstance(schema, type) else type(schema)
    if not isinstance(value, kind):
        yield where, f"{value!r} is no {kind.__name__}"
        return
    for item in value if kind is list else []:
        yield from _mismatches(item, schema[0], where)
    for key in value if kind is dict else []:
        if key in schema:
            yield from _mismatches(value[key], schema[key], f"{where}, {key}")
        else:
            yield where, f"the key {key!r}"


def _schema(module: Module) -> Iterator[Finding]:
    return _mismatches(module.meta, SCHEMA, MODULE)


def _cmake(module: Module) -> Iterator[Finding]:
    path = f"{module.build('cmake')}/CMakeLists.txt"
    if path not in module.files:
        yield MODULE, f"{path} is missing"


def _kconfig(module: Module) -> Iterator[Finding]:
    if module.build("kconfig") not in module.files:
        yield MODULE, f"{module.build('kconfig') or 'kconfig'} is missing"


def _symbols(module: Module) -> Iterator[Finding]:
    path = module.build("kconfig")
    for symbol in re.findall(r"^\s*(?:menu)?config\s+(\S+)", text(module.files, path), re.MULTILINE):
        if not re.fullmatch(rf"{SYMBOL_PREFIX}[A-Z][A-Z0-9_]*", symbol):
            yield path, symbol


def _listed(module: Module) -> Iterator[Finding]:
    """Sources that zephyr/CMakeLists.txt names are there, and all C files are named."""
    path = f"{module.build('cmake')}/CMakeLists.txt"
    named = set(re.findall(r"\.\./(src/\S+\.c)\b", text(module.files, path)))
    present = {name for name in module.files if name.startswith("src/") and name.endswith(".c")}
    return ((path, name) for name in sorted(named ^ present))


def _includes(module: Module) -> Iterator[Finding]:
    for path in module.files:
        for name in re.findall(HOSTED, text(module.files, path)) if path.endswith((".c", ".h")) else []:
            yield path, f"{name}.h"


def _samples(module: Module) -> Iterator[Finding]:
    for path in module.files:
        if path.endswith("/sample.yaml"):
            sample = _load(text(module.files, path))
            tests: Mapping[str, Any] = sample.get("tests") or {} if isinstance(sample, dict) else {}
            if not tests or not isinstance(sample.get("sample"), dict):
                yield path, "sample or tests is missing"
            for name in tests:
                if not re.fullmatch(r"[a-z0-9_]+(\.[a-z0-9_]+)+", str(name)):
                    yield path, str(name)
            yield from (
                (f"{path}: {other}", "it is missing") for other in _companions(path) if other not in module.files
            )


def _companions(path: str) -> list[str]:
    folder = PurePosixPath(path).parent
    return [str(folder / name) for name in ("CMakeLists.txt", "prj.conf", "src/main.c")]


RULES: tuple[Rule[Module], ...] = (
    Rule("ZM001", "zephyr/module.yml is there", there(MODULE)),
    Rule("ZM002", "module.yml has only keys and types that Zephyr knows", _schema),
    Rule("ZM003", "build.cmake names a folder with CMakeLists.txt", _cmake),
    Rule("ZM004", "build.kconfig names a file", _kconfig),
    Rule("ZM005", f"Kconfig symbols begin with {SYMBOL_PREFIX}, so that none is Zephyr's own", _symbols),
    Rule("ZM006", "CMakeLists.txt names the C files of src, all and no others", _listed),
    Rule("ZC001", "the module is C: no C++", none_like(r".*\.(cpp|cc|cxx|hpp|ino)")),
    Rule("ZC002", "no header of a hosted C library but string.h, which all of Zephyr's have, and no libm", _includes),
    Rule("ZS001", "there is a sample", any_like(r"samples/.+/sample\.yaml", "samples")),
    Rule("ZS002", "a sample is complete, and its tests are named as twister wants them", _samples),
    Rule("ZD001", "there is a readme", any_like(r"readme\.md", "README.md")),
    Rule("ZD002", "there is a licence file", any_like(r"license", "LICENSE")),
)
