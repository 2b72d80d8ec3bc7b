from __future__ import annotations

import pytest

from tinypack.verify.complaint import LINES, build_error
from tinypack.verify.tools import Done

PIO = """\
.pio/libdeps/installed/a/src/a.c: In function 'main':
.pio/libdeps/installed/a/src/a.c:1:9: error: expected expression before ';' token
    1 | int x = ;
*** [.pio/build/installed/a.c.o] Error 1
========= [FAILED] Took 0.44 seconds =========
"""
GREETING = "Library Manager: Installing file:///a.zip\nUnpacking...\n"
OVERFLOW = """\
ld: firmware.elf section `.bss' will not fit in region `RAM'
ld: region `FLASH' overflowed by 12004 bytes
ld: region `RAM' overflowed by 2088 bytes
collect2: error: ld returned 1 exit status
*** [.pio/build/installed/firmware.elf] Error 1
ld: region `RAM' overflowed by 2096 bytes
collect2: error: ld returned 1 exit status
gmake: *** [Makefile:136: all] Error 2
"""
#: What was printed to stderr and stdout -> the error's code, and how the finding begins.
CASES = {
    "compiler": (PIO, GREETING, "build-failed", ".pio/libdeps/installed/a/src/a.c:1:9: error: expected"),
    "CMake": ("CMake Error at a/CMakeLists.txt:3 (x):\n", "-- Configuring\n", "build-failed", "CMake Error at"),
    "on stdout": ("a warning\n", f"{GREETING}Error: Unknown board\n", "build-failed", "Error: Unknown board"),
    "linker": ("In x:\na.c: undefined reference to `f'\n", "", "build-failed", "a.c: undefined reference"),
    "overflow": (OVERFLOW, GREETING, "does-not-fit", "it lacks 12,004 B of FLASH and 2,088 B of RAM"),
    "overflow too": (OVERFLOW + PIO, "", "build-failed", ".pio/libdeps/installed/a/src/a.c:1:9: error"),
    "no error named": ("b\n", "c\n", "build-failed", "b\nc"),
    "nothing": ("", "\n", "build-failed", "exit 2"),
}


@pytest.mark.parametrize("case", CASES)
def test_the_first_error_comes_first(case: str) -> None:
    stderr, stdout, code, begins = CASES[case]
    done = Done(("pio",), 2, stdout.encode(), stderr.encode(), 1.0, timed_out=False)
    (problem,) = build_error(done, "a.zip on native", "it must build").problems
    assert (problem.code, problem.where) == (code, "a.zip on native")
    assert problem.found.startswith(begins)
    assert len(problem.found.splitlines()) <= LINES


def test_what_follows_is_cut() -> None:
    done = Done(("cc",), 1, b"", b"a.c:1: error: x\n" * 100, 1.0, timed_out=False)
    assert build_error(done, "a", "b").problems[0].found.count("error: x") == LINES


def test_a_hang_is_named() -> None:
    done = Done(("cc",), -9, b"", b"", 600.2, timed_out=True)
    assert build_error(done, "a", "b").problems[0].found == "no end within 600 s"
