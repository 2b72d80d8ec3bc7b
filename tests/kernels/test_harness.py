"""The harness itself finds faults of one bit, writes beyond the arena and crashes; and C++11 takes all of the C."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.kernels import test_add_sub_mul, test_concatenation, test_lookup, test_pad, test_quantize
from tests.kernels.harness import Case, compile_case, differences, identity
from tests.kernels.targets import TARGETS, WARNINGS
from tests.support.machine import need
from tinypack.compile.emit import emit_package

#: A case for each kernel.
CASES: dict[str, Case] = {
    "add_s8": test_add_sub_mul.CASES["ADD"][0],
    "mul_s8": test_add_sub_mul.CASES["MUL"][0],
    "lookup_8": test_lookup.CASES[0],
    "quantize_f32_s8": test_quantize.CASES[0],
    "dequantize_s8_f32": next(case for case in test_quantize.CASES if case.name.startswith("DEQUANTIZE")),
    "pad_s8": test_pad.CASES[0],
    "concatenation_s8": test_concatenation.CASES[0],
}
EMULATED = TARGETS[1]
#: The one assignment of an output element: an integer with its cast, or any other expression.
ASSIGNMENT = re.compile(r"^( +(?:\*output\+\+|(?:output|row|to)\[i\]) = )(\(int8_t\))?(.*);$", re.MULTILINE)


@pytest.mark.parametrize("kernel", CASES)
def test_every_fault_is_found(kernel: str, tmp_path: Path) -> None:
    def off_by_one(name: str, text: str) -> str:
        if name != f"tp_{kernel}.c":
            return text
        faulty, count = ASSIGNMENT.subn(lambda m: f"{m[1]}{m[2] or ''}(({m[3]}) + 1);", text)
        assert count == 1, f"{name} writes output elements in {count} places"
        return faulty

    assert differences([CASES[kernel]], tmp_path, off_by_one)


@pytest.mark.parametrize("element", [-1, 256])
def test_writes_beyond_the_arena_are_found(element: int, tmp_path: Path) -> None:
    def beyond(name: str, text: str) -> str:
        return text.replace("to[i] = ", f"to[i + ({element})] = ") if name == "tp_lookup_8.c" else text

    with pytest.raises(AssertionError, match="wrote beyond the arena"):
        differences([CASES["lookup_8"]], tmp_path, beyond, EMULATED)


def test_a_crash_names_its_case(tmp_path: Path) -> None:
    def crash(name: str, text: str) -> str:
        return text.replace("to[i] = ", "to[i + 0x70000000] = ") if name == "tp_lookup_8.c" else text

    with pytest.raises(AssertionError, match=r"LOGISTIC .*: exit code 70\ncrash: pc=0x"):
        differences([CASES["lookup_8"]], tmp_path, crash, EMULATED)


@pytest.mark.parametrize("kernel", CASES)
def test_c_plus_plus(kernel: str, tmp_path: Path) -> None:
    need("g++")
    compiled = compile_case(CASES[kernel], "kws")
    files = emit_package(compiled.program, compiled.names, identity(kernel))
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    sources = [name for name in files if name.endswith(".c")]
    argv = ["g++", "-std=c++11", "-x", "c++", "-fsyntax-only", *WARNINGS, *sources]
    subprocess.run(argv, cwd=tmp_path, check=True, timeout=60)
