from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.machine import need
from tinypack.names import FALLBACK, PATTERN, RESERVED_FILE, Names, c_names, name_from_file, name_problem, reserved

ARDUINO = Path(__file__).parents[2] / "tinypack" / "emulator"


@pytest.mark.parametrize("name", ["ab", "kws", "kws-ref", "a1", "x-2-y", "a" * 32, "mathematics", "my-string", "tpu"])
def test_good_names(name: str) -> None:
    assert name_problem(name) is None


#: Name, error code, and a word of the rule.
BAD: list[tuple[str, str, str]] = [
    ("", "bad-manifest", "2 to 32"),
    ("a", "bad-manifest", "2 to 32"),
    ("a" * 33, "bad-manifest", "2 to 32"),
    ("1kws", "bad-manifest", "starts with a letter"),
    ("-kws", "bad-manifest", "starts with a letter"),
    ("Kws", "bad-manifest", "a-z"),
    ("kws_ref", "bad-manifest", "a-z"),
    ("kws ref", "bad-manifest", "a-z"),
    ("kws\n", "bad-manifest", "a-z"),
    ("käse", "bad-manifest", "a-z"),
    ("kws\u0661", "bad-manifest", "a-z"),
    ("kws--ref", "bad-manifest", "two words"),
    ("kws-", "bad-manifest", "two words"),
    ("my-arduino-kws", "reserved-name", '"arduino"'),
    ("kwslibrary", "reserved-name", '"library"'),
    ("while", "reserved-name", "keyword"),
    ("co-await", "reserved-name", "keyword"),
    ("math", "reserved-name", "header of the C or C++"),
    ("string-view", "reserved-name", "header of the C or C++"),
    ("int8", "reserved-name", "`_t` at its end"),
    ("size-t", "reserved-name", "-t"),
    ("my-type-t", "reserved-name", "-t"),
    ("wire", "reserved-name", "Arduino core"),
    ("gpio", "reserved-name", "SDK"),
    ("tests", "reserved-name", "PlatformIO"),
    ("timeval", "reserved-name", "type, struct or macro"),
    ("linux", "reserved-name", "type, struct or macro"),
    ("byte", "reserved-name", "type, struct or macro"),
    ("tp", "reserved-name", "runtime"),
    ("tp-sensor", "reserved-name", "tp-"),
]


@pytest.mark.parametrize(("name", "code", "word"), BAD, ids=[repr(row[0]) for row in BAD])
def test_bad_names(name: str, code: str, word: str) -> None:
    found = name_problem(name)
    assert found is not None and found[0] == code and word in found[1]


def test_reserved_names_could_be_asked_for() -> None:
    """A row that no name can match is an error in the table; and a name stands under one reason only."""
    words = [w for line in RESERVED_FILE.read_text().splitlines() if not line.startswith("#") for w in line.split()]
    assert [word for word in words if not PATTERN.fullmatch(word)] == []
    assert len(reserved()) > 400 and all(reserved().values())


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("kws", Names("kws", "KWS", "Kws")),
        ("kws-ref", Names("kws_ref", "KWS_REF", "Kws_Ref")),
        ("a-1b-c", Names("a_1b_c", "A_1B_C", "A_1b_C")),
    ],
)
def test_c_names(name: str, names: Names) -> None:
    assert c_names(name) == names


valid_names = st.from_regex(PATTERN, fullmatch=True).filter(lambda name: name_problem(name) is None)


@given(valid_names, valid_names)
def test_names_never_differ_only_in_case(a: str, b: str) -> None:
    if a != b:
        for one, other in zip(vars(c_names(a)).values(), vars(c_names(b)).values(), strict=True):
            assert one.lower() != other.lower()


@given(valid_names)
def test_headers_and_classes_differ_in_more_than_case_or_are_one_word(name: str) -> None:
    names = c_names(name)
    assert names.cls.lower() == names.prefix and names.macro == names.prefix.upper()
    assert re.fullmatch(r"[a-z][a-z0-9_]*", names.prefix) and "__" not in names.prefix


