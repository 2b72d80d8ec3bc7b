"""How often a package is right on a test set: its own C runs on this machine, the same for projects and archives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from tinypack.emulator.builder.recording import FLOAT32, PIXELS
from tinypack.features import EXTRACTORS
from tinypack.features.extractor import FeatureOptions
from tinypack.importers import feature_file
from tinypack.names import c_names
from tinypack.registry.versions.examples import Examples, Recordings, Vectors, bad_test_set
from tinypack.registry.versions.facts import Facts
from tinypack.registry.versions.harness import answers, built
from tinypack.registry.versions.sources import Opened
from tinypack.replay.samples import RATE_TOLERANCE, TYPES, load_recordings

FLOAT, SAMPLE, PIXEL = "float", "int16_t", "uint8_t"
CTYPES = {"int8": "int8_t", "uint8": "uint8_t", "int16": "int16_t", "int32": "int32_t", "float32": FLOAT}
SOUND = "microphone"


@dataclass(frozen=True)
class Accuracy:
    right: int
    count: int

    def __str__(self) -> str:
        return f"{100 * self.right / self.count:.1f} % ({self.right:,} of {self.count:,})"

    def to_json(self) -> dict[str, Any]:
        return {"right": self.right, "count": self.count, "accuracy": round(self.right / self.count, 6)}


def measure(package: Opened, examples: Examples) -> Accuracy:
    """Count how often a package gives what a test set says.

    Raises: TinypackError (bad-input, bad-recording, missing-tool, build-failed, run-failed)
    """
    count: Callable[[Opened, Any], Iterator[bool]] = _vectors if isinstance(examples, Vectors) else _recordings
    right = list(count(package, examples))
    return Accuracy(sum(right), len(right))


def _vectors(package: Opened, examples: Vectors) -> Iterator[bool]:
    """Give each input to the model; the answer is the first output's largest element."""
    facts, where = package.facts, examples.path
    if len(facts.record.inputs) != 1 or len(facts.record.outputs) != 1:
        rule, found = "the model has one input and one output", f"{facts.name} {facts.version} has more"
        raise bad_test_set(where, rule, found)
    port, given = facts.record.inputs[0], examples.inputs
    elements = int(np.prod(port.shape))
    if given[0].size != elements:
        rule = f"an example has as many numbers as the input of {facts.name} {facts.version}: {elements}"
        raise bad_test_set(where, rule, str(given[0].size))
    real = given.dtype.kind == "f"
    if not real and str(given.dtype) != port.dtype:
        rule = f"x holds real numbers, or {port.dtype} as {facts.name} {facts.version} takes them"
        raise bad_test_set(where, rule, str(given.dtype))
    data = np.ascontiguousarray(given, np.float32 if real else given.dtype).tobytes()
    quantise = real and port.dtype != "float32"
    ctype = FLOAT if real else CTYPES.get(port.dtype, port.dtype)
    with built(facts.name, package.sources, "vectors", ctype, quantise) as program:
        lines = answers(program, facts.name, data).decode().splitlines()
    names = _classes(facts, examples)
    return (names(int(line)) == wanted for line, wanted in zip(lines, examples.classes.tolist(), strict=True))


def _classes(facts: Facts, examples: Vectors) -> Callable[[int], Any]:
    """Say how an output's index is written in the test set."""
    labels = facts.record.labels
    if examples.classes.dtype.kind != "U":
        return lambda index: index
    if not labels:
        rule = f"y holds indices where a package has no labels, as {facts.name} {facts.version}"
        raise bad_test_set(examples.path, rule, "text")
    return labels.__getitem__


def _recordings(package: Opened, examples: Recordings) -> Iterator[bool]:
    """Let a package hear each recording from its start; the answer is the first new label, else the last result's."""
    facts = package.facts
    lacking = _lacking(facts)
    if lacking:
        rule = 'recordings need a package with features, labels and a decision "classify"'
        raise bad_test_set(examples.path, rule, f"{facts.name} {facts.version} has no {lacking}")
    streaming = bool((facts.record.stream or {}).get("sample_rate"))
    given = list((_samples if streaming else _pictures)(facts, examples))
    for ctype in dict.fromkeys(example.ctype for example in given):
        template = "samples" if streaming else "pictures"
        with built(facts.name, package.sources, template, ctype, ctype == FLOAT) as program:
            for example in given:
                if example.ctype == ctype:
                    yield _answer(answers(program, facts.name, example.data)) == example.label


def _answer(output: bytes) -> str:
    rows = [line.partition(" ") for line in output.decode(errors="replace").splitlines()]
    new = next((label for is_new, _, label in rows if is_new == "1"), None)
    return new if new is not None else rows[-1][2] if rows else ""


def _lacking(facts: Facts) -> str:
    if facts.record.features is None:  # records of an older tinypack don't say what samples are
        return "[features] in its record"
    result = f"{c_names(facts.name).prefix}_result_t"
    return next((name for name in ("label", "is_new") if f"{result}.{name}" not in (facts.api or {})), "")


@dataclass(frozen=True)
class _Example:
    """A recording as the program takes it: numbers of this type."""

    data: bytes
    ctype: str
    label: str


def _samples(facts: Facts, examples: Recordings) -> Iterator[_Example]:
    stream, sound = facts.record.stream or {}, _sensor(facts) == SOUND
    rate, channels = float(str(stream.get("sample_rate"))), stream.get("channels")
    for path, label in examples.files:
        recording = load_recordings([path], None)
        near = abs(recording.rate - rate) <= RATE_TOLERANCE * rate
        if recording.format == PIXELS or recording.channels != channels or not near:
            rule = f"a recording for {facts.name} {facts.version} has {channels} channels at {rate:g} Hz"
            raise bad_test_set(path, rule, f"{recording.channels} at {recording.rate:g} Hz")
        values = np.frombuffer(recording.data, TYPES.get(recording.format, "<i2"))
        if sound and recording.format != FLOAT32:
            yield _Example(values.astype(np.int16).tobytes(), SAMPLE, label)
        else:
            yield _Example(values.astype(np.float32).tobytes(), FLOAT, label)


def _pictures(facts: Facts, examples: Recordings) -> Iterator[_Example]:
    size = (facts.api or {}).get(f"{c_names(facts.name).macro}_IMAGE_BYTES")
    for path, label in examples.files:
        recording = load_recordings([path], None)
        if recording.format != PIXELS or str(len(recording.data)) != size:
            rule = f"a picture for {facts.name} {facts.version} has {size} bytes"
            raise bad_test_set(path, rule, f"{len(recording.data)}")
        yield _Example(recording.data, PIXEL, label)


def _sensor(facts: Facts) -> str:
    """Say where samples come from: sound is in samples already, readings of others are in real units."""
    features = facts.record.features or {}
    options: dict[str, type[FeatureOptions]] = {name: module.Options for name, module in EXTRACTORS.items()}
    options[feature_file.NAME] = feature_file.Options
    known = options.get(str(features.get("type")), FeatureOptions)
    return str(features.get("sensor") or known.SENSOR)
