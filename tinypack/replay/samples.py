"""Recordings as a stream takes them, as the stand-ins of sensors and the sketch make them on a board."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import numpy as np

from tinypack.compile.stream import Stream
from tinypack.emulator.builder.recording import FLOAT32, PIXELS, BadRecording, Recording, read_recordings
from tinypack.errors import TinypackError
from tinypack.features.extractor import Sensor
from tinypack.features.pipeline import as_samples

TYPES = {FLOAT32: "<f4", PIXELS: "u1"}
RATE_TOLERANCE = 0.01  # clocks of sensors differ as much


@dataclass(frozen=True)
class Part:
    """One of the files that follow each other."""

    name: str
    start: int  # samples before it, or pictures


def load_recordings(paths: Sequence[Path], rate: float | None) -> Recording:
    """Read recordings that follow each other.

    Units: rate in Hz, for files that don't state theirs
    Raises: TinypackError (bad-recording)
    """
    try:
        return read_recordings(paths, rate)
    except BadRecording as error:
        path, _, found = str(error).partition(": ")
        rule = "a recording must be WAV (8 or 16 bits), CSV, BMP, PGM or PPM, and all of one kind"
        raise TinypackError.one("bad-recording", path, rule, found) from None


def parts_of(paths: Sequence[Path], rate: float | None) -> tuple[Part, ...]:
    """Say where each of the files begins.

    Raises: TinypackError (bad-recording)
    """
    counts = [load_recordings([path], rate).frames for path in paths]
    starts = accumulate(counts[:-1], initial=0)
    return tuple(Part(path.name, start) for path, start in zip(paths, starts, strict=True))


def samples_of(recording: Recording, stream: Stream, sensor: Sensor, where: str) -> np.ndarray:
    """Give a recording as a stream's samples: a microphone's as they are, readings rounded to a sample's steps.

    Shapes: [n, channels] int16, or images [count, bytes] uint8
    Raises: TinypackError (bad-recording) if rate, channels or size are not the stream's, or it gives no result
    """
    front = stream.front
    values = np.frombuffer(recording.data, TYPES.get(recording.format, "<i2"))
    if not stream.streaming:
        size = recording.width * recording.height * recording.channels
        if recording.format != PIXELS or size != front.samples.length:
            rule = f"pictures must have the {front.samples.length} bytes that the package takes"
            found = f"{recording.width} x {recording.height}, {recording.channels} bytes a pixel"
            raise TinypackError.one("bad-recording", where, rule, found, "convert them, or use another picture")
        return values.reshape(-1, size)
    rule = f"a recording must have {front.channels} channel{'s' * (front.channels > 1)} at {front.rate:g} Hz"
    found = f"{recording.channels} at {recording.rate:g} Hz" if recording.format != PIXELS else "pictures"
    near = abs(recording.rate - front.rate) <= RATE_TOLERANCE * front.rate
    if recording.format == PIXELS or recording.channels != front.channels or not near:
        raise TinypackError.one("bad-recording", where, rule, found, "convert it, for example with sox or ffmpeg")
    raw = sensor == "microphone" and recording.format != FLOAT32
    readings = values if raw else as_samples(front, values.astype(np.float32))
    samples = readings.reshape(-1, front.channels)
    least = stream.need + (stream.frames - 1) * front.hop
    if len(samples) < least:
        rule = f"recordings must be as long as what the model sees at once: {least / front.rate:g} s"
        raise TinypackError.one("bad-recording", where, rule, f"{len(samples) / front.rate:g} s")
    return samples
