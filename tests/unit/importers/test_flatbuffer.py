"""The flatbuffer reader, over buffers that are written byte by byte."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import pytest

from tinypack.errors import TinypackError
from tinypack.importers.flatbuffer import BOOL, EMPTY, I8, I32, I64, U8, U32, Reader, Table

IDENTIFIER = b"TEST"


def buffer(fields: bytes, slots: list[int], tail: bytes = b"", **changes: int) -> bytes:
    """Write a root table: `slots` are field offsets from the table, `tail` follows the table."""
    vtable_size, table_size = changes.get("vtable_size", 4 + 2 * len(slots)), changes.get("table_size", 4 + len(fields))
    vtable = struct.pack("<HH", vtable_size, table_size) + struct.pack(f"<{len(slots)}H", *slots)
    table = struct.pack("<i", changes.get("soffset", len(vtable))) + fields
    head = struct.pack("<I", changes.get("root", 8 + len(vtable))) + IDENTIFIER
    return head + vtable + table + tail


def root(data: bytes) -> Table:
    return Reader(data, "x").root(IDENTIFIER)


def vector(elements: bytes, count: int) -> bytes:
    """A field that points just behind itself, to a vector."""
    return struct.pack("<II", 4, count) + elements


READS: list[tuple[str, bytes, Callable[[Table], Any], Any]] = [
    ("int8", buffer(b"\xfe", [4]), lambda t: t.integer(0, I8), -2),
    ("bool", buffer(b"\x02", [4]), lambda t: t.integer(0, BOOL), 1),
    ("unaligned int64", buffer(b"\x00" + struct.pack("<q", -5), [0, 5]), lambda t: t.integer(1, I64), -5),
    ("float", buffer(struct.pack("<f", 0.1), [4]), lambda t: t.real(0), struct.unpack("<f", struct.pack("<f", 0.1))[0]),
    ("absent by vtable", buffer(b"\x07", [4]), lambda t: t.integer(1, U8, 9), 9),
    ("absent by zero", buffer(b"\x07", [0, 4]), lambda t: t.integer(0, U8, 9), 9),
    ("absent vector", buffer(b"", []), lambda t: t.integers(0, I32), ()),
    ("absent string", buffer(b"", []), lambda t: t.string(0), ""),
    ("absent table", buffer(b"", []), lambda t: t.table(0), None),
    ("string", buffer(vector(b"abc\0", 3), [4]), lambda t: t.string(0), "abc"),
    ("no UTF-8", buffer(vector(b"a\xff\0", 2), [4]), lambda t: t.string(0), "a\ufffd"),
    ("integers", buffer(vector(struct.pack("<2i", 1, -1), 2), [4]), lambda t: t.integers(0, I32), (1, -1)),
    ("reals", buffer(vector(struct.pack("<2f", 1, -1), 2), [4]), lambda t: t.reals(0), (1.0, -1.0)),
    ("bytes", buffer(vector(b"\1\2", 2), [4]), lambda t: bytes(t.data(0)), b"\1\2"),
    ("the empty table", b"", lambda _: EMPTY.integer(3, I32, 7), 7),
]


@pytest.mark.parametrize(("data", "read", "expected"), [row[1:] for row in READS], ids=[row[0] for row in READS])
def test_reads(data: bytes, read: Callable[[Table], Any], expected: Any) -> None:
    assert read(root(data) if data else EMPTY) == expected


def test_tables_in_a_vector() -> None:
    inner = struct.pack("<HHHiB", 6, 5, 4, 6, 42)  # a vtable and a table of one byte
    data = buffer(struct.pack("<III", 4, 1, 4 + 6), [4], inner)
    tables = root(data).tables(0)
    assert len(tables) == 1
    assert [table.integer(0, U8) for table in tables] == [42]


DEFECTS: list[tuple[str, bytes, Callable[[Table], Any], str]] = [
    ("nothing", b"", lambda t: t, "an empty file"),
    ("another identifier", b"\0\0\0\0ABCD", lambda t: t, "b'ABCD'"),
    ("root beyond the end", buffer(b"", [], root=1000), lambda t: t, "the offset at byte 0 is 1000"),
    ("root at itself", buffer(b"", [], root=0), lambda t: t, "the offset at byte 0 is 0"),
    ("root at the end", buffer(b"", [], root=16), lambda t: t, "byte 16 of 16"),
    ("vtable before the file", buffer(b"", [], soffset=100), lambda t: t, "byte -88"),
    ("vtable behind the file", buffer(b"", [], soffset=-100), lambda t: t, "byte 112"),
    ("vtable too small", buffer(b"", [], vtable_size=2), lambda t: t, "has 2 bytes"),
    ("vtable odd", buffer(b"", [], vtable_size=5), lambda t: t, "has 5 bytes"),
    ("vtable too long", buffer(b"", [], vtable_size=400), lambda t: t, "has 400 bytes"),
    ("table too small", buffer(b"", [], table_size=3), lambda t: t, "has 3 bytes"),
    ("table too long", buffer(b"", [], table_size=5), lambda t: t, "has 5 bytes"),
    ("field outside its table", buffer(b"\0", [5]), lambda t: t.integer(0, U8), "lies at 5 of 5"),
    ("field in the table's head", buffer(b"\0", [3]), lambda t: t.integer(0, U8), "lies at 3 of 5"),
    ("field cut by the table's end", buffer(b"\0", [4]), lambda t: t.integer(0, U32), "lies at 4 of 5"),
    ("vector too long", buffer(vector(b"", 1), [4]), lambda t: t.integers(0, I32), "1 elements of 4 bytes"),
    ("vector of 2**32 - 1", buffer(vector(b"", 2**32 - 1), [4]), lambda t: t.data(0), "4294967295 elements"),
    ("string too long", buffer(vector(b"abc", 4), [4]), lambda t: t.string(0), "4 elements"),
    ("vector behind the file", buffer(b"\xff" * 4, [4]), lambda t: t.data(0), "is 4294967295"),
    ("floats that are cut", buffer(vector(b"\0" * 7, 2), [4]), lambda t: t.reals(0), "2 elements of 4 bytes"),
    ("table in a vector outside", buffer(vector(b"\xff" * 4, 1), [4]), lambda t: t.tables(0)[0], "is 4294967295"),
]


@pytest.mark.parametrize(("data", "read", "found"), [row[1:] for row in DEFECTS], ids=[row[0] for row in DEFECTS])
def test_refuses(data: bytes, read: Callable[[Table], Any], found: str) -> None:
    with pytest.raises(TinypackError) as caught:
        read(root(data))
    (problem,) = caught.value.problems
    assert problem.code == "bad-model"
    assert found in problem.found


REPETITIONS: list[tuple[str, Callable[[Table], Any]]] = [
    ("strings", lambda t: t.string(0)),
    ("numbers", lambda t: t.integers(0, U8)),
    ("tables", lambda t: t.table(1)),
]


@pytest.mark.parametrize("read", [row[1] for row in REPETITIONS], ids=[row[0] for row in REPETITIONS])
def test_budget_ends_repetition(read: Callable[[Table], Any]) -> None:
    letters = struct.pack("<I", 16) + b"a" * 16
    inner = struct.pack("<HHi", 4, 4, 4)
    data = buffer(struct.pack("<II", 8, 4 + len(letters) + 4), [4, 8], letters + inner)
    table = root(data)
    with pytest.raises(TinypackError, match="over and over"):
        for _ in range(len(data)):
            read(table)


def test_bytes_cost_nothing() -> None:
    table = root(buffer(vector(b"\0" * 100, 100), [4]))
    assert all(len(table.data(0)) == 100 for _ in range(1000))
