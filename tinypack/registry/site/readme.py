"""A package's README as HTML: Markdown without HTML of its own, without pictures, with links that lead to the web."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from tinypack.errors import TinypackError
from tinypack.formats.unpack import read_archive
from tinypack.registry.site.text import shown, web_url

if TYPE_CHECKING:
    from markdown_it.token import Token

MOST_CHARACTERS = 60_000
DEEPEST = 20  # quotes in lists in quotes …
ABOVE = 2  # levels of headings: h1 is the page's, h2 its sections'
CUT = "\n\n(The rest of this README is left out.)\n"


def find_readme(archive: bytes, filename: str) -> str:
    """Give the README.md of an archive; "" without one."""
    try:
        files = read_archive(archive, filename)
    except TinypackError:
        return ""
    found = [path for path in files if posixpath.basename(path).lower() == "readme.md"]
    return files[min(found, key=lambda path: (path.count("/"), path))].decode("utf-8", "replace") if found else ""


def readme_html(text: str) -> Markup:
    """Render Markdown; links that don't lead to the web are only shown."""
    from markdown_it import MarkdownIt

    if len(text) > MOST_CHARACTERS:
        text = text[:MOST_CHARACTERS].rpartition("\n")[0] + CUT
    reader = MarkdownIt("commonmark", {"html": False, "maxNesting": DEEPEST}).enable(["table", "strikethrough"])
    tokens = reader.parse(shown(text.replace("\r", "")))
    return Markup(reader.renderer.render(list(_tamed(tokens)), reader.options, {}))


def _tamed(tokens: Sequence[Token]) -> Iterator[Token]:
    """Fit headings below the page's, leaving out no level; give tables a frame to scroll in, and no empty headers."""
    level, tag = ABOVE, ""
    for token, following in zip_longest(tokens, tokens[1:]):
        if token.type == "heading_open":
            level = min(6, level + 1, int(token.tag[1:]) + ABOVE)
            token.tag = f"h{level}"
        elif token.type == "heading_close":
            token.tag = f"h{level}"
        elif token.type == "table_open":
            yield _html('<div class="scroll" role="group" tabindex="0" aria-label="Table">')
        elif token.type in ("th_open", "td_open"):
            # Pages allow no styles of their own: a class says that a column stands on the right.
            token.attrs = {"class": "number"} if "right" in str(token.attrs.get("style", "")) else {}
            tag = token.tag = "td" if token.type == "td_open" or not (following and following.content.strip()) else "th"
        elif token.type in ("th_close", "td_close"):
            token.tag = tag
        elif token.type == "fence":
            token.info = ""
        token.children = list(_tamed_inline(token.children)) if token.children else token.children
        yield token
        if token.type == "table_close":
            yield _html("</div>")


def _tamed_inline(tokens: Sequence[Token]) -> Iterator[Token]:
    """Give links attributes of their own only; a picture becomes its description."""
    kept = True
    for token in tokens:
        if token.type == "link_open":
            target = web_url(str(token.attrs.get("href", "")))
            token.attrs = {"href": target, "rel": "nofollow noopener ugc"}
            kept = bool(target)
        if token.type == "image":
            yield _html(f'<span class="picture">[picture: {escape(token.content or "without a description")}]</span>')
        elif kept or not token.type.startswith("link_"):
            yield token


def _html(text: str) -> Token:
    from markdown_it.token import Token

    return Token("html_inline", "", 0, content=text)
