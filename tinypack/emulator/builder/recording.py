"""Recordings as the stand-ins of sensors read them: a header and frames.

WAV of 8 or 16 bits; CSV with a row a sample and a column a channel; BMP of 8 or 24 bits, PGM and PPM, a picture each.
A CSV's rate is stated by a line `# rate: 100`, by a first column `time`, `t`, `time_s` (seconds), `time_ms` or `ms`, or
from outside. Its columns are integers of 16 bits, or all of them real numbers.
"""

from __future__ import annotations

import csv
import re
import struct
import wave
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

MAGIC = b"\x89TPREC1\n"
HEADER = "<8sBBHIIHH"
INT16, FLOAT32, PIXELS = 1, 2, 4
TIME_COLUMNS = {"time": 1.0, "t": 1.0, "time_s": 1.0, "s": 1.0, "time_ms": 1e-3, "ms": 1e-3}
BYTES = {INT16: 2, FLOAT32: 4, PIXELS: 1}
PICTURES_A_SECOND = 1.0
RATE = r"#\s*rate:\s*(\d+\.?\d*|\.\d+)(?![\d.]).*"
LARGEST = 3.4e38  # of float32


class BadRecording(ValueError):
    """A file can't be replayed; the text says why."""


@dataclass(frozen=True)
class Recording:
    """Frames of samples, channels interleaved, or pictures.

    Units: rate in Hz; data little-endian
    """

    format: int
    channels: int  # of a picture: bytes of a pixel
    rate: float
    data: bytes
    width: int = 1
    height: int = 1

    @property
    def frames(self) -> int:
        return len(self.data) // (BYTES[self.format] * self.channels * self.width * self.height)


def read_recordings(paths: Sequence[Path], rate: float | None = None) -> Recording:
    """Read files that follow each other without a gap.

    Units: rate in Hz, for files that don't state theirs
    Raises: BadRecording if one can't be read, or they differ in rate, channels or size
    """
    parts = [_read(path, rate) for path in paths]
    if any(part.format == FLOAT32 for part in parts):
        parts = [_real(part) for part in parts]
    first = parts[0]
    for path, part in zip(paths, parts, strict=True):
        for name in ("format", "rate", "channels", "width", "height"):
            if getattr(part, name) != getattr(first, name):
                ours, theirs = getattr(part, name), getattr(first, name)
                raise BadRecording(f"{path}: {name} {ours} differs from {theirs} of {paths[0]}")
    return replace(first, data=b"".join(part.data for part in parts))


def stream(recording: Recording, waits: bool) -> bytes:
    """Write what the program reads from its standard input."""
    r = recording
    header = (MAGIC, r.format, waits, r.channels, round(r.rate * 1000), r.frames, r.width, r.height)
    return struct.pack(HEADER, *header) + r.data


def serial(recording: Recording) -> bytes:
    """Write it for sketches that have no sensor: a sample a row of text, and pictures as they are."""
    if recording.format == PIXELS:
        return recording.data
    values = [repr(value) for value in _values(recording)]
    n = recording.channels
    return "".join(",".join(values[i : i + n]) + "\n" for i in range(0, len(values), n)).encode()


def _read(path: Path, rate: float | None) -> Recording:
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise BadRecording(f"{path}: a recording is one of {', '.join(READERS)}")
    try:
        recording = reader(path, rate)
    except (OSError, wave.Error, EOFError, struct.error, UnicodeDecodeError, csv.Error) as error:
        raise BadRecording(f"{path}: {str(error) or 'the file ends too early'}") from error
    if recording.frames == 0:
        raise BadRecording(f"{path}: it holds no samples")
    if not 0.001 <= recording.rate <= 1_000_000:
        raise BadRecording(f"{path}: a rate of {recording.rate:g} Hz is not between 0.001 and 1,000,000")
    return recording


def _wav(path: Path, rate: float | None) -> Recording:
    with wave.open(str(path)) as file:
        channels, width, hertz, frames, *_ = file.getparams()
        data = file.readframes(frames)
    if width not in (1, 2):
        raise BadRecording(f"{path}: samples have {8 * width} bits, but must have 8 or 16")
    if len(data) != frames * channels * width:
        raise BadRecording(f"{path}: truncated: {len(data) // (channels * width)} of {frames} samples are there")
    if rate is not None and rate != hertz:
        raise BadRecording(f"{path}: its rate is {hertz} Hz, not {rate:g} Hz: resample it")
    if width == 1:  # 128 is silence
        data = b"".join(struct.pack("<h", (byte - 128) << 8) for byte in data)
    return Recording(INT16, channels, float(hertz), data)


