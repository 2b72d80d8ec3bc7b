"""Every kernel is clean C99 and C++11, for all the cores that have a variant of their own, without optimisation too."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from tests.support.machine import need, need_extra
from tinypack.compile.emit import RUNTIME, kernel_sources

FOLDERS = ("kernels/portable", "features", "decisions")
KERNELS = [path.stem.removeprefix("tp_") for folder in FOLDERS for path in sorted((RUNTIME / folder).glob("*.c"))]
STRICT = ("-pedantic", "-Wall", "-Wextra", "-Werror", "-Wconversion", "-Wshadow")
LANGUAGES = {"C99": ("-x", "c", "-std=c99"), "C++11": ("-x", "c++", "-std=c++11")}

SINGLE, DOUBLE = ("-mfloat-abi=hard", "-mfpu=fpv5-sp-d16"), ("-mfloat-abi=hard", "-mfpu=fpv5-d16")
CORES = {
    "m0": ("-mcpu=cortex-m0",),
    "m0plus": ("-mcpu=cortex-m0plus",),
    "m3": ("-mcpu=cortex-m3",),
    "m4": ("-mcpu=cortex-m4", "-mfloat-abi=soft"),
    "m4f": ("-mcpu=cortex-m4", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16"),
    "m7": ("-mcpu=cortex-m7", *DOUBLE),
    "m23": ("-mcpu=cortex-m23",),
    "m33": ("-mcpu=cortex-m33", *SINGLE),
    "m33-nodsp": ("-mcpu=cortex-m33+nodsp",),
    "m55": ("-mcpu=cortex-m55", "-mfloat-abi=hard"),
    "m55-soft": ("-mcpu=cortex-m55", "-mfloat-abi=soft"),
    "m55-nomve": ("-mcpu=cortex-m55+nomve", "-mfloat-abi=hard"),
    # GCC 12 has no name for it.
    "m85": ("-march=armv8.1-m.main+mve.fp+fp.dp", "-mfloat-abi=hard"),
}
#: -O0 keeps a frame pointer: assembly has a register less. One register more may be a platform's own.
LEVELS = (("-O0",), ("-O0", "-ffixed-r9"), ("-O2",), ("-O3", "-flto"), ("-Os", "-fno-omit-frame-pointer"))
OTHERS = {
    "riscv64-unknown-elf-gcc": ("-march=rv32imc", "-mabi=ilp32", "--specs=picolibc.specs"),
    "xtensa-lx106-elf-gcc": ("-mlongcalls", "--specs=/usr/lib/xtensa-lx106-elf/picolibc.specs"),
    "avr-gcc": ("-mmcu=atmega2560",),
}


def compile_all(argv: Sequence[str], language: str, folder: Path, kernels: Sequence[str] = KERNELS) -> None:
    sources = kernel_sources(kernels)
    for name, text in sources.items():
        (folder / name).write_text(text)
    units = [name for name in sources if name.endswith(".c")]
    done = subprocess.run(
        [argv[0], *LANGUAGES[language], *STRICT, *argv[1:], "-c", *units],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


@cache
def library_headers() -> Path:
    """Find the C library's headers for Arm, which Clang does not know of."""
    argv = ["arm-none-eabi-gcc", "-M", "-x", "c", "-"]
    found = subprocess.run(argv, input="#include <string.h>\n", capture_output=True, text=True, check=True)
    (header,) = re.findall(r"\S+/string\.h", found.stdout)[:1]
    return Path(header).parent


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_this_computer(language: str, tmp_path: Path) -> None:
    need("gcc", "g++")
    compile_all(["g++" if language == "C++11" else "gcc", "-fsyntax-only"], language, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("core", CORES)
def test_gcc(core: str, tmp_path: Path) -> None:
    need("arm-none-eabi-gcc")
    for level in LEVELS:
        compile_all(["arm-none-eabi-gcc", "-mthumb", *CORES[core], *level], "C99", tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("core", ["m4f", "m33", "m55"])
def test_gcc_takes_it_for_c_plus_plus(core: str, tmp_path: Path) -> None:
    need("arm-none-eabi-gcc")
    compile_all(["arm-none-eabi-gcc", "-mthumb", *CORES[core], "-O2"], "C++11", tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("compiler", OTHERS)
def test_other_families(compiler: str, tmp_path: Path) -> None:
    need_extra(compiler)
    for level in ("-O0", "-Os"):
        compile_all([compiler, *OTHERS[compiler], level], "C99", tmp_path)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("clang") is None, reason="set-up brings no clang")
@pytest.mark.parametrize("core", CORES)
def test_clang(core: str, tmp_path: Path) -> None:
    need("arm-none-eabi-gcc")
    clang = ["clang", "--target=arm-none-eabi", "-mthumb", *CORES[core], "-isystem", str(library_headers())]
    for level in LEVELS:
        compile_all([*clang, *level], "C99", tmp_path)
