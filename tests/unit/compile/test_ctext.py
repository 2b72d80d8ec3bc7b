from __future__ import annotations

import re
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.machine import need
from tinypack.compile import ctext

#: Names as a hostile model or manifest might have them.
HOSTILE = (
    "plain",
    "",
    "*/ int x; /*",
    "*\\",
    "\\*",
    "/\\*/",
    "ends in a backslash\\",
    "??/",
    "*??/",
    "????//",
    "what??!",
    "/",
    "*",
    "/*/",
    "**//",
    "a\nb\r\tc\0d",
    'say "hi"',
    "%s%n",
    "naïve/名前/😀",
    "\u202e\u2028",
    "\x7f",
    "'",
    "// comment",
    "\\u0041",
    "ends in a digit\u00e91",
    "tp_x TP_Y",
)


@given(st.text() | st.text("*/\\? "))
def test_no_text_leaves_a_comment(text: str) -> None:
    clean = ctext.comment(text)
    assert re.fullmatch(r"[ -~]*", clean)
    for way_out in ("*/", "/*", "\\", "??"):
        assert way_out not in clean


@pytest.mark.parametrize(
    ("text", "expected"),
    [("plain_1/name;2", "plain_1/name;2"), ("é", "?"), ("a*/b", "a* /b"), ("a/*b", "a/ *b"), ("a\\b", "a/b")],
)
def test_comments_keep_what_they_can(text: str, expected: str) -> None:
    assert ctext.comment(text) == expected


@pytest.mark.parametrize("standard", ["c99", "gnu99", "c++11"])
def test_the_compiler_reads_back_what_was_written(standard: str, tmp_path: Path) -> None:
    need("g++")
    lines = ["#include <stdio.h>", "int main(void) {"]
    for text in HOSTILE:
        lines.append(f"  /* {ctext.comment(text)}\n   * {ctext.comment(text)} */")
        lines.append(f"  fwrite({ctext.string(text)}, 1, sizeof({ctext.string(text)}), stdout);")
    source = tmp_path / ("a.cpp" if "+" in standard else "a.c")
    source.write_text("\n".join([*lines, "  return 0;", "}", ""]))
    compiler = "g++" if "+" in standard else "gcc"
    flags = (f"-std={standard}", "-Wall", "-Wextra", "-Werror")
    subprocess.run([compiler, *flags, str(source), "-o", str(tmp_path / "a")], check=True, timeout=60)
    printed = subprocess.run([str(tmp_path / "a")], capture_output=True, check=True, timeout=10).stdout
    assert printed == b"".join(text.encode() + b"\0" for text in HOSTILE)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (-1, "-1"),
        (2**31 - 1, "2147483647"),
        (-(2**31), "(-2147483647 - 1)"),
        (-(2**31) + 1, "-2147483647"),
        (0.0, "0.0f"),
        (-0.0, "-0.0f"),
        (1.0, "1.0f"),
        (0.1, "0.1f"),
        (1e-5, "1e-05f"),
        (1e20, "1e+20f"),
        (float(np.float32(1e-45)), "1e-45f"),
        (float(np.finfo(np.float32).max), "3.4028235e+38f"),
        (np.float32(0.25), "0.25f"),
        (np.float64(0.25), "0.25f"),
        (np.int32(-7), "-7"),
    ],
)
def test_numbers(value: float, text: str) -> None:
    assert ctext.number(value) == text


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_floats_are_exact(value: float) -> None:
    text = ctext.number(value)
    assert re.fullmatch(r"-?\d+(\.\d+)?(e[+-]\d+)?f", text) and ("." in text or "e" in text)
    assert np.float32(text[:-1]).tobytes() == np.float32(value).tobytes()


@given(st.integers(-(2**31), 2**31 - 1))
def test_integers_fit_an_int(value: int) -> None:
    text = ctext.number(value)
    assert eval(text) == value
    assert all(int(digits) < 2**31 for digits in re.findall(r"\d+", text))


@pytest.mark.parametrize(
    ("ctype", "values", "text"),
    [
        ("int8_t", np.array([[1, -128], [127, 0]], np.int8), "static const int8_t t[4] = {\n  1, -128, 127, 0\n};"),
        ("int32_t", np.array([-(2**31)], np.int32), "static const int32_t t[1] = {\n  (-2147483647 - 1)\n};"),
        ("float", np.array([0.5], np.float32), "static const float t[1] = {\n  0.5f\n};"),
        (
            "uint8_t",
            np.arange(25),
            "static const uint8_t t[25] = {\n  " + ", ".join(map(str, range(24))) + ",\n  24\n};",
        ),
    ],
)
def test_arrays(ctype: str, values: np.ndarray, text: str) -> None:
    assert ctext.array(ctype, "t", values) == text


def test_shapes() -> None:
    assert [ctext.shape(dims) for dims in ((), (1,), (1, 2))] == ["[]", "[1]", "[1,2]"]
