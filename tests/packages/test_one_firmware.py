"""Three packages in one firmware: two models, one of them under two names."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.packages.conftest import Package
from tests.support.machine import need, need_board
from tests.support.packages import archive, call, unpack
from tests.support.sketchbook import TARGETS, make_sketchbook, verdicts_in
from tinypack.boards import load_boards
from tinypack.output import write_tree
from tinypack.package import Built
from tinypack.verify.core_dir import EMULATOR, pio
from tinypack.verify.firmware import run_firmware

pytestmark = pytest.mark.tools

#: Package -> its model, and the format that its archive comes in.
PACKAGES = {
    "sine": ("hello_world_int8", "arduino"),
    "other-sine": ("hello_world_int8", "platformio"),
    "speech": ("micro_speech_quantized", "arduino"),
}
EMULATED = [known.platformio.board for known in load_boards().values() if known.emulated]
ALL_PASS = ["PASS"] * len(PACKAGES)


@pytest.fixture
def built(package: Package) -> dict[str, Built]:
    return {name: package(model, name) for name, (model, _) in PACKAGES.items()}


def calls(built: dict[str, Built]) -> tuple[str, str, str]:
    """Give the includes, the states and the sum of what the self-tests return."""
    prefixes = [b.content.names.prefix for b in built.values()]
    includes = "".join(f'#include <{p}.h>\n#include "{p}_selftest.h"\n' for p in prefixes)
    states = "".join(f"static {p}_t {p};\n" for p in prefixes)
    return includes, states, " + ".join(f"{p}_selftest(&{p}, put, get)" for p in prefixes)


def sketch(built: dict[str, Built]) -> dict[str, bytes]:
    """Give the files of a sketch that runs all self-tests; it ends with the number of wrong vectors."""
    includes, states, sum_ = calls(built)
    text = (
        f"#include <stdlib.h>\n{includes}{states}"
        "static void put(const char *line) { Serial.println(line); }\nstatic int get(void) { return -1; }\n"
        f"void setup() {{\n  Serial.begin(115200);\n  const int wrong = {sum_};\n  Serial.flush();\n"
        "  exit(wrong);\n}\nvoid loop() {}\n"
    )
    headers = {name: data for each in built.values() for name, data in each.content.selftest.items()}
    return {"three.ino": text.encode()} | {name: header.encode() for name, header in headers.items()}


@pytest.mark.parametrize("name", EMULATED)
def test_one_sketch(name: str, built: dict[str, Built], tmp_path: Path) -> None:
    need_board(name)
    write_tree(tmp_path / "src", sketch(built))
    deps = "".join(f"\n  file://{archive(built[package], format)}" for package, (_, format) in PACKAGES.items())
    common = f"[env]\nplatform = symlink://{EMULATOR}\nframework = arduino\nlib_deps ={deps}\n"
    (tmp_path / "platformio.ini").write_text(f"{common}[env:{name}]\nboard = {name}\n")
    done = pio(["run", "--silent", "-d", tmp_path], time_limit=200)
    assert done.ok, done.text + done.error_text
    ran, _ = run_firmware(name, tmp_path / ".pio" / "build" / name / "firmware.elf", b"", 60, count=False)
    assert (ran.code, verdicts_in(ran.text)) == (0, ALL_PASS), ran.text + ran.error_text


@pytest.mark.parametrize("target", [*EMULATED, "mega"])
def test_one_sketch_of_arduino_cli(target: str, built: dict[str, Built], tmp_path: Path) -> None:
    book = make_sketchbook(tmp_path, TARGETS[target])
    for each in built.values():
        book.install(archive(each, "arduino"))
    write_tree(tmp_path / "three", sketch(built))
    assert book.run(TARGETS[target], tmp_path / "three", verdicts=len(PACKAGES)) == ALL_PASS


def test_one_c_program(built: dict[str, Built], tmp_path: Path) -> None:
    need("gcc", "nm")
    includes, states, sum_ = calls(built)
    (tmp_path / "main.c").write_text(
        f"#include <stdio.h>\n{includes}{states}"
        "static void put(const char *line) { puts(line); }\nstatic int get(void) { return -1; }\n"
        f"int main(void) {{ return {sum_}; }}\n"
    )
    homes = [unpack(each, "cmake", tmp_path) for each in built.values()]
    paths = [f"-I{home / part}" for home in homes for part in ("src", "test")]
    sources = [source for home in homes for source in sorted(home.glob("src/*/*.c"))]
    call("gcc", "-std=c99", "-Wall", "-Wextra", "-Werror", "-O1", *paths, "-c", *sources, "main.c", cwd=tmp_path)
    objects = [tmp_path / f"{source.stem}.o" for source in sources]
    call("gcc", *objects, "main.o", "-o", "three", cwd=tmp_path)
    assert verdicts_in(call(tmp_path / "three")) == ALL_PASS

    by_package = [
        (each.content.names.prefix, external([tmp_path / f"{source.stem}.o" for source in home.glob("src/*/*.c")]))
        for each, home in zip(built.values(), homes, strict=True)
    ]
    symbols = [symbol for _, found in by_package for symbol in found]
    assert len(symbols) == len(set(symbols)) > len(PACKAGES)
    # Each name has its package's prefix, so that a fourth package can't clash either.
    assert [symbol for prefix, found in by_package for symbol in found if not symbol.startswith(f"{prefix}_")] == []


def external(objects: list[Path]) -> list[str]:
    """List the symbols that objects define for others."""
    return [line.split()[-1] for line in call("nm", "-g", "--defined-only", *objects).splitlines() if " " in line]
