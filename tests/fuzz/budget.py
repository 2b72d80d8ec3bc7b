"""How long fuzzing lasts, and what becomes of a finding."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

SECONDS = float(os.environ.get("TINYPACK_FUZZ_SECONDS", "10"))  # for each subject
SEED = os.environ.get("TINYPACK_FUZZ_SEED", "1")
FINDINGS = Path(os.environ.get("TINYPACK_FUZZ_FINDINGS", "fuzz-findings"))
SLOW = 2.0  # seconds of one mutant


def fuzz(subject: str, mutate: Callable[[random.Random], bytes], take: Callable[[bytes], str]) -> Counter[str]:
    """Take mutants until the time is over; keep the first that is not taken well, and fail.

    Units: SECONDS of wall clock; SLOW in CPU time, because others may share the machine
    """
    outcomes: Counter[str] = Counter()
    end, i = time.monotonic() + SECONDS, 0
    while time.monotonic() < end:
        recipe = f"{SEED}/{subject}/{i}"
        mutant, start = mutate(random.Random(recipe)), time.process_time()
        try:
            outcomes[take(mutant)] += 1
            seconds = time.process_time() - start
            assert seconds < SLOW, f"{seconds:.1f} s"
        except Exception as error:
            kept = FINDINGS / recipe.replace("/", "-")
            FINDINGS.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(mutant)
            pytest.fail(f"mutant {recipe}, kept as {kept}: {type(error).__name__}: {error}")
        i += 1
    assert len(outcomes) >= 2, f"the damage is of no use: {outcomes}"
    return outcomes
