from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.support.machine import need, need_extra
from tinypack.boards import Board, board
from tinypack.formats import FORMATS, build_artifact
from tinypack.formats.archive import pack
from tinypack.formats.unpack import read_archive
from tinypack.package import Artifact, Built
from tinypack.verify import compiled
from tinypack.verify.board_tools import Tool, compiler_tools
from tinypack.verify.report import Result

MODEL = "small/src/small/small_model.c"


def changed(built: Built, change: Callable[[dict[str, bytes]], object]) -> Artifact:
    """Give the CMake archive with other files."""
    given = build_artifact(FORMATS["cmake"], built.content)
    files = read_archive(given.data)
    change(files)
    data = pack(given.filename, files)
    return Artifact("cmake", given.filename, data, hashlib.sha256(data).hexdigest())


def check(built: Built, result: Result, artifact: Artifact, on: Board) -> Result:
    return compiled.check(artifact, on, built.content.names, result)


@pytest.mark.tools
@pytest.mark.parametrize("format", FORMATS)
def test_every_format_compiles_for_a_real_board(format: str, built: Built, result: Result) -> None:
    need("arm-none-eabi-gcc")
    assert compiled.missing(board("nano33ble")) == ""
    found = check(built, result, build_artifact(FORMATS[format], built.content), board("nano33ble"))
    assert (found.status, found.reason) == ("compiled", compiled.REASON)
    assert found.compiler.startswith("GNU C") and found.kernel_variant == "arm_dsp"
    assert {"-mcpu=cortex-m4", "-mfpu=fpv4-sp-d16", "-mfloat-abi=hard", "-Os"} <= set(found.flags.split())
    # Nothing ran, and what was compiled is no whole program.
    assert (found.vectors, found.machine, found.flash_bytes, found.instructions) == (0, "", None, None)
    assert found.object_bytes is not None and built.record["table_bytes"] < found.object_bytes < 2000


@pytest.mark.tools
def test_a_core_without_an_fpu(built: Built, result: Result) -> None:
    need("arm-none-eabi-gcc")
    found = check(built, result, build_artifact(FORMATS["cmake"], built.content), board("pico"))
    assert found.status == "compiled"
    assert {"-mcpu=cortex-m0plus", "-mfloat-abi=soft"} <= set(found.flags.split())


@pytest.mark.tools
def test_a_risc_v_board(built: Built, result: Result) -> None:
    need_extra("riscv64-unknown-elf-gcc")
    real = board("riscv32-virt").model_copy(update={"id": "esp32-c3", "emulated": False})
    assert compiled.missing(real) == ""
    found = check(built, result, build_artifact(FORMATS["esp-idf"], built.content), real)
    assert found.status == "compiled" and "-mabi=ilp32" in found.flags


@pytest.mark.tools
def test_what_does_not_compile_has_failed_and_says_why(built: Built, result: Result) -> None:
    need("arm-none-eabi-gcc")
    given = changed(built, lambda files: files.update({MODEL: files[MODEL] + b"\nint broken(\n"}))
    found = check(built, result, given, board("nano33ble"))
    assert found.status == "failed"
    assert "error[build-failed]: small for nano33ble" in found.reason and "small_model.c" in found.reason
    assert (found.compiler, found.object_bytes) == ("", None)


def test_an_archive_without_the_header_has_failed(built: Built, result: Result) -> None:
    given = changed(built, lambda files: files.pop("small/src/small.h"))
    found = check(built, result, given, board("nano33ble"))
    assert (found.status, found.reason) == ("failed", "the archive lacks small.h")


@pytest.mark.parametrize(
    ("name", "absent", "said"),
    [
        ("nano33ble", (), ""),
        ("nano33ble", ("arm-none-eabi-gcc",), "missing: arm-none-eabi-gcc (`tinypack doctor --board nano33ble --fix`"),
        ("nano33ble", ("C library of arm-none-eabi-gcc",), "missing: C library of arm-none-eabi-gcc "),
        ("esp32-s3-devkitc-1", (), "a real board: nothing emulates it, and no compiler is known for its core lx7"),
    ],
)
def test_what_is_missing(name: str, absent: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def tools(compiler: str, flags: list[str]) -> list[Tool]:
        return [
            Tool(tool.name, partial(lambda name: None if name in absent else "1.0", tool.name))
            for tool in compiler_tools(compiler, flags)
        ]

    monkeypatch.setattr(compiled, "compiler_tools", tools)
    found = compiled.missing(board(name))
    assert found.startswith(said) and bool(found) == bool(said)


def test_nothing_is_left_behind(built: Built, result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled.tempfile, "tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    given = changed(built, lambda files: files.update({MODEL: b"#error here\n"}))
    check(built, result, given, board("nano33ble"))
    assert list((tmp_path / "tmp").iterdir()) == []
