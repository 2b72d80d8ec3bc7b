"""The C of every model's package under strict compilers of both languages, and its self-test under sanitizers."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.packages.conftest import Package
from tests.support.machine import need
from tests.support.models import INT8_MODELS
from tests.support.packages import call, unpack

pytestmark = pytest.mark.tools

NAME = "whole"  # the same as in other tests, which share the build
STRICT = ("-Wall", "-Wextra", "-Werror", "-Wconversion", "-pedantic")
LEVELS = ("-Os", "-O2", "-O3")
#: Compiler and the language that it takes the C for.
DIALECTS = {
    "C99": ("gcc", "-std=c99", "-x", "c"),
    "C++11": ("g++", "-std=c++11", "-x", "c++"),
}
COMPILERS = ("gcc", *filter(shutil.which, ["clang"]))
SANITIZERS = "-fsanitize=address,undefined -fno-sanitize-recover=all"


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("model", INT8_MODELS)
def test_compiles_without_a_warning(model: str, dialect: str, package: Package, tmp_path: Path) -> None:
    compiler, *language = DIALECTS[dialect]
    need(compiler)
    home = unpack(package(model, NAME), "cmake", tmp_path)
    sources = sorted(home.glob("src/*/*.c"))
    for level in LEVELS:
        call(compiler, *language, *STRICT, level, "-c", *sources, cwd=tmp_path)
    # The header needs no other before it, and takes a second inclusion.
    (tmp_path / "alone.c").write_text(f'#include "{NAME}.h"\n' * 2)
    call(compiler, *language, *STRICT, f"-I{home / 'src'}", "-c", "alone.c", cwd=tmp_path)


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("model", INT8_MODELS)
def test_self_test_under_sanitizers(model: str, compiler: str, package: Package, tmp_path: Path) -> None:
    need("cmake", "ctest", compiler)
    home, build = unpack(package(model, NAME), "cmake", tmp_path), tmp_path / "build"
    call("cmake", "-S", home, "-B", build, f"-DCMAKE_C_COMPILER={compiler}", f"-DCMAKE_C_FLAGS=-O1 {SANITIZERS}")
    call("cmake", "--build", build)
    assert "100% tests passed" in call("ctest", "--test-dir", build)
