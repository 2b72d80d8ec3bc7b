"""A core folder of the tests' own, and the packages that several of them share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

import pytest

from tests.support.machine import own_core
from tests.support.models import model_bytes
from tests.support.packages import make_package
from tinypack.package import Built

#: A model's file name and the name of its package -> the build.
Package = Callable[[str, str], Built]


@pytest.fixture(scope="session", autouse=True)
def core_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing of an earlier run is found, and nothing is left behind."""
    with own_core(tmp_path_factory.mktemp("packages") / "core"):
        yield


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    """Build a real model under a name, in all formats, on first use."""
    folder = tmp_path_factory.mktemp("packages")

    @cache
    def made(model: str, name: str) -> Built:
        return make_package(folder / model, model_bytes(model), name)

    return made
