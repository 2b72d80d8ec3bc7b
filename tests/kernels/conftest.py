"""Runs a test that asks for `target` on each of them."""

from __future__ import annotations

import pytest

from tests.kernels.targets import TARGETS, Target


@pytest.fixture(params=[pytest.param(t, id=t.name, marks=[pytest.mark.slow] * t.slow) for t in TARGETS])
def target(request: pytest.FixtureRequest) -> Target:
    chosen: Target = request.param
    return chosen
