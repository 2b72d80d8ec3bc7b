"""The C API as a header says it, also where the text means harm."""

from __future__ import annotations

import time

import pytest

from tests.support.content import make_content
from tests.unit.registry.versions.packages import HEADER
from tinypack.errors import TinypackError
from tinypack.registry.versions.facts import header_path
from tinypack.registry.versions.header import MOST_BYTES, read_api


def test_all_that_a_header_offers_is_listed() -> None:
    assert read_api("kws", HEADER.encode()) == {
        "KWS_VERSION": "",
        "KWS_ARENA_BYTES": "",
        "KWS_INPUT_LEN": "490",
        "KWS_OK": "0",
        "kws_result_t.index": "int32_t",
        "kws_result_t.label": "const char *",
        "kws_result_t.values": "float[3]",
        "kws_init()": "int (kws_t *)",
        "kws_output()": "const int8_t * (const kws_t *)",
        "Kws::begin()": "int ()",
        "Kws::output()": "const int8_t * () const",
    }


@pytest.mark.parametrize("ports", [1, 2])
def test_what_the_compiler_emits_is_read(ports: int) -> None:
    """Every call of the C part has its method in the class, so both are read to the end."""
    content = make_content("kws-ref", ports=ports)
    api = read_api("kws-ref", content.sources["kws_ref.h"].encode())
    ends = ("",) if ports == 1 else ("_0", "_1")
    for end in ends:
        assert api[f"KWS_REF_INPUT{end}_LEN"] == "6"
        assert api[f"kws_ref_output{end}()"] == "const int8_t * (const kws_ref_t *)"
        assert api[f"Kws_Ref::quantize{end}()"] == "static int8_t (float)"
    functions = {name.removeprefix("kws_ref_") for name in api if name.startswith("kws_ref_")}
    methods = {name.removeprefix("Kws_Ref::") for name in api if name.startswith("Kws_Ref::")}
    assert functions - methods == {"init()", "trace()", "strerror()"} and methods - functions == {"begin()", "state()"}


HOSTILE = [
    b"/*" * (MOST_BYTES // 2),
    b"*" * MOST_BYTES,
    b" " * MOST_BYTES,
    b"a " * (MOST_BYTES // 2),
    b"typedef struct {" * (MOST_BYTES // 16),
    b"struct kws " * (MOST_BYTES // 11),
    b"class Kws {" * (MOST_BYTES // 11),
    b"int kws_a(" * (MOST_BYTES // 10),
    (b"x *" * 130 + b";") * (MOST_BYTES // 391),
    (b"int kws_a(int" + b" " * 380 + b"*;") * (MOST_BYTES // 395),
    b"#define KWS_OK" + b" " * (MOST_BYTES - 20) + b"\n",
    b"#define KWS_" * (MOST_BYTES // 12),
    b"\\\n" * (MOST_BYTES // 2),
    bytes(range(256)) * (MOST_BYTES // 256),
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_takes_little_time(text: bytes) -> None:
    start = time.process_time()
    read_api("kws", text)
    assert time.process_time() - start < 2


def test_a_header_that_is_too_long_is_refused() -> None:
    with pytest.raises(TinypackError, match="up to 1048576 bytes"):
        read_api("kws", b" " * (MOST_BYTES + 1))


def test_the_header_nearest_to_the_root_is_the_public_one() -> None:
    files = {"kws/src/kws/kws.h": b"", "kws/src/kws.h": b"", "kws/src/kws_more.h": b""}
    assert header_path("kws", files) == "kws/src/kws.h"
    with pytest.raises(TinypackError, match=r"it must hold kws\.h"):
        header_path("kws", {"kws/other.h": b""})
