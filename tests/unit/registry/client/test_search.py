from __future__ import annotations

import random
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tinypack.registry.client.search import Damaged, SearchDatabase

PACKAGES = {
    "door-guard": {"description": "Hears the door.", "keywords": ["audio", "door"], "features": "mfcc"},
    "door-guard-mini": {"description": "A smaller one of Müller's.", "keywords": ["audio"]},
    "guard": {"description": "Guards all.", "keywords": [], "boards": ["native", "nano33ble"]},
    "gesture": {"description": "Waves at a door guard.", "keywords": ["imu"], "unverified": True},
}


def summaries(packages: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    return {name: {"version": "1.0.0", "license": "MIT", "boards": [], **given} for name, given in packages.items()}


@pytest.fixture
def database(tmp_path: Path) -> SearchDatabase:
    made = SearchDatabase(tmp_path / "cache" / "search.sqlite")
    made.update([("bins-00", 1, summaries(PACKAGES))])
    return made


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("guard", ["guard", "door-guard-mini", "door-guard", "gesture"]),
        ("door-guard", ["door-guard", "door-guard-mini", "gesture"]),
        ("door gua", ["door-guard", "door-guard-mini", "gesture"]),
        ("ges", ["gesture"]),
        ("muller", ["door-guard-mini"]),
        ("MFCC", ["door-guard"]),
        ("nano33", ["guard"]),
        ("door nothing", []),
        ("", ["guard", "gesture", "door-guard", "door-guard-mini"]),
    ],
)
def test_words_find_packages_in_order(words: str, names: list[str], database: SearchDatabase) -> None:
    found = [hit.name for hit in database.search(words)]
    assert found[:1] == names[:1]
    assert sorted(found) == sorted(names)


HOSTILE = [
    '"',
    "' OR 1=1 --",
    "name: x",
    "NEAR(a b)",
    "*",
    "a AND",
    "a\0b",
    "(" * 5000,
    "x " * 5000,
    "é" * 9999,
    "-",
    "^a",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_any_words_may_be_asked(words: str, database: SearchDatabase) -> None:
    database.search(words)
    assert len(database.names()) == len(PACKAGES)


def test_only_a_bin_that_is_given_is_replaced(database: SearchDatabase) -> None:
    database.update([("bins-01", 7, summaries({"other": {"description": "x"}}))])
    database.update([("bins-00", 2, summaries({"guard": {"description": "new", "version": "2.0.0"}}))])
    assert database.versions() == {"bins-00": 2, "bins-01": 7}
    assert database.names() == ["guard", "other"]
    assert [(hit.name, hit.version) for hit in database.search("new")] == [("guard", "2.0.0")]
    assert database.search("hears") == []


def test_an_update_that_fails_changes_nothing(database: SearchDatabase) -> None:
    def bins() -> Any:
        yield "bins-00", 2, {}
        raise RuntimeError

    with pytest.raises(RuntimeError):
        database.update(bins())
    assert len(database.names()) == len(PACKAGES)


def test_nonsense_in_a_summary_is_left_out(database: SearchDatabase) -> None:
    odd = {"description": 7, "keywords": "x", "boards": [1, "native"], "version": None, "unverified": "yes"}
    database.update([("bins-00", 2, {"odd": odd, "../x": odd, "empty": {}})])
    (hit,) = database.search("odd")
    assert (hit.description, hit.boards, hit.unverified) == ("", ("native",), True)
    assert database.names() == ["odd"]


def test_a_damaged_database_says_so_and_can_be_made_anew(database: SearchDatabase, tmp_path: Path) -> None:
    (tmp_path / "cache" / "search.sqlite").write_bytes(b"no database" * 1000)
    with pytest.raises(Damaged):
        database.search("x")
    database.discard()
    assert database.versions() == {}


def filled(folder: Path, packages: int) -> SearchDatabase:
    """Make a database of packages whose texts are of a few hundred words, as people's are."""
    choose = random.Random(1)
    words = [f"{choose.choice('abcdefgh')}{choose.choice('aeiou')}word{i}" for i in range(400)] + ["audio", "door"]
    made = SearchDatabase(folder / "search.sqlite")

    def named(i: int) -> tuple[str, dict[str, Any]]:
        text = " ".join(choose.choices(words, k=12))
        return f"{choose.choice(words)}-{i}", {"description": text, "keywords": choose.choices(words, k=4)}

    for number in range(4):
        part = dict(named(i) for i in range(number, packages, 4))
        made.update([(f"bins-{number}", 1, summaries(part))])
    return made


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> SearchDatabase:
    return filled(tmp_path_factory.mktemp("large"), 100_000)


@pytest.mark.slow
@pytest.mark.parametrize(("words", "found"), [("audio", 20), ("a", 20), ("door audio", 20), ("word", 0), ("", 20)])
def test_a_hundred_thousand_are_searched_in_time(words: str, found: int, large: SearchDatabase) -> None:
    start = time.process_time()
    assert len(large.search(words)) == found
    assert time.process_time() - start < 0.2
