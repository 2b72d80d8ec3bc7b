"""Many publish at once, and die at any moment: nothing is lost, nothing is damaged, and doing it again finishes it."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest

from tests.support.registry import make_candidate
from tests.support.stores import bare_repository
from tests.support.writers import Place, publish_at_once, publish_killing
from tinypack.registry.publishing.candidate import Candidate

Made = Callable[[], Place]
LETTERS = "abdehkprst"  # no two of them look alike


@cache
def candidate(number: int) -> Candidate:
    return make_candidate(f"guard-{LETTERS[number // 10]}{LETTERS[number % 10]}")


def candidates(count: int) -> list[Candidate]:
    return [candidate(number) for number in range(count)]


@pytest.fixture(params=["folder", "git"])
def made(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Made:
    """Give a way to make empty registries."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    numbers = itertools.count()
    urls: dict[str, Callable[[Path], str]] = {"folder": str, "git": bare_repository}

    def make() -> Place:
        folder = tmp_path / f"place-{next(numbers)}"
        folder.mkdir()
        return Place.start(urls[request.param](folder / "registry"), folder / "keys")

    return make


def caches(folder: Path) -> Iterator[Path]:
    """Some publishers work on one machine, others on machines of their own."""
    return (folder / f"machine-{number if number % 4 else 0}" for number in itertools.count())


def expect(place: Place, published: Sequence[Candidate]) -> None:
    place.check()
    assert place.versions() == {each.name: [each.version] for each in published}


@pytest.mark.slow
def test_fifty_publishers_at_once_lose_nothing(made: Made, tmp_path: Path) -> None:
    place, all_ = made(), candidates(50)
    publish_at_once(place, all_, caches(tmp_path))
    expect(place, all_)


@pytest.mark.parametrize("kills", [5, pytest.param(300, marks=pytest.mark.slow)])
def test_publishers_that_are_killed_leave_a_whole_registry(made: Made, tmp_path: Path, kills: int) -> None:
    seed = random.randrange(1 << 32)
    dice, done = random.Random(seed), 0
    print(f"seed {seed}")  # shown if it fails
    while done < kills:
        place, all_ = made(), candidates(3)
        done += publish_killing(place, all_, caches(tmp_path), min(kills - done, 25), 0.15, dice)
        expect(place, all_)
        publish_at_once(place, all_, caches(tmp_path))  # once more: all there already
        expect(place, all_)
