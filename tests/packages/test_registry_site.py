"""The pages of a registry in a real browser: search, keyboard, phones, both colour schemes, and what axe finds."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.machine import need
from tests.support.registry_site import add_hostile, full_registry, many
from tinypack.output import write_tree
from tinypack.registry.site import listing
from tinypack.registry.site.search import search_files
from tinypack.registry.site.server import Server
from tinypack.registry.site.write import write_site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.tools

CHROMIUM = shutil.which("chromium")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE, DESK = 320, 1200  # pixels
FULL, HOSTILE = "packages/door-guard/", "packages/hostile/"
LETTERS, LIST = "by-letters/", "by-letters/site/list/door_2d_guard.html"
PAGES = ("", FULL, HOSTILE, LETTERS, LIST)
MANY = 4000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry's files with pages beside them, below a path of the server."""
    top = tmp_path_factory.mktemp("top")
    registry = full_registry()
    add_hostile(registry)
    write_tree(top / "some/registry", registry.files)
    write_site(registry, top / "some/registry", "Workshop models")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(listing, "MOST", 2)
        write_site(registry, top / "some/registry/by-letters", "Many models")
    return top


@pytest.fixture(scope="module")
def url(folder: Path) -> Iterator[str]:
    with Server(folder, "127.0.0.1", 0) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"{server.url}some/registry/"
        server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    need("chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Watch:
    """What a page loads from elsewhere and complains of."""

    def __init__(self, context: BrowserContext, home: str) -> None:
        self.home, self.requested = home, list[str]()
        self.complaints: list[str] = []
        context.on(
            "request", lambda request: None if request.url.startswith(home) else self.foreign.append(request.url)
        )
        context.on("console", lambda message: self.complaints.append(message.text))
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("dialog", lambda dialog: (self.complaints.append(dialog.message), dialog.dismiss()))


@pytest.fixture
def open_page(browser: Browser, url: str) -> Iterator[Callable[..., Page]]:
    """Open a page in a window of its own; at the end, nothing foreign was loaded, and nothing complained."""
    contexts: list[tuple[BrowserContext, Watch]] = []

    def start(path: str = "", width: int = DESK, home: str = url, **settings: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, **settings)
        context.set_default_timeout(5000)
        contexts.append((context, Watch(context, home)))
        page = context.new_page()
        page.goto(home + path)
        return page

    yield start
    for context, watch in contexts:
        context.close()
        assert [url for url in watch.requested if not url.startswith(watch.home)] == []
        assert watch.complaints == []


def results(page: Page, heading: str) -> list[str]:
    """Wait for a search's results; give the names."""
    page.locator("#found h1", has_text=heading).wait_for()
    return page.locator("#found .name").all_inner_texts()


def search(page: Page, words: str, heading: str) -> list[str]:
    page.fill("#search", words)
    return results(page, heading)


@pytest.mark.parametrize(("width", "scheme"), [(DESK, "light"), (PHONE, "dark")])
def test_axe_finds_nothing(width: int, scheme: str, open_page: Callable[..., Page]) -> None:
    page = open_page(width=width, color_scheme=scheme)
    home = page.url
    assert violations(page) == []
    search(page, "guard", "1 package for “guard”")
    assert violations(page) == []
    for path in (FULL, LETTERS, LIST):
        page.goto(home + path)
        open_details(page)
        assert violations(page) == [], path
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).every(part => part < 60)")
    assert dark == (scheme == "dark")


