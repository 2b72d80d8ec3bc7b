"""Compression whose bytes are the same wherever it runs, which no installed zlib promises.

Huffman codes alone, without matches: they bring the text of weight tables to two fifths, and are a page of integer
arithmetic. What comes out is plain deflate, for every unpacker.
Source: RFC 1951
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from functools import lru_cache
from operator import itemgetter

import numpy as np

BLOCK_BYTES = 0xFFFF  # the most that a stored block can hold; each block has codes of its own
LONGEST = 15  # bits of a code
END_OF_BLOCK = 256
LAST = b"\x01\x00\x00\xff\xff"  # an empty stored block, marked as the last

#: Of a dynamic block: no length codes and one distance code; the code lengths 0 to 15 have codes of four bits each,
#: in the order of RFC 1951, 3.2.7, where 16 to 18 come first.
HEADER = ((0, 1), (2, 2), (0, 5), (0, 5), (15, 4), (0, 3), (0, 3), (0, 3), *[(4, 3)] * 16)
ONE_DISTANCE_CODE = 1  # of one bit, never used


def deflate(*pieces: bytes) -> bytes:
    """Compress pieces to one stream. A piece that comes again, in whichever archive, is not compressed again."""
    return b"".join(_compressed(piece) for piece in pieces) + LAST


@lru_cache(maxsize=256)
def _compressed(piece: bytes) -> bytes:
    blocks = (piece[i : i + BLOCK_BYTES] for i in range(0, len(piece), BLOCK_BYTES))
    return b"".join(min(_coded(block), _stored(block), key=len) for block in blocks)


def _stored(block: bytes) -> bytes:
    return struct.pack("<BHH", 0, len(block), len(block) ^ 0xFFFF) + block


def _coded(block: bytes) -> bytes:
    """Write a dynamic block, and an empty stored block after it, which ends on a whole byte."""
    data = np.append(np.frombuffer(block, np.uint8), np.uint16(END_OF_BLOCK))
    lengths = code_lengths(np.bincount(data, minlength=END_OF_BLOCK + 1).tolist())
    header = [*HEADER, *((_reversed(length, 4), 4) for length in (*lengths, ONE_DISTANCE_CODE))]
    codes = np.array(_codes(lengths), np.uint16)
    numbers = np.concatenate((np.array([n for n, _ in header], np.uint16), codes[data], np.zeros(1, np.uint16)))
    widths = np.concatenate((np.array([w for _, w in header]), np.array(lengths)[data], np.array([3])))
    return _packed(numbers, widths) + b"\x00\x00\xff\xff"


def code_lengths(counts: Sequence[int]) -> list[int]:
    """Give each symbol that occurs a code length up to LONGEST, so that the sum of all codes is shortest.

    Source: Larmore and Hirschberg, "A fast algorithm for optimal length-limited Huffman codes" (package-merge)
    """
    leaves: list[tuple[int, list[int]]] = sorted((n, [symbol]) for symbol, n in enumerate(counts) if n)
    packages: list[tuple[int, list[int]]] = []
    for _ in range(LONGEST):
        row = sorted(leaves + packages, key=itemgetter(0))
        packages = [(a[0] + b[0], a[1] + b[1]) for a, b in zip(row[::2], row[1::2], strict=False)]
    lengths = [0] * len(counts)
    for _, symbols in packages[: len(leaves) - 1]:
        for symbol in symbols:
            lengths[symbol] += 1
    return lengths


def _codes(lengths: Sequence[int]) -> list[int]:
    """Number the codes as deflate does, first bit lowest: by length, then by symbol."""
    codes = [0] * len(lengths)
    code = width = 0
    for length, symbol in sorted((length, symbol) for symbol, length in enumerate(lengths) if length):
        code <<= length - width
        width = length
        codes[symbol] = _reversed(code, length)
        code += 1
    return codes


def _reversed(number: int, width: int) -> int:
    return int(f"{number:0{width}b}"[::-1], 2)


def _packed(numbers: np.ndarray, widths: np.ndarray) -> bytes:
    """Lay numbers of given widths side by side, lowest bits first."""
    ends = np.cumsum(widths)
    starts = ends - widths
    bits = np.zeros(int(ends[-1]), np.uint8)
    for bit in range(int(widths.max())):
        wide = widths > bit
        bits[starts[wide] + bit] = numbers[wide] >> bit & 1
    return np.packbits(bits, bitorder="little").tobytes()
