"""Random damage to real models: each mutant gives a Program or a TinypackError, soon, and in little memory."""

from __future__ import annotations

import random
import struct
import time
from collections import Counter

import numpy as np
import pytest

from tests.support.models import model_bytes
from tinypack.compile import compile_graph
from tinypack.errors import TinypackError
from tinypack.importers.tflite import import_tflite

resource = pytest.importorskip("resource", reason="measures memory as POSIX systems do")

SECONDS = 1.0
MEGABYTES = 256
WORDS = (0, 1, 2, 3, 4, 0x7F, 0x80, 0xFF, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF, 0x7FC00000)

#: Model, seed, number of mutants.
FAST = [("hello_world_int8", 1, 150), ("micro_speech_quantized", 2, 80), ("kws_ref_model", 3, 70)]
SLOW = [("hello_world_int8", 11, 4000), ("micro_speech_quantized", 12, 2000), ("kws_ref_model", 13, 2000),
        ("pretrainedResnet_quant", 14, 1000), ("vww_96_int8", 15, 500), ("person_detect", 16, 500)]  # fmt: skip


def structure(data: bytes) -> list[int]:
    """Positions of all bytes that are not constants: damage to weights is another model, not a damaged one."""
    base = _address(np.frombuffer(data, np.uint8))
    inside = np.zeros(len(data), bool)
    for tensor in import_tflite(data, "sound").tensors.values():
        if tensor.data is not None:
            start = _address(tensor.data) - base
            inside[start : start + tensor.nbytes] = True
    return [int(position) for position in np.flatnonzero(~inside)]


def _address(array: np.ndarray) -> int:
    return int(array.__array_interface__["data"][0])


def mutant(data: bytes, positions: list[int], rng: random.Random) -> bytes:
    """Change one to four places: a bit, a byte, a word, or a word taken from elsewhere."""
    broken = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        at = min(rng.choice(positions), len(data) - 4)
        word = rng.choice(
            (
                struct.unpack_from("<I", broken, at)[0] ^ (1 << rng.randrange(8)),
                struct.unpack_from("<I", broken, at)[0] & ~0xFF | rng.randrange(256),
                rng.choice(WORDS),
                struct.unpack_from("<I", broken, min(rng.choice(positions), len(data) - 4))[0],
            )
        )
        struct.pack_into("<I", broken, at, word)
    return bytes(broken[: rng.randrange(len(broken))] if rng.random() < 0.02 else broken)


def outcome(data: bytes) -> str:
    try:
        graph = import_tflite(data, "mutant")
    except TinypackError as error:
        assert str(error)
        return "refused by the importer"
    try:
        compile_graph(graph)
    except TinypackError as error:
        assert str(error)
        return "refused by the compiler"
    return "compiled"


def run(name: str, seed: int, count: int) -> None:
    data = model_bytes(name)
    positions, rng = structure(data), random.Random(seed)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    outcomes: Counter[str] = Counter()
    for i in range(count):
        broken = mutant(data, positions, rng)
        start = time.process_time()
        try:
            outcomes[outcome(broken)] += 1
        except Exception as error:
            pytest.fail(f"mutant {i} of {name} (seed {seed}): {type(error).__name__}: {error}")
        seconds = time.process_time() - start
        assert seconds < SECONDS, f"mutant {i} of {name} (seed {seed}) took {seconds:.1f} s"
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert grown < MEGABYTES, f"{grown:.0f} MB more than before"
    assert len(outcomes) >= 2, f"the damage is of no use: {outcomes}"


@pytest.mark.parametrize(("name", "seed", "count"), FAST)
def test_mutants(name: str, seed: int, count: int) -> None:
    run(name, seed, count)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "seed", "count"), SLOW)
def test_many_mutants(name: str, seed: int, count: int) -> None:
    run(name, seed, count)