def test_axe_would_find_something(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.evaluate("document.querySelector('#search').removeAttribute('id')")
    assert {rule for rule, _ in violations(page)} >= {"label-title-only"}


def violations(page: Page) -> list[tuple[str, str]]:
    """Ask axe, which Playwright brings into the page past its policy: rules that are broken, and where."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [(rule["id"], node["html"]) for rule in found for node in rule["nodes"]]


def open_details(page: Page) -> None:
    page.locator("details").evaluate_all("all => all.forEach(each => { each.open = true; })")


@pytest.mark.parametrize("width", [PHONE, 700, 900])
def test_no_page_scrolls_sideways(width: int, open_page: Callable[..., Page]) -> None:
    page = open_page(width=width)
    home = page.url
    for path in PAGES:
        page.goto(home + path)
        open_details(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_search_by_keyboard(open_page: Callable[..., Page]) -> None:
    page = open_page(FULL)
    page.keyboard.press("/")
    page.keyboard.type("hears")
    names = results(page, "2 packages for “hears”")
    assert names == ["door-guard", "wake-word"]
    assert page.locator("#search-status").inner_text() == "2 packages for “hears”"
    assert not page.locator("#content").is_visible()
    for key, focused in (("ArrowDown", "door-guard"), ("ArrowDown", "wake-word"), ("ArrowDown", "wake-word")):
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.textContent") == focused
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "search" and page.locator("#content").is_visible()
    page.keyboard.type("wo")
    results(page, "1 package for “wo”")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.press("Enter")
    page.wait_for_url("**/packages/wake-word/index.html")


def test_search_shows_what_lists_show(open_page: Callable[..., Page]) -> None:
    page = open_page()
    listed = page.locator("#content .packages li").all_inner_texts()
    assert [text.split()[0] for text in listed] == ["door-guard", "gesture", "hostile", "wake-word"]
    search(page, "wake", "1 package for “wake”")
    found = page.locator("#found li")
    found.locator(".badge", has_text="unverified").wait_for()
    assert found.inner_text().split() == [
        "wake-word",
        "1.0.0",
        "Hears",
        "the",
        "words",
        "yes",
        "and",
        "no.",
        "unverified",
    ]
    assert search(page, "<img src=x onerror=alert(1)>", "for “<img src=x onerror=alert(1)>”") == ["hostile"]
    assert search(page, "zebra", "Nothing fits “zebra”") == []
    assert search(page, "imu circle", "1 package for “imu circle”") == ["gesture"]


def test_a_search_has_an_address(open_page: Callable[..., Page]) -> None:
    page = open_page("index.html?q=guard")
    assert results(page, "1 package for “guard”") == ["door-guard"]


def test_copying(open_page: Callable[..., Page], url: str) -> None:
    page = open_page(FULL, permissions=["clipboard-read", "clipboard-write"])
    button = page.locator("button.copy").first
    assert button.inner_text().split("\n") == ["Copy", "Arduino, into the sketchbook, checked"]
    button.focus()
    page.keyboard.press("Enter")
    page.locator("#announcer", has_text="Copied").wait_for(state="attached")
    assert button.inner_text().startswith("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"tinypack install door-guard@^1.2.0 --to arduino --registry {url.rstrip('/')}\n"


def test_ecosystems_are_tabs(open_page: Callable[..., Page]) -> None:
    page = open_page(FULL)
    chosen = page.locator('[role="tab"][aria-selected="true"]')
    panels = page.locator('[role="tabpanel"]')
    assert chosen.inner_text() == "Arduino"
    chosen.focus()
    for key, name in (
        ("ArrowRight", "PlatformIO"),
        ("End", "CMake"),
        ("ArrowRight", "Arduino"),
        ("ArrowLeft", "CMake"),
    ):
        page.keyboard.press(key)
        assert chosen.inner_text() == page.evaluate("document.activeElement.textContent") == name
        assert [panel.is_visible() for panel in panels.all()].count(True) == 1
    assert "FetchContent_Declare(door-guard" in page.locator('[role="tabpanel"]:visible').inner_text()
    page.goto(page.url.replace("door-guard", "wake-word"))
    assert chosen.inner_text() == "CMake"


def test_without_scripts_all_is_there(open_page: Callable[..., Page]) -> None:
    page = open_page(FULL, java_script_enabled=False)
    text = page.locator("main").inner_text()
    assert all(part in text for part in ("lib_deps =", "FetchContent_Declare", "--to arduino", "microbit"))


def test_downloads_are_the_registrys_files(open_page: Callable[..., Page], url: str, folder: Path) -> None:
    page = open_page(FULL)
    links = page.locator("#versions .files a").evaluate_all("all => all.map(each => each.href)")
    assert len(links) > 20
    for link in links:
        assert (folder / "some/registry" / link.removeprefix(url)).is_file()
    assert all(page.request.get(link).ok for link in links[:3])


def test_from_a_folder(open_page: Callable[..., Page], folder: Path) -> None:
    page = open_page("index.html", home=f"{folder.as_uri()}/some/registry/")
    assert search(page, "hears guard", "1 package for “hears guard”") == ["door-guard"]
    page.keyboard.press("Enter")
    page.wait_for_url("**/packages/door-guard/index.html")
    assert "https://REGISTRY" in page.locator("#install").inner_text()


def test_search_among_many(open_page: Callable[..., Page], folder: Path) -> None:
    write_tree(folder / "many", {**search_files(many(MANY)), **assets(folder)})
    page = open_page("index.html", home=f"{folder.as_uri()}/many/")
    kinds = {"bearing": "bearing-00002", "wake": "wake-word-00000", "glass brea": "glass-break-00004"}
    for words, first in kinds.items():
        assert search(page, words, f"The best 20 packages for “{words}”")[0] == first
    assert search(page, "meter 00007", "for “meter 00007”")[0] == "meter-00007"
    assert search(page, "number 2999", "1 package for “number 2999”") == ["meter-02999"]
    assert search(page, "audio number detects 2998", "1 package for “audio number detects 2998”") == ["cough-02998"]
    assert search(page, "bearing wake", "Nothing fits “bearing wake”") == []
    loaded = page.evaluate("performance.getEntriesByType('resource').length")
    assert loaded < len(search_files(many(MANY))) / 2


def assets(folder: Path) -> dict[str, bytes]:
    """Give the front page of another registry and what it loads."""
    home = folder / "some/registry"
    page = (home / "index.html").read_bytes()
    names = ("style.css", "search.js", "page.js", "icon.svg")
    return {"index.html": page, **{f"site/{name}": (home / f"site/{name}").read_bytes() for name in names}}
