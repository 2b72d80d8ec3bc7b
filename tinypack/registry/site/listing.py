"""Lists of packages that need no script: one page where they are few, else pages by the first letters of names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tinypack.registry.site.package_page import Badge
from tinypack.registry.site.shards import filename, split

FOLDER = "site/list"
MOST = 200  # packages of a page
NEWEST = 20
Summaries = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Listed:
    """A package in a list."""

    name: str
    version: str
    description: str
    features: str
    badge: Badge


@dataclass(frozen=True)
class Letters:
    """A link to a page of names that begin so."""

    prefix: str
    path: str
    count: int


@dataclass(frozen=True)
class ListPage:
    """A list: packages, and links to further lists. The one without a prefix is the front page.

    path    from the registry's root
    newest  what was published last, where not all are on the front page
    """

    prefix: str
    path: str
    count: int
    packages: Sequence[Listed]
    letters: Sequence[Letters]
    newest: Sequence[Listed] = field(default=())


def list_pages(summaries: Summaries) -> Iterator[ListPage]:
    """Divide packages into pages.

    summaries  name -> PackageIndex.summary(), and "published" and "badge" of the version that is shown
    """
    shards = {shard.prefix: shard for shard in split(dict.fromkeys(summaries, 1), MOST)}
    for prefix, shard in shards.items():
        letters = [Letters(each, _path(each), len(shards[each].below)) for each in shard.children]
        packages = [_listed(name, summaries[name]) for name in shard.keys]
        newest: list[str] = []
        if letters and not prefix:
            newest = sorted(summaries, key=lambda name: (summaries[name]["published"], name), reverse=True)[:NEWEST]
        last = [_listed(name, summaries[name]) for name in newest]
        yield ListPage(prefix, _path(prefix), len(shard.below), packages, letters, last)


def _path(prefix: str) -> str:
    return f"{FOLDER}/{filename(prefix)}.html" if prefix else "index.html"


def _listed(name: str, summary: Mapping[str, Any]) -> Listed:
    return Listed(
        name=name,
        version=summary["version"],
        description=summary["description"],
        features=summary["features"],
        badge=summary["badge"],
    )
