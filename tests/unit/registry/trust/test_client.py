"""What a client reads, keeps and does without."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.trust import Liar, Site, contents
from tinypack.errors import TinypackError
from tinypack.registry.paths import HEAD
from tinypack.registry.stores import NotThere, Reader

INDEX = "index/kw/*"


class Counting(Liar):
    """Notes what is read."""

    def __init__(self, reader: Reader) -> None:
        super().__init__(reader, {})
        self.paths: list[str] = []

    def chunks(self, path: str) -> Iterator[bytes]:
        self.paths.append(path)
        return super().chunks(path)


def test_one_small_file_is_read_where_nothing_is_new(site: Site) -> None:
    site.client().index("kws")
    reader = Counting(site.store)
    client = site.client(reader=reader)
    client.refresh()
    assert client.index("kws").lines[0].version == "1.0.0"
    assert reader.paths == [HEAD]


def test_only_what_is_new_is_read(site: Site) -> None:
    for count in range(8):
        site.publish(f"package-{count}")
    client = site.client()
    client.index("kws")
    list(client.summaries())
    site.publish(version="1.1.0")
    reader = Counting(site.store)
    client = site.client(reader=reader)
    client.index("kws")
    list(client.summaries())
    read = [path for path in reader.paths if path not in (HEAD, "metadata/2.root.json")]
    assert read == [
        site.path("metadata/*.snapshot.json"),
        site.path(f"metadata/*.{site.bin()}.json"),
        site.path("index/kw/*"),
    ]


def test_summaries_of_bins_that_changed(site: Site) -> None:
    names = [f"package-{count}" for count in range(8)]
    for name in names:
        site.publish(name)
    client = site.client()
    found = {name: (version, summaries) for name, version, summaries in client.summaries()}
    assert sorted(package for _, summaries in found.values() for package in summaries) == sorted([*names, "kws"])
    assert found[site.bin()][1]["kws"]["version"] == "1.0.0"
    known = {name: version for name, (version, _) in found.items()}
    assert client.bin_versions == known
    assert list(client.summaries(known)) == []
    site.publish(version="1.1.0")
    client.refresh()
    ((name, version, summaries),) = client.summaries(known)
    assert (name, version, summaries["kws"]["version"]) == (site.bin(), known[name] + 1, "1.1.0")


def test_offline_knows_what_was_fetched(site: Site) -> None:
    with pytest.raises(TinypackError, match="offline"):
        site.client(offline=True).refresh()
    site.publish("other")
    site.client().index("kws")
    dead = Liar(site.store, dict.fromkeys(contents(site.root)))
    client = site.client(reader=dead, offline=True)
    assert client.index("kws").lines[0].version == "1.0.0"
    assert client.settings.mode == "private"
    with pytest.raises(TinypackError) as caught:
        client.index("other")
    assert {problem.code for problem in caught.value.problems} == {"unreachable"}


@pytest.mark.parametrize("pattern", ["metadata/*.snapshot.json", "metadata/*.bins-*.json", INDEX])
def test_files_that_vanish_while_they_are_read_are_looked_for_again(pattern: str, site: Site) -> None:
    """They were superseded: the client starts again with what is there now."""
    moved, moving = site.path(pattern.replace("bins-*", site.bin())), [True]

    class Moving(Liar):
        def chunks(self, path: str) -> Iterator[bytes]:
            if path == moved and moving:
                moving.clear()
                site.publish(version="1.1.0")
                raise NotThere(path)
            return super().chunks(path)

    client = site.client(reader=Moving(site.store, {}))
    assert client.index("kws").lines[-1].version == "1.1.0"
    assert not moving


DAMAGE = {
    "state.json": b"{}",
    "bins": b"[]",
    "index/kws.jsonl": b"garbage\n",
    "metadata/timestamp.json": b"garbage",
    "metadata/snapshot.json": b"",
}


@pytest.mark.parametrize("name, data", DAMAGE.items(), ids=DAMAGE)
def test_a_damaged_cache_is_filled_again(name: str, data: bytes, site: Site) -> None:
    site.client().index("kws")
    good = contents(site.folder / "client")
    path = site.folder / "client" / (name if "." in name else f"bins/{site.bin()}.json")
    path.write_bytes(data)
    client = site.client()
    client.refresh()
    assert client.index("kws").lines[0].version == "1.0.0"
    now = contents(site.folder / "client")
    assert now == good or name.startswith("metadata")


def test_processes_share_a_cache(site: Site) -> None:
    for count in range(6):
        site.publish(f"package-{count}")
    clients = [site.client() for _ in range(4)]
    with ThreadPoolExecutor() as pool:
        found = list(pool.map(lambda client: [client.index(f"package-{n}").name for n in range(6)], clients))
    assert found == [[f"package-{n}" for n in range(6)]] * 4


def test_a_folder_that_can_not_be_written(site: Site) -> None:
    (site.folder / "client").touch()
    with pytest.raises(TinypackError) as caught:
        site.client().refresh()
    assert caught.value.problems[0].code == "io"
