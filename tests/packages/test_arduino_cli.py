"""The Arduino library with the real arduino-cli: installed from its zip, found, compiled and run on every board."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.packages.conftest import Package
from tests.support.packages import archive
from tests.support.sketchbook import EMULATED, TARGETS, Sketchbook, make_sketchbook

pytestmark = pytest.mark.tools

NAME, LIBRARY = "other-sine", "other_sine"
MEGA, MEGA_RAM = TARGETS["mega"], 8192  # bytes
NATIVE = TARGETS["native"]


def installed(package: Package, folder: Path, target: str) -> Sketchbook:
    book = make_sketchbook(folder, TARGETS[target])
    book.install(archive(package("hello_world_int8", NAME), "arduino"))
    return book


def test_the_library_is_listed_with_its_examples(package: Package, tmp_path: Path) -> None:
    book = installed(package, tmp_path, "native")
    (found,) = json.loads(book.cli("lib", "list", "--format", "json"))["installed_libraries"]
    listed = found["library"]
    examples = {Path(path).name for path in listed["examples"]}
    assert (listed["name"], listed["version"], examples) == (LIBRARY, "1.0.0", {"Classify", "SelfTest"})
    assert listed["provides_includes"] == [f"{LIBRARY}.h"]


@pytest.mark.parametrize("target", TARGETS)
def test_the_self_test_passes(target: str, package: Package, tmp_path: Path) -> None:
    book = installed(package, tmp_path, target)
    assert book.run(TARGETS[target], book.libraries / LIBRARY / "examples" / "SelfTest") == ["PASS"]


@pytest.mark.parametrize("example", ["SelfTest", "Classify"])
def test_examples_compile_with_the_installed_library(example: str, package: Package, tmp_path: Path) -> None:
    book = installed(package, tmp_path, "mega")
    account = book.compile(MEGA, book.libraries / LIBRARY / "examples" / example)
    assert [used["install_dir"] for used in account["used_libraries"]] == [str(book.libraries / LIBRARY)]


def test_tables_stay_in_program_memory(package: Package, tmp_path: Path) -> None:
    """The AVR's C puts constants into RAM, of which there are 8 KB, unless it is told otherwise."""
    built = package("micro_speech_quantized", "speech")
    book = make_sketchbook(tmp_path, MEGA)
    book.install(archive(built, "arduino"))
    text = (
        "#include <speech.h>\nstatic Speech model;\nvoid setup() { model.begin(); model.invoke(); }\nvoid loop() {}\n"
    )
    account = book.compile(MEGA, book.sketch("small", text))
    used = {section["name"]: section["size"] for section in account["executable_sections_size"]}
    assert used["data"] < MEGA_RAM < built.record["table_bytes"] < used["text"]


def test_every_emulated_board_is_listed(tmp_path: Path) -> None:
    book = make_sketchbook(tmp_path, NATIVE)
    boards = json.loads(book.cli("board", "listall", "--format", "json"))["boards"]
    assert {board["fqbn"] for board in boards} >= {target.fqbn for target in EMULATED.values()}


@pytest.mark.parametrize(("code", "cli_code"), [(0, 0), (3, 1)])
def test_an_upload_ends_as_the_sketch_does(code: int, cli_code: int, tmp_path: Path) -> None:
    book = make_sketchbook(tmp_path, NATIVE)
    sketch = book.sketch("ends", f"#include <stdlib.h>\nvoid setup() {{ exit({code}); }}\nvoid loop() {{}}\n")
    book.compile(NATIVE, sketch)
    book.cli("upload", "-b", NATIVE.fqbn, "--input-dir", book.output(NATIVE, sketch), sketch, code=cli_code)
