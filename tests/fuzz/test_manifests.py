"""tinypack.toml, damaged: a Manifest or a TinypackError, and what is a Manifest can be packed."""

from __future__ import annotations

import random
import re
from pathlib import Path

import numpy as np
import pytest

from tests.fuzz.budget import fuzz
from tests.support.content import make_content
from tinypack.errors import TinypackError
from tinypack.features.model_input import model_chain
from tinypack.formats import FORMATS, package_files
from tinypack.manifest import load_project
from tinypack.streams import front_end

pytestmark = pytest.mark.slow

MOST_SAMPLES = 10_000  # of a frame that is computed here

SOUND = """\
[package]
name = "kws-ref"
version = "1.2.3-rc.1"
description = "Wake word: \\"marvin\\"."
license = "MIT OR Apache-2.0"
authors = ["Zoë <zoe@example.org>", 'Ada']
repository = "https://example.org/kws.git"
keywords = ["audio", "c++"]

[model]
file = "kws.tflite"
labels = ["left", "right", '''up''']
engine = "aot"

[build]
formats = ["arduino", "zephyr"]
boards = ["native"]
"""
#: What may stand after an equals sign, in TOML.
VALUES = (
    *("1", "-0", "0x7f", "9" * 40, "1.5", "inf", "nan", "true", "1979-05-27T07:32:00Z", "[]", "{}", '""'),
    *('"\\u0000"', '"\\U0010FFFF"', '"\\uD800"', "[[[[[[]]]]]]", '{a = "b"}', '["a", 1]', '"""\na\n"""', "'\t'"),
    *('"../up"', '"con"', '"a\\nb"', '"1.0"', '"<a> & \\"b\\" %s {{c}}"', '"*/ #"', '"- [ ] : #"', '"𝕏 é ß"'),
    *('["]]>", "&amp;"]', '["Ada", "ada"]', '["a" , "b c.d"]', '["<a@b>"]', '[" "]', '" "', '"\\\\"'),
    *("'$(x) `y` ${z}'", "[" * 300, '"' + "x" * 500 + '"'),
)  # fmt: skip
PIECES = ("\0", '"', "'", '"""', "\\", "[", "]", "{", "=", "#", "\r", "\n", "\ufeff", "é", "\u2028", "[package]\n", ".")


#: Sections that take samples, with keys enough to meet each rule.
STREAMS = {
    "mfcc": """\
[features]
type = "mfcc"
sample_rate = 16000
frame_length = "32 ms"
hop = 320
fft_length = 512
pre_emphasis = 0.97
window = "hamming"
low_edge = 20
high_edge = 7600.0
filters = 26
coefficients = 13
log = "db"
noise_floor = -52
lifter = 22
cmvn = 50
mean = [1.5]
std = [0.25]
frames = 49
[decision]
type = "classify"
every = "200 ms"
smoothing = 3
threshold = { left = 0.5 }
refractory = "1 s"
""",
    "spectral": """\
[features]
type = "spectral"
preset = "edge-impulse"
sample_rate = 200.0
channels = 3
window = "1 s"
hop = 50
unit = 0.001
filter = "low"
cutoff = 40
order = 4
fft = 64
overlap = 0.5
peaks = 3
[decision]
type = "anomaly"
threshold = 2.5
error = "mae"
votes = 2
vote_window = 3
""",
}


def damaged(rng: random.Random, sound: str = SOUND) -> bytes:
    """Change one to three things: a value, a line, a few characters, or bytes without regard to UTF-8."""
    data = sound.encode()
    for _ in range(rng.randint(1, 3)):
        data = rng.choice(CHANGES)(data, rng)
    return data


def other_value(data: bytes, rng: random.Random) -> bytes:
    lines = data.decode(errors="replace").split("\n")
    at = rng.randrange(len(lines))
    lines[at] = re.sub(r"=.*", lambda _: f"= {rng.choice(VALUES)}", lines[at])
    return "\n".join(lines).encode()


def other_lines(data: bytes, rng: random.Random) -> bytes:
    lines = data.split(b"\n")
    a, b = sorted(rng.randrange(len(lines) + 1) for _ in range(2))
    return b"\n".join(rng.choice((lines[:a] + lines[b:], lines[:b] + lines[a:], lines[b:] + lines[:b])))


def other_characters(data: bytes, rng: random.Random) -> bytes:
    text = data.decode(errors="replace")
    a, b = sorted(rng.randrange(len(text) + 1) for _ in range(2))
    return (text[:a] + rng.choice(PIECES) + text[rng.choice((a, min(a + 1, len(text)), b)) :]).encode()


def other_bytes(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]


CHANGES = (other_value, other_value, other_lines, other_characters, other_bytes)


def test_manifests(tmp_path: Path) -> None:
    path = tmp_path / "tinypack.toml"

    def take(data: bytes) -> str:
        path.write_bytes(data)
        try:
            manifest = load_project(tmp_path).manifest
        except TinypackError as error:
            assert all(str(path) in problem.where for problem in error.problems)
            return "refused"
        content = make_content(labels=(), **manifest.package.model_dump())
        for format in FORMATS.values():
            package_files(format, content)
        return "packed"

    fuzz("manifest", damaged, take)


@pytest.mark.parametrize("name", STREAMS)
def test_features(name: str, tmp_path: Path) -> None:
    """What is accepted can be computed."""
    path = tmp_path / "tinypack.toml"
    head = '[package]\nname = "kws"\n[model]\nfile = "a.tflite"\n'

    def take(data: bytes) -> str:
        path.write_bytes(data)
        try:
            options = load_project(tmp_path).manifest.features
            front = front_end(options, tmp_path) if options else None
        except TinypackError as error:
            assert all(str(tmp_path) in problem.where for problem in error.problems)
            return "refused"
        if options is None or front is None:
            return "without"
        chain = model_chain(front, options, 0.1, -3)
        if front.samples.length < MOST_SAMPLES:
            samples = np.zeros((1, 1, front.samples.length), front.samples.dtype)
            chain.apply({"samples": samples}, chain.start(1))
        return "computed"

    fuzz(f"features-{name}", lambda rng: damaged(rng, head + STREAMS[name]), take)
