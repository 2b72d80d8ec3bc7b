"""A made-up registry of three versions that count and one that is yanked."""

from __future__ import annotations

import pytest

from tests.support.registry_packages import MadeUp

URL = "https://served.example.org/exports"


@pytest.fixture
def registry() -> MadeUp:
    made = MadeUp()
    made.add(version="1.0.0")
    made.add(version="1.1.0", unverified=True)
    made.add(version="1.0.1", yanked="wrong labels")
    made.add(name="other", version="0.1.0-rc.1")
    return made
