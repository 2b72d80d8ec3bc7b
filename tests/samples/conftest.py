"""A core folder of the tests' own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.machine import own_core


@pytest.fixture(scope="session", autouse=True)
def core_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing of an earlier run is found, and nothing is left behind."""
    with own_core(tmp_path_factory.mktemp("samples") / "core"):
        yield
