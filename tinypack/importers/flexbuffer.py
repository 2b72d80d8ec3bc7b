"""Read the options of custom operators: a flexbuffer that nobody vouches for, whose root is a map of whole numbers.

Source: FlatBuffers, "FlexBuffers" (schema-less format): the root stands at the end, and all offsets point back
"""

from __future__ import annotations

from struct import Struct

INT, UINT, MAP, BOOL = 1, 2, 9, 26  # types; others hold no whole number
SIGNED = {1: Struct("<b"), 2: Struct("<h"), 4: Struct("<i"), 8: Struct("<q")}
UNSIGNED = {1: Struct("<B"), 2: Struct("<H"), 4: Struct("<I"), 8: Struct("<Q")}
FORMATS = {INT: SIGNED, UINT: UNSIGNED, BOOL: UNSIGNED}
MOST_KEYS, LONGEST_KEY = 64, 64


def read_numbers(data: memoryview) -> dict[str, int]:
    """Give a map's numbers by their keys; no bytes are an empty map.

    Raises: ValueError with what is wrong
    """
    if not len(data):
        return {}
    width = _number(data, len(data) - 1, UNSIGNED[1])
    kind = _number(data, len(data) - 2, UNSIGNED[1])
    if kind >> 2 != MAP:
        raise ValueError(f"the root is of type {kind >> 2}, not a map")
    values = _back(data, len(data) - 2 - width, width)
    width = 1 << (kind & 3)
    count = _number(data, values - width, UNSIGNED[width])
    if count > MOST_KEYS:
        raise ValueError(f"{count} keys, more than {MOST_KEYS}")
    keys, keys_width = _back(data, values - 3 * width, width), _number(data, values - 2 * width, UNSIGNED[width])
    found = {}
    for i in range(count):
        key = _key(data, _back(data, keys + i * keys_width, keys_width))
        kind = _number(data, values + count * width + i, UNSIGNED[1]) >> 2
        if kind not in FORMATS:
            raise ValueError(f"{key} is of type {kind}, not a whole number")
        found[key] = _number(data, values + i * width, FORMATS[kind][width])
    return found


def _number(data: memoryview, position: int, form: Struct) -> int:
    if not 0 <= position <= len(data) - form.size:
        raise ValueError(f"byte {position} of {len(data)} is needed")
    return int(form.unpack_from(data, position)[0])


def _back(data: memoryview, position: int, width: int) -> int:
    """Give the target of an offset."""
    if width not in UNSIGNED:
        raise ValueError(f"a number of {width} bytes")
    return position - _number(data, position, UNSIGNED[width])


def _key(data: memoryview, position: int) -> str:
    if not 0 <= position < len(data):
        raise ValueError(f"byte {position} of {len(data)} is needed")
    text, end, _ = bytes(data[position : position + LONGEST_KEY + 1]).partition(b"\0")
    if not end:
        raise ValueError(f"a key without an end within {LONGEST_KEY} bytes")
    return text.decode("ascii", errors="replace")