@pytest.mark.parametrize(
    ("stem", "name"),
    [
        ("kws_ref_model", "kws-ref-model"),
        ("KWS ref.v2", "kws-ref-v2"),
        ("__x__y__", "x-y"),
        ("123-model9", "model9"),
        ("", FALLBACK),
        ("a", "a-model"),
        ("42", FALLBACK),
        ("math", "math-model"),
        ("my_arduino", FALLBACK),
        ("model", "model"),
        ("名前", FALLBACK),
        ("a" * 40, "a" * 32),
        ("a" * 31 + "-b", "a" * 31),
        ("int8_t", "int8-t-model"),
        ("tp_net", FALLBACK),
    ],
)
def test_name_from_file(stem: str, name: str) -> None:
    assert name_from_file(stem) == name


@given(st.text() | st.sampled_from(sorted(reserved())) | st.text("abt-_.1"))
def test_name_from_file_is_always_valid(stem: str) -> None:
    assert name_problem(name_from_file(stem)) is None


POSIX = ("strings.h", "sys/time.h", "sys/types.h", "unistd.h")
STANDARD = tuple(
    f"{name}.h"
    for name in [
        "assert",
        "ctype",
        "errno",
        "fenv",
        "float",
        "inttypes",
        "iso646",
        "limits",
        "locale",
        "math",
        "setjmp",
        "signal",
        "stdarg",
        "stdbool",
        "stddef",
        "stdint",
        "stdio",
        "stdlib",
        "string",
        "time",
        "wchar",
        "wctype",
    ]
)
#: Compiler and flags, and the headers that a program may have read before a package's header.
COMPILERS: list[tuple[tuple[str, ...], tuple[str, ...]]] = [
    (("gcc", "-std=gnu99"), (*STANDARD, "complex.h", "tgmath.h", *POSIX)),
    (("arm-none-eabi-gcc", "-std=gnu99"), (*STANDARD, "complex.h", *POSIX)),
    (
        ("g++", "-x", "c++", "-std=gnu++11", f"-I{ARDUINO}/arduino", f"-I{ARDUINO}/include"),
        ("Arduino.h", *STANDARD, *POSIX),
    ),
]


@pytest.mark.parametrize(("compiler", "headers"), COMPILERS, ids=[row[0][0] for row in COMPILERS])
def test_no_name_of_a_header_is_free(compiler: tuple[str, ...], headers: tuple[str, ...]) -> None:
    """Declare what a package declares, under every name that occurs in the headers and is not reserved."""
    need(compiler[0])
    command = [compiler[0], *compiler[1:], *([] if "c++" in compiler else ["-x", "c"])]
    includes = "".join(f"#include <{header}>\n" for header in headers)
    read = subprocess.run(
        [*command, "-E", "-P", "-dD", "-"], input=includes, capture_output=True, text=True, check=True
    )
    words = {word.lower() for word in re.findall(r"\b[a-zA-Z]\w+", read.stdout)}
    stems = words | {word.removesuffix("_t") for word in words}
    names = [name for name in sorted(stem.replace("_", "-") for stem in stems) if name_problem(name) is None]
    assert len(names) > 500
    lines = [declarations(c_names(name), "c++" in compiler) for name in names]
    text = f'{includes}#line 1 "names"\n' + "\n".join(lines)
    flags = ("-fsyntax-only", "-fmax-errors=0", "-w", "-")
    done = subprocess.run([*command, *flags], input=text, capture_output=True, text=True, check=False)
    clashes = {names[int(line) - 1] for line in re.findall(r"^names:(\d+):\d+: error", done.stderr, re.MULTILINE)}
    assert clashes == set()


def declarations(names: Names, cpp: bool) -> str:
    p = names.prefix
    c = (
        f"struct {p} {{ int arena; }}; typedef struct {p} {p}_t; int {p}_init({p}_t *self);"
        f" signed char *{p}_input({p}_t *self); int {p}_invoke({p}_t *self); signed char {p}_quantize(float x);"
        f" int {p}_top(const {p}_t *self); const char *{p}_label(int i); const char *{p}_strerror(int rc);"
    )
    return c + (f" class {names.cls} {{ {p}_t state_; }};" if cpp else "")
