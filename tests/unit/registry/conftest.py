from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.trust import Site


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A private registry with one package."""
    made = Site(tmp_path)
    made.publish()
    return made


@pytest.fixture
def public(tmp_path: Path) -> Site:
    """A public registry with one package, which Ada owns."""
    made = Site(tmp_path / "public", "public")
    made.publish()
    return made
