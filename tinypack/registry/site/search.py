"""The search index that pages load piece by piece: words -> names, and names -> what results show.

assets/search.js reads it. Files are scripts that call `tinypack(name, data)`: browsers load scripts, and nothing else,
from a folder, too.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tinypack.registry.site.shards import Shard, filename, split
from tinypack.registry.site.text import shown

FOLDER = "site/search"
WORDS, NAMES = "w-", "n-"  # what the files' names begin with
MOST_WORD_BYTES, MOST_NAME_BYTES = 32_000, 16_000  # of a file
MOST_OF_A_WORD = 3000  # packages; those of a more frequent word are not all listed
MOST_OF_A_PREFIX = 60
MOST_WORDS = 60  # of a package
LONGEST_WORD, LONGEST_DESCRIPTION = 32, 160
WORD = re.compile(r"[^\W_]+")
#: How well a word fits: part of the name, keyword, or only in the description.
RANKS = 3

Summaries = Mapping[str, Mapping[str, Any]]
#: Names by rank.
Found = Sequence[Sequence[str]]


def search_files(summaries: Summaries) -> dict[str, bytes]:
    """Write the index of packages; `summaries` as for `listing.list_pages`."""
    found = _by_word(summaries)
    entries = {name: _entry(summary) for name, summary in summaries.items()}
    files: dict[str, bytes] = {}
    for shard in split({word: _bytes(word, _cut(ranks)) for word, ranks in found.items()}, MOST_WORD_BYTES):
        files |= _file(WORDS, shard, {word: _cut(found[word]) for word in shard.keys}, _best(shard, found))
    for shard in split({name: _bytes(name, entry) for name, entry in entries.items()}, MOST_NAME_BYTES):
        files |= _file(NAMES, shard, {name: entries[name] for name in shard.keys}, [])
    return files


def words(text: str) -> Iterable[str]:
    """Give the words of a text, as they are looked up."""
    return (word[:LONGEST_WORD] for word in WORD.findall(unicodedata.normalize("NFKC", text).lower()) if len(word) > 1)


def _by_word(summaries: Summaries) -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = {}
    for name in sorted(summaries):
        summary = summaries[name]
        texts = (name, _tags(summary), summary["description"])
        ranks: dict[str, int] = {}
        for rank, text in enumerate(texts):
            for word in words(text):
                ranks.setdefault(word, rank)
        for word, rank in list(ranks.items())[:MOST_WORDS]:
            found.setdefault(word, [[] for _ in range(RANKS)])[rank].append(name)
    return found


def _cut(ranks: Found) -> list[Any]:
    """Keep the best; the last element says whether that is all."""
    left, kept = MOST_OF_A_WORD, []
    for names in ranks:
        kept.append(list(names[:left]))
        left -= len(kept[-1])
    return [*kept, int(sum(map(len, ranks)) <= MOST_OF_A_WORD)]


def _best(shard: Shard, found: Mapping[str, Found]) -> list[str]:
    """Give the best packages of a prefix that has too many words to hold them: first those that are called so."""
    best: dict[str, None] = {}
    for name in _ranked(shard, found) if shard.children and shard.prefix else ():
        best[name] = None
        if len(best) == MOST_OF_A_PREFIX:
            break
    return list(best)


def _ranked(shard: Shard, found: Mapping[str, Found]) -> Iterator[str]:
    for word in shard.below:
        yield from (name for name in found[word][0] if name.startswith(shard.prefix))
    for rank in range(RANKS):
        for word in shard.below:
            yield from found[word][rank]


def _entry(summary: Mapping[str, Any]) -> list[Any]:
    """What a result shows, version, description, status and its words; and what else finds it."""
    description = summary["description"]
    if len(description) > LONGEST_DESCRIPTION:
        description = description[: LONGEST_DESCRIPTION - 1].rstrip() + "…"
    texts = (summary["version"], description, summary["badge"].status, summary["badge"].text, _tags(summary))
    return [shown(text) for text in texts]


def _tags(summary: Mapping[str, Any]) -> str:
    return " ".join([*summary["keywords"], summary["features"]])


def _file(kind: str, shard: Shard, held: Mapping[str, Any], best: Sequence[str]) -> dict[str, bytes]:
    data: dict[str, Any] = {"held": held}
    data |= {"next": shard.children, "best": best} if shard.children else {}
    name = kind + filename(shard.prefix)
    text = json.dumps(data, separators=(",", ":"))
    return {f"{FOLDER}/{name}.js": f"tinypack({json.dumps(name)},{text})\n".encode()}


def _bytes(key: str, value: Any) -> int:
    return len(json.dumps([key, value], separators=(",", ":")))
