"""Imports run one way, and the command line starts without heavy modules."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import tinypack

PACKAGE = Path(tinypack.__file__).parent
#: Layer -> what it may import; a module belongs to the layer that its first names say. Lower layers come first.
LAYERS = [
    {"tinypack.errors", "tinypack.emulator"},
    {
        "tinypack.drawing",
        "tinypack.graph",
        "tinypack.names",
        "tinypack.options",
        "tinypack.output",
        "tinypack.templates_location",
    },
    {"tinypack.ops", "tinypack.vectors"},
    {"tinypack.features"},
    {"tinypack.decisions"},
    {"tinypack.compile"},
    {"tinypack.boards", "tinypack.oracle", "tinypack.package", "tinypack.importers", "tinypack.model_file"},
    {"tinypack.costs"},
    {"tinypack.formats", "tinypack.inspection", "tinypack.memory"},
    {"tinypack.manifest", "tinypack.manifest_values", "tinypack.model_card"},
    {"tinypack.stream_reference", "tinypack.streams"},
    {"tinypack.pack", "tinypack.source", "tinypack.references", "tinypack.arduino_boards"},
    {"tinypack.starter", "tinypack.verify", "tinypack.profile"},
    {"tinypack.replay"},
    {"tinypack.registry"},
    {"tinypack.cli"},
]
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def layer(module: str) -> int:
    return LEVEL[".".join(module.split(".")[:2])]


def imported(path: Path) -> set[str]:
    """Modules of tinypack that a file needs when it is imported; those only for type checkers don't count."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    guarded = {
        id(inner)
        for branch in ast.walk(tree)
        if isinstance(branch, ast.If) and isinstance(branch.test, ast.Name) and branch.test.id == "TYPE_CHECKING"
        for inner in ast.walk(branch)
    }
    found = set()
    for item in ast.walk(tree):
        if id(item) in guarded:
            continue
        if isinstance(item, ast.ImportFrom) and item.module and item.module.startswith("tinypack."):
            found.add(item.module)
        if isinstance(item, ast.Import):
            found |= {alias.name for alias in item.names if alias.name.startswith("tinypack.")}
    return found


FILES = [
    path
    for path in sorted(PACKAGE.rglob("*.py"))
    if "emulator" not in path.relative_to(PACKAGE).parts and path != PACKAGE / "__init__.py"
]


@pytest.mark.parametrize("path", FILES, ids=[module_name(path) for path in FILES])
def test_no_module_imports_from_a_higher_layer(path: Path) -> None:
    here = layer(module_name(path))
    assert {name for name in imported(path) if layer(name) > here} == set()


def test_help_needs_no_heavy_module() -> None:
    code = "import sys, tinypack.cli; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"numpy", "jinja2", "pydantic", "rich", "tflite_micro", "platformio", "matplotlib"}
    heavy |= {"tuf", "securesystemslib", "requests", "fsspec", "git", "markdown_it", "sqlite3"}
    assert heavy & set(done.stdout.split()) == set()
