"""Random damage to real models: each mutant gives a Program or a TinypackError, soon, and in little memory.

`make fuzz` goes on for as long as one likes; what it finds becomes a case of test_models.py or of the other tables.
"""

from __future__ import annotations

import random
import time
from collections import Counter

import pytest

from tests.support.models import INT8_MODELS
from tests.support.mutants import MUTATIONS, outcome

resource = pytest.importorskip("resource", reason="measures memory as POSIX systems do")

SECONDS = 1.0
MEGABYTES = 256

#: Kind of damage -> number of mutants of the small models, and of those above 100 KB.
COUNTS = {"bytes": (120, 40), "fields": (60, 40)}
LARGE = ("ad01_int8", "person_detect", "vww_96_int8")


@pytest.mark.parametrize("kind", MUTATIONS)
@pytest.mark.parametrize("name", INT8_MODELS)
def test_mutants(name: str, kind: str) -> None:
    outcomes: Counter[str] = Counter()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for i in range(COUNTS[kind][name in LARGE]):
        recipe = f"{name}/{kind}/{i}"
        broken = MUTATIONS[kind](name, random.Random(recipe))
        start = time.process_time()
        try:
            outcomes[outcome(broken)] += 1
        except Exception as error:
            pytest.fail(f"mutant {recipe}: {type(error).__name__}: {error}")
        seconds = time.process_time() - start
        assert seconds < SECONDS, f"mutant {recipe} took {seconds:.1f} s"
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert grown < MEGABYTES, f"{grown:.0f} MB more than before"
    assert len(outcomes) >= 2, f"the damage is of no use: {outcomes}"
