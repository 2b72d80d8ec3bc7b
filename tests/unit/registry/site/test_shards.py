from __future__ import annotations

from itertools import product

import pytest

from tests.support.registry_site import many
from tinypack.registry.site.search import MOST_OF_A_WORD, search_files, words
from tinypack.registry.site.shards import filename, split

LETTERS = "ab1"
KEYS = ["".join(letters) for length in (1, 2, 3, 5) for letters in product(LETTERS, repeat=length)]
SENSORS = [f"sensor-{i}" for i in range(50)]


@pytest.mark.parametrize("most", [1, 3, 10, 10_000])
@pytest.mark.parametrize(
    "keys", [KEYS, [], ["one"], [f"sensor-{i}" for i in range(50)]], ids=["all", "none", "1", "50"]
)
def test_every_key_is_found_from_the_root(keys: list[str], most: int) -> None:
    shards = {shard.prefix: shard for shard in split(dict.fromkeys(keys, 1), most)}
    assert sorted(key for shard in shards.values() for key in shard.keys) == sorted(keys)
    assert all(len(shard.keys) <= most for shard in shards.values())
    for key in keys:
        shard = shards[""]
        while key not in shard.keys:
            (longer,) = [each for each in shard.children if key.startswith(each)]
            assert longer.startswith(shard.prefix) and longer != shard.prefix
            shard = shards[longer]
    assert all(
        sorted(shard.below) == [key for key in sorted(keys) if key.startswith(prefix)]
        for prefix, shard in shards.items()
    )


def test_shared_beginnings_are_one_step() -> None:
    root, *_ = split(dict.fromkeys(SENSORS, 1), 10)
    assert root.children == ("sensor-",)


def test_a_change_touches_few_files() -> None:
    before, summaries = search_files(many(3000)), many(3000)
    summaries["zebra"] = summaries["meter-00007"] | {"description": "Sees stripes.", "keywords": []}
    after = search_files(summaries)
    changed = {path for path in after if after[path] != before.get(path)}
    assert 0 < len(changed) <= 5 < len(after) / 20


def test_files_are_small_however_common_a_word() -> None:
    files = search_files(many(MOST_OF_A_WORD + 500))  # all have the word "number"
    assert max(map(len, files.values())) < 22 * MOST_OF_A_WORD


def test_names_of_files_suit_every_disk() -> None:
    assert [filename(prefix) for prefix in ("", "wake-1", "ü日")] == ["", "wake_2d_1", "_fc__65e5_"]


def test_words() -> None:
    assert list(words("Wake-Word_2: ＫＷＳ für 日本語, a … " + "x" * 99)) == [
        "wake",
        "word",
        "kws",
        "für",
        "日本語",
        "x" * 32,
    ]