def _csv(path: Path, rate: float | None) -> Recording:
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    stated = next((m[1] for line in lines if (m := re.fullmatch(RATE, line.strip()))), None)
    table = [(number, row) for number, row in _table(lines) if not row[0].startswith("#")]
    if not table:
        raise BadRecording(f"{path}: it holds no samples")
    names = [name.strip().lower() for name in table[0][1]]
    if not all(map(_is_number, names)):
        del table[0]
    for number, row in table:
        if len(row) != len(names) or not all(map(_is_number, row)):
            raise BadRecording(f"{path}:{number}: a row must be {len(names)} numbers")
    times: list[float] = []
    if names[0] in TIME_COLUMNS:
        times = [float(row.pop(0)) * TIME_COLUMNS[names[0]] for _, row in table]
    found = float(stated) if stated else rate if rate is not None else _rate(times)
    if found is None:
        raise BadRecording(f"{path}: its rate is not known: state it by --rate, or by a line `# rate: 100`")
    if not table or not table[0][1]:
        raise BadRecording(f"{path}: it holds no samples")
    cells = [cell.strip() for _, row in table for cell in row]
    if all(re.fullmatch(r"[+-]?\d+", cell) and -32768 <= int(cell) <= 32767 for cell in cells):
        return Recording(INT16, len(table[0][1]), found, struct.pack(f"<{len(cells)}h", *map(int, cells)))
    return Recording(FLOAT32, len(table[0][1]), found, struct.pack(f"<{len(cells)}f", *map(float, cells)))


def _table(lines: list[str]) -> list[tuple[int, list[str]]]:
    """Give the rows that hold anything, each with the number of its line."""
    separator = next((mark for mark in ";\t" if any(mark in line for line in lines if line[:1] != "#")), ",")
    return [(i, row) for i, line in enumerate(lines, 1) for row in csv.reader([line], delimiter=separator) if row]


def _is_number(cell: str) -> bool:
    try:
        return abs(float(cell)) <= LARGEST
    except ValueError:
        return False


def _rate(times: list[float]) -> float | None:
    """Give the mean rate, in mHz, as clocks of loggers jitter."""
    if len(times) < 2 or times[-1] <= times[0]:
        return None
    return round((len(times) - 1) / (times[-1] - times[0]), 3)


def _bmp(path: Path, rate: float | None) -> Recording:
    """Source: Microsoft, "Bitmap Storage"; grey or a palette of greys in 8 bits, colours in 24"""
    data = path.read_bytes()
    magic, offset, size, width, height = struct.unpack_from("<2s8xIIii", data)
    bits, packed = struct.unpack_from("<HI", data, 28)
    if magic != b"BM" or bits not in (8, 24) or packed:
        raise BadRecording(f"{path}: not a BMP of 8 or 24 bits without compression")
    channels, stride = bits // 8, (width * bits // 8 + 3) // 4 * 4
    if width <= 0 or len(data) < offset + stride * abs(height):
        raise BadRecording(f"{path}: truncated")
    lines = [data[offset + y * stride :][: width * channels] for y in range(abs(height))]
    if height > 0:
        lines.reverse()  # the first row is the lowest
    pixels = b"".join(lines)
    if channels == 3:
        pixels = bytes(chain.from_iterable(zip(pixels[2::3], pixels[1::3], pixels[::3], strict=True)))
        return _picture(width, abs(height), 3, pixels, rate)
    palette = data[14 + size : offset]
    if len(palette) < 4 * max(pixels, default=0) + 4:
        raise BadRecording(f"{path}: its palette ends too early")
    if any(palette[4 * p] != palette[4 * p + 1] or palette[4 * p] != palette[4 * p + 2] for p in set(pixels)):
        colours = bytes(chain.from_iterable(palette[4 * p : 4 * p + 3][::-1] for p in pixels))
        return _picture(width, abs(height), 3, colours, rate)
    return _picture(width, abs(height), 1, bytes(palette[4 * p] for p in pixels), rate)


def _netpbm(path: Path, rate: float | None) -> Recording:
    data = path.read_bytes()
    head = re.match(rb"P([56])\s(?:\s*#.*\n)*\s*(\d{1,5})\s+(\d{1,5})\s+255\s", data)
    if head is None:
        raise BadRecording(f"{path}: not a binary PGM or PPM of 8 bits")
    channels, width, height = 1 if head[1] == b"5" else 3, int(head[2]), int(head[3])
    pixels = data[head.end() :][: width * height * channels]
    if len(pixels) != width * height * channels:
        raise BadRecording(f"{path}: truncated")
    return _picture(width, height, channels, pixels, rate)


def _picture(width: int, height: int, channels: int, pixels: bytes, rate: float | None) -> Recording:
    return Recording(PIXELS, channels, rate or PICTURES_A_SECOND, pixels, width, height)


def _values(recording: Recording) -> Sequence[float]:
    kind = "h" if recording.format == INT16 else "f"
    return struct.unpack(f"<{len(recording.data) // BYTES[recording.format]}{kind}", recording.data)


def _real(recording: Recording) -> Recording:
    if recording.format != INT16:
        return recording
    values = _values(recording)
    return replace(recording, format=FLOAT32, data=struct.pack(f"<{len(values)}f", *values))


#: End of a file's name -> how it is read
READERS: dict[str, Callable[[Path, float | None], Recording]] = {
    ".wav": _wav,
    ".csv": _csv,
    ".bmp": _bmp,
    ".pgm": _netpbm,
    ".ppm": _netpbm,
}
