"""Runs a test that asks for `target` on this computer and on a Cortex-M4; as slow tests, on the other targets."""

from __future__ import annotations

import pytest

from tests.kernels.targets import TARGETS, Target

QUICK = ("native", "cortex-m4")


def _param(target: Target) -> object:
    return pytest.param(target, id=target.name, marks=() if target.name in QUICK else pytest.mark.slow)


@pytest.fixture(params=[_param(target) for target in TARGETS])
def target(request: pytest.FixtureRequest) -> Target:
    chosen: Target = request.param
    return chosen
