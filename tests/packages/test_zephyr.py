"""The Zephyr module's C with the flags that Zephyr uses, and nothing of a C library but what the compiler asks for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.packages.conftest import Package
from tests.support.machine import need
from tests.support.models import INT8_MODELS
from tests.support.packages import call, unpack

pytestmark = pytest.mark.tools

COMPILERS = {"gcc": (), "arm-none-eabi-gcc": ("-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=soft")}
FLAGS = ("-ffreestanding", "-std=c99", "-Wall", "-Wextra", "-Werror", "-Os", "-ffunction-sections", "-fno-pie")
#: What GCC may call in freestanding programs too, and Zephyr's own print function.
REST = """\
#include <stddef.h>
void *memcpy(void *to, const void *from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *to, int value, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void printk(const char *form, ...);
void *memcpy(void *to, const void *from, size_t n) { (void)from; (void)n; return to; }
void *memmove(void *to, const void *from, size_t n) { (void)from; (void)n; return to; }
void *memset(void *to, int value, size_t n) { (void)value; (void)n; return to; }
int memcmp(const void *a, const void *b, size_t n) { return a == b && n == 0; }
void printk(const char *form, ...) { (void)form; }
"""


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("model", INT8_MODELS)
def test_links_without_a_library(model: str, compiler: str, package: Package, tmp_path: Path) -> None:
    need(compiler)
    home = unpack(package(model, "whole"), "zephyr", tmp_path)
    stub = tmp_path / "include" / "zephyr" / "sys"
    stub.mkdir(parents=True)
    (stub / "printk.h").write_text("void printk(const char *form, ...);\n")
    (tmp_path / "rest.c").write_text(REST)
    sources = [*sorted(home.glob("src/*/*.c")), home / "samples" / "selftest" / "src" / "main.c", tmp_path / "rest.c"]
    paths = [f"-I{home / 'src'}", f"-I{tmp_path / 'include'}"]
    only = ("-nostdlib", "-no-pie", "-Wl,-e,main", "-Wl,--fatal-warnings")
    # The linker names what is missing: libm, stdio, the heap.
    call(compiler, *COMPILERS[compiler], *FLAGS, *paths, *sources, *only, "-lgcc", "-o", "out.elf", cwd=tmp_path)
