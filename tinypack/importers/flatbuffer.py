"""Read flatbuffers that nobody vouches for: every offset, size and count is checked before it is used.

Reading is lazy, so only what is asked for costs anything. A budget in proportion to the file bounds the sum of it:
many offsets to the same bytes would otherwise make gigabytes of a small file.

Source: FlatBuffers internals, "FlatBuffer Binary Format"
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct
from typing import NoReturn

from tinypack.errors import TinypackError

BOOL, I8, I32, I64 = Struct("<?"), Struct("<b"), Struct("<i"), Struct("<q")
U8, U16, U32, U64 = Struct("<B"), Struct("<H"), Struct("<I"), Struct("<Q")
F32 = Struct("<f")

#: Units of the budget: a number or a byte of a string is 1. An honest file spends less than its size.
#: MobileNetV1 0.25 spends 27,000; to spend the limit takes two seconds.
TABLE_UNITS = 4
BUDGET_FACTOR = 4
BUDGET_LIMIT = 1 << 20

RULE = "the file must be a well-formed flatbuffer"
HINT = "the file is damaged or cut off: export or download it again"


class Reader:
    """A flatbuffer and the budget for reading it."""

    def __init__(self, data: bytes, where: str) -> None:
        self.data = memoryview(data)
        self.where = where
        self.budget = self.left = min(BUDGET_FACTOR * len(data), BUDGET_LIMIT)

    def root(self, identifier: bytes) -> Table:
        """Give the root table.

        Raises: TinypackError (bad-model) if the identifier is another
        """
        if bytes(self.data[4:8]) != identifier:
            rule = f"bytes 4 to 7 must be the identifier {identifier.decode()}"
            found = f"{bytes(self.data[4:8])!r}" if self.data else "an empty file"
            raise TinypackError.one("bad-model", self.where, rule, found, "is it a .tflite file?")
        return Table(self, self.follow(0))

    def fail(self, found: str) -> NoReturn:
        raise TinypackError.one("bad-model", self.where, RULE, found, HINT)

    def spend(self, units: int) -> None:
        self.left -= units
        if self.left < 0:
            self.fail(f"more than {self.budget} numbers and letters: too many, or the same ones over and over")

    def number(self, kind: Struct, position: int) -> int | float:
        if position < 0 or position + kind.size > len(self.data):
            self.fail(f"byte {position} of {len(self.data)} is needed")
        value: int | float = kind.unpack_from(self.data, position)[0]
        return value

    def integer(self, kind: Struct, position: int) -> int:
        return int(self.number(kind, position))

    def follow(self, position: int) -> int:
        """Give the target of the offset at a position."""
        offset = self.integer(U32, position)
        if offset < U32.size or offset > len(self.data) - position:
            self.fail(f"the offset at byte {position} is {offset}")
        return position + offset

    def vector(self, position: int, size: int) -> tuple[int, int]:
        """Give start and count of a vector whose elements have `size` bytes."""
        count = self.integer(U32, position)
        start = position + U32.size
        if count > (len(self.data) - start) // size:
            self.fail(f"the vector at byte {position} has {count} elements of {size} bytes")
        return start, count


class Table:
    """A table; its fields are named by their slot, the field id in the schema."""

    def __init__(self, reader: Reader, position: int) -> None:
        reader.spend(TABLE_UNITS)
        self._reader = reader
        self._position = position
        self._vtable = position - reader.integer(I32, position)
        self._vtable_size = reader.integer(U16, self._vtable)
        self._size = reader.integer(U16, self._vtable + U16.size)
        end = self._vtable + self._vtable_size
        if self._vtable_size < 4 or self._vtable_size % 2 or end > len(reader.data):
            reader.fail(f"the vtable at byte {self._vtable} has {self._vtable_size} bytes")
        if self._size < 4 or position + self._size > len(reader.data):
            reader.fail(f"the table at byte {position} has {self._size} bytes")

    def integer(self, slot: int, kind: Struct, default: int = 0) -> int:
        position = self._field(slot, kind.size)
        return default if position is None else self._reader.integer(kind, position)

    def real(self, slot: int, default: float = 0.0) -> float:
        position = self._field(slot, F32.size)
        return default if position is None else self._reader.number(F32, position)

    def table(self, slot: int) -> Table | None:
        position = self._field(slot, U32.size)
        return None if position is None else Table(self._reader, self._reader.follow(position))

    def tables(self, slot: int) -> Tables:
        return Tables(self._reader, *self._vector(slot, U32.size))

    def integers(self, slot: int, kind: Struct) -> tuple[int, ...]:
        return tuple(int(value) for value in self._numbers(slot, kind))

    def reals(self, slot: int) -> tuple[float, ...]:
        return tuple(self._numbers(slot, F32))

    def data(self, slot: int) -> memoryview:
        """Give a vector of bytes as a view of the file, which costs nothing."""
        start, count = self._vector(slot, 1)
        return self._reader.data[start : start + count]

    def string(self, slot: int) -> str:
        """Give a string; bytes that are not UTF-8 become U+FFFD."""
        view = self.data(slot)
        self._reader.spend(len(view))
        return bytes(view).decode("utf-8", errors="replace")

    def position(self, slot: int) -> int | None:
        """Say where the offset of a vector, string or table lies in the file; None if the field is absent."""
        return self._field(slot, U32.size)

    def _numbers(self, slot: int, kind: Struct) -> tuple[int | float, ...]:
        start, count = self._vector(slot, kind.size)
        self._reader.spend(count)
        view = self._reader.data[start : start + count * kind.size]
        return tuple(value for (value,) in kind.iter_unpack(view))

    def _vector(self, slot: int, size: int) -> tuple[int, int]:
        position = self._field(slot, U32.size)
        return (0, 0) if position is None else self._reader.vector(self._reader.follow(position), size)

    def _field(self, slot: int, size: int) -> int | None:
        entry = 4 + 2 * slot
        if entry + U16.size > self._vtable_size:
            return None
        offset = self._reader.integer(U16, self._vtable + entry)
        if offset == 0:
            return None
        if offset < 4 or offset + size > self._size:
            self._reader.fail(f"field {slot} of the table at byte {self._position} lies at {offset} of {self._size}")
        return self._position + offset


class Tables:
    """A vector of tables, each read when it is asked for."""

    def __init__(self, reader: Reader, start: int, count: int) -> None:
        self._reader = reader
        self._start = start
        self._count = count

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Table]:
        return (self[index] for index in range(self._count))

    def __getitem__(self, index: int) -> Table:
        """Give a table; the index must be within the vector."""
        return Table(self._reader, self._reader.follow(self._start + index * U32.size))


#: A table without fields: every read of it gives the default.
EMPTY = Table(Reader(Struct("<HHi").pack(4, 4, 4), "the empty table"), 4)
