"""Registries that tests may change: copies of ones that are made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.registry import Published, empty_registry, published_registry


@pytest.fixture(scope="session")
def _private(tmp_path_factory: pytest.TempPathFactory) -> Published:
    return published_registry(tmp_path_factory.mktemp("private"))


@pytest.fixture(scope="session")
def _public(tmp_path_factory: pytest.TempPathFactory) -> Published:
    return empty_registry(tmp_path_factory.mktemp("public"), "public")


@pytest.fixture
def private(_private: Published, tmp_path: Path) -> Published:
    """A private registry with door-guard 1.0.0."""
    return _private.copy(tmp_path / "private")


@pytest.fixture
def empty_public(_public: Published, tmp_path: Path) -> Published:
    """A public registry with nothing in it."""
    return _public.copy(tmp_path / "public")
