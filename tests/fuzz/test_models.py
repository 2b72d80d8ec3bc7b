"""Real models, damaged, through importer, compiler and emission."""

from __future__ import annotations

import pytest

from tests.fuzz.budget import fuzz
from tests.support.models import INT8_MODELS, OTHER_MODELS
from tests.support.mutants import MUTATIONS, outcome

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("kind", MUTATIONS)
@pytest.mark.parametrize("name", [*INT8_MODELS, *OTHER_MODELS])
def test_models(name: str, kind: str) -> None:
    fuzz(f"{name}/{kind}", lambda rng: MUTATIONS[kind](name, rng), outcome)
