from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tests.support.registries import SignedRegistry
from tests.support.registry_packages import MadeUp
from tests.support.registry_site import NASTY, add_hostile, attest, full_registry, many, publish, results
from tinypack.errors import TinypackError
from tinypack.registry.client.registry import Registry
from tinypack.registry.entries import Archive, BoardResult
from tinypack.registry.package_index import PackageIndex
from tinypack.registry.site import write
from tinypack.registry.site.beside import MOST_JSON_BYTES, read_beside
from tinypack.registry.site.listing import MOST, list_pages
from tinypack.registry.site.package_page import badge, in_order, package_page, shown_line
from tinypack.registry.site.write import MEMORY, write_site

VOID = {"meta", "link", "input", "br", "hr"}
#: What pages may hold: no frames, no forms but the search, no pictures, no styles of their own.
TAGS = set(
    re.findall(
        r"\w+",
        """
html head meta title link script body a header form label input kbd nav div main footer p code pre span bdi br hr
h1 h2 h3 h4 h5 ul ol li section dl dt dd small strong em del time table thead tbody tr th td caption blockquote
svg rect path figure figcaption details summary button
""",
    )
)


class Reader(HTMLParser):
    """Checks that a page is well-formed, and collects what a reader sees and what a browser would load or follow."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.feed(page)
        self.close()
        assert self.open == []
        assert len(set(self.ids)) == len(self.ids)
        assert self.tags <= TAGS | {"title"}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.open += [] if tag in VOID else [tag]
        for name, value in attrs:
            assert name != "style" and not name.startswith("on")
            self.ids += [value or ""] if name == "id" else []
            self.links += [value or ""] if name in ("href", "src", "action") else []

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        assert "script" not in self.open
        self.text += data


def read(folder: Path, path: str) -> Reader:
    return Reader((folder / path).read_text(encoding="utf-8"))


def words(reader: Reader) -> str:
    return " ".join(reader.text.split())


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def full() -> MadeUp:
    registry = full_registry()
    add_hostile(registry)
    return registry


@pytest.fixture(scope="module")
def pages(full: MadeUp, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    assert write_site(full, folder, "Workshop").rendered == 4
    return folder


def test_a_page_says_all_that_is_known(pages: Path) -> None:
    text = words(read(pages, "packages/door-guard/index.html"))
    for part in (
        "door-guard 1.2.0",
        "verified on 3 boards",
        "Doors that say when somebody knocks.",
        "98.2 % of 10,000 windows of another house.",
        "microbit ✓ verified QEMU 7.2.22 microbit",
        "nano33ble ○ compiled –",
        "Untested:",
        "1,071,067",
        "CONV_2D, DEPTHWISE_CONV_2D",
        "sample_rate16000",
        "right at 0.80 s, right at 3.40 s",
        "Hears knocks",
        "reads past the ring",
        "tinypack install door-guard@^1.2.0 --to arduino --registry https://REGISTRY",
        "FetchContent_Declare(door-guard",
    ):
        assert part in text, part


def test_nothing_that_did_not_run_is_called_verified(pages: Path) -> None:
    text = words(read(pages, "packages/gesture/index.html"))
    assert "failed on pico" in text and "verified on" not in text
    assert "pico ✗ failed" in text
    text = words(read(pages, "packages/wake-word/index.html"))
    assert "Unverified: it was published without a passing attestation." in text
    assert "Nobody has attested that it runs anywhere." in text and "verified on" not in text


def test_links_lead_to_what_is_there(full: MadeUp, pages: Path) -> None:
    for path, data in full.files.items():
        (pages / path).parent.mkdir(parents=True, exist_ok=True)
        (pages / path).write_bytes(data)
    followed = 0
    for page in pages.rglob("*.html"):
        for link in Reader(page.read_text(encoding="utf-8")).links:
            if not link.startswith(("https://", "#")):
                assert (page.parent / link.partition("?")[0]).is_file(), (page, link)
                followed += 1
    assert followed > 40


def test_hostile_text_stays_text(pages: Path) -> None:
    page = (pages / "packages/hostile/index.html").read_text(encoding="utf-8")
    reader = Reader(page)
    assert reader.text.count("<script>alert(1)</script>") > 15
    assert "\u202e" not in page and "\x07" not in page
    assert not [link for link in reader.links if "script:" in link or "example.com" in link]
    assert "<script>alert" not in page and "<img" not in page
    assert "<script>alert" not in (pages / "index.html").read_text(encoding="utf-8")


def test_search_files_are_plain_ascii(pages: Path) -> None:
    for path in (pages / "site/search").iterdir():
        text = path.read_text(encoding="ascii")
        assert re.fullmatch(r'tinypack\("[wn]-\w*",(\{.*\})\)\n', text)
        json.loads(text[text.index(",") + 1 : -2])


def test_every_page_forbids_what_it_does_not_need(pages: Path) -> None:
    for page in pages.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "default-src 'self'; script-src 'self'; style-src 'self'" in text
        assert text.index("Content-Security-Policy") < text.index("<title>")


def test_scripts_and_styles_are_small(pages: Path) -> None:
    assert sum((pages / f"site/{name}").stat().st_size for name in ("page.js", "search.js", "style.css")) < 30_000


def test_the_same_registry_gives_the_same_bytes(full: MadeUp, pages: Path, tmp_path: Path) -> None:
    write_site(full, tmp_path, "Workshop")
    mine = tree(tmp_path)
    assert mine == {path: data for path, data in tree(pages).items() if path in mine}


def test_only_what_changed_is_written_again(tmp_path: Path) -> None:
    registry = full_registry()
    write_site(registry, tmp_path, "Workshop")
    before = tree(tmp_path)
    again = write_site(registry, tmp_path, "Workshop")
    assert (again.rendered, again.kept, again.files) == (0, 3, 0)
    attest(registry, "wake-word", "1.0.0", results())
    changed = write_site(registry, tmp_path, "Workshop")
    assert (changed.rendered, changed.kept) == (1, 2)
    after = tree(tmp_path)
    assert {path for path in after if after[path] != before.get(path)} == {"packages/wake-word/index.html", MEMORY}


def test_all_is_written_again_by_another_tinypack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    registry = full_registry()
    write_site(registry, tmp_path, "Workshop")
    monkeypatch.setattr(write, "__version__", "99.0.0")
    assert write_site(registry, tmp_path, "Workshop").rendered == 3
    assert write_site(registry, tmp_path, "Shop").rendered == 3


@pytest.mark.parametrize("damaged", [b"", b"[]", b'{"door-guard": 1}', b'{"door-guard": [1, 2]}', b"\xff"])
def test_damaged_memory_is_no_memory(damaged: bytes, tmp_path: Path) -> None:
    registry = full_registry()
    write_site(registry, tmp_path, "Workshop")
    (tmp_path / MEMORY).write_bytes(damaged)
    assert write_site(registry, tmp_path, "Workshop").rendered == 3


def test_yanked_packages_leave_the_lists_but_keep_a_page(tmp_path: Path) -> None:
    registry = MadeUp()
    publish(registry, "door-guard", "1.0.0", {})
    publish(registry, "wake-word", "1.0.0", {})
    write_site(registry, tmp_path, "Workshop")
    registry.yank("door-guard", "1.0.0", "leaks")
    known = registry.names
    registry.names = lambda: [name for name in known() if name != "door-guard"]  # type: ignore[method-assign]
    write_site(registry, tmp_path, "Workshop")
    assert "door-guard" not in (tmp_path / "index.html").read_text()
    assert "door-guard" not in (tmp_path / "site/search/n-.js").read_text()
    assert "Yanked: leaks" in words(read(tmp_path, "packages/door-guard/index.html"))


def test_pages_elsewhere_name_the_registrys_address(tmp_path: Path) -> None:
    registry = full_registry()
    write_site(registry, tmp_path, "Workshop", "https://example.org/r/")
    reader = read(tmp_path, "packages/wake-word/index.html")
    assert "--registry https://example.org/r" in words(reader) and "REGISTRY" not in reader.text
    assert [link for link in reader.links if link.startswith("https://example.org/r/archives/")]
    assert not [link for link in reader.links if link.startswith("../../archives/")]


def test_what_can_not_be_read_is_said_and_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    registry = full_registry()

    def refuse(archive: Archive) -> bytes:
        raise TinypackError.one("untrusted", archive.filename, "hashes are right")

    with monkeypatch.context() as patch:
        patch.setattr(registry, "fetch", refuse)
        assert "wake-word-1.0.0.json" in write_site(registry, tmp_path, "Workshop").unreadable
    assert "wake-word-1.0.0.json could not be read" in words(read(tmp_path, "packages/wake-word/index.html"))
    assert write_site(registry, tmp_path, "Workshop").rendered == 3
    assert "could not be read" not in words(read(tmp_path, "packages/wake-word/index.html"))


def test_another_registrys_pages_go(tmp_path: Path) -> None:
    write_site(full_registry(), tmp_path, "Workshop")
    assert write_site(MadeUp(), tmp_path, "Workshop").rendered == 0
    assert "Nothing is published here yet" in words(read(tmp_path, "index.html"))


RECORDS: list[tuple[Any, dict[str, str], dict[str, str]]] = [
    ([], {}, {}),
    ({"card": "no", "features": 3}, {}, {}),
    (
        {"card": {"accuracy": ["a", 1, True, None]}, "features": {"a": None, "b": False, "c": ""}},
        {"accuracy": "a, 1, yes, None"},
        {},
    ),
    ({"features": {"deep": {"a": {"b": {"c": {"d": 1}}}}}}, {}, {"deep": "a b c …"}),
]


@pytest.mark.parametrize(("record", "card", "features"), RECORDS)
def test_records_may_be_anything(record: Any, card: Mapping[str, str], features: Mapping[str, str]) -> None:
    registry = MadeUp()
    publish(registry, "door-guard", "1.0.0", record)
    beside = read_beside(registry, registry.package("door-guard").lines[0].release.body)
    assert (beside.card, beside.features) == (card, features)


@pytest.mark.parametrize(
    "data", [b"[" * 100_000, b'{"card": ' + b'{"a":' * 900 + b"1" + b"}" * 901, b"\xff", b"1" * 9000]
)
def test_damaged_records_say_nothing(data: bytes) -> None:
    registry = MadeUp()
    registry.publish("door-guard", "1.0.0", {"record": ("door-guard-1.0.0.json", data)})
    assert len(str(read_beside(registry, registry.package("door-guard").lines[0].release.body))) < 3000


def test_what_is_too_large_is_not_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    registry = MadeUp()
    registry.publish("door-guard", "1.0.0", {"record": ("door-guard-1.0.0.json", b" " * (MOST_JSON_BYTES + 1))})
    monkeypatch.setattr(registry, "fetch", lambda archive: pytest.fail(archive.filename))
    read_beside(registry, registry.package("door-guard").lines[0].release.body)


def test_the_highest_version_that_is_not_yanked_is_shown() -> None:
    registry = MadeUp()
    for version in ("1.9.0", "1.10.0", "2.0.0-rc.1", "not.a.version"):
        registry.publish("door-guard", version, {})
    registry.yank("door-guard", "2.0.0-rc.1", "early")
    lines = in_order(registry.package("door-guard"))
    assert [line.version for line in lines] == ["2.0.0-rc.1", "1.10.0", "1.9.0"]
    line = shown_line(lines)
    assert line is not None and line.version == "1.10.0"
    assert shown_line(lines[:1]) is lines[0]
    assert shown_line([]) is None
    assert badge(line).text == "untested"


def test_untested_boards_are_named_once() -> None:
    registry = full_registry()
    attest(registry, "wake-word", "1.0.0", [BoardResult(board="own-board", status="untested")])
    lines = in_order(registry.package("wake-word"))
    page = package_page(lines, lines[0], read_beside(registry, lines[0].release.body), "")
    assert page.boards == [] and page.untested.count("own-board") == 1


@pytest.mark.parametrize("count", [0, 1, MOST, MOST + 1, 2000])
def test_each_package_is_in_one_list(count: int) -> None:
    summaries = many(count)
    pages = list(list_pages(summaries))
    assert sorted(each.name for page in pages for each in page.packages) == sorted(summaries)
    assert all(len(page.packages) <= MOST for page in pages)
    assert pages[0].path == "index.html" and pages[0].count == count
    assert bool(pages[0].newest) == (count > MOST)
    linked = {letters.path for page in pages for letters in page.letters}
    assert linked == {page.path for page in pages[1:]}


def test_names_from_nowhere_make_no_files(tmp_path: Path) -> None:
    registry = MadeUp()
    publish(registry, "door-guard", "1.0.0", {})
    registry.indexes["../../evil"] = PackageIndex(name="../../evil", lines=registry.indexes["door-guard"].lines)
    assert write_site(registry, tmp_path / "a/b", "Workshop").rendered == 1
    assert NASTY and not (tmp_path / "evil").exists()


def test_a_signed_registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    signed = SignedRegistry(tmp_path / "registry")
    publish(signed.made, "door-guard", "1.0.0", {})
    publish(signed.made, "wake-word", "1.0.0", {}, features="mfe")
    signed.publish()
    registry = Registry(str(signed.folder), cache=tmp_path / "cache")
    registry.refresh()
    assert write_site(registry, signed.folder, registry.title or "Packages").rendered == 2
    assert "Hears knocks" in words(read(signed.folder, "packages/wake-word/index.html"))
    registry.refresh()
    assert write_site(registry, signed.folder, registry.title or "Packages").kept == 2
