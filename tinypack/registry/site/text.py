"""How strangers' text gets into pages: escaped, without invisible letters, and with links that only lead to the web."""

from __future__ import annotations

import re
from collections.abc import Sized
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tinypack.registry.entries import File
from tinypack.registry.paths import archive_path, attestation_path
from tinypack.templates_location import environment
from tinypack.verify.report import printable

if TYPE_CHECKING:
    from jinja2 import Environment

#: Letters that turn what follows around, or that nobody sees.
TRICKS = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]")
FILENAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,200}")


def shown(text: str) -> str:
    """Write out control characters, and letters that would make a reader see another text."""
    return TRICKS.sub(lambda found: f"\\u{ord(found[0]):04x}", printable(text))


def web_url(text: str) -> str:
    """Give a URL that a page may link to; "" if it is none."""
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and parts.hostname and not parts.username
    except ValueError:
        return ""
    return text if good and text == shown(text) and not re.search(r"[\s\\\"<>]", text) else ""


def file_link(name: str, version: str, file: File) -> str:
    """Give the path of a release's file, from the registry's root; "" if it does not lie where such files lie."""
    expected = archive_path(name, version, file.sha256, file.filename)
    return file.path if file.path == expected and FILENAME.fullmatch(file.filename) else ""


def attestation_link(name: str, version: str, file: File) -> str:
    """Give the path of an attestation, likewise."""
    return file.path if file.path == attestation_path(name, version, file.sha256) else ""


@cache
def jinja() -> Environment:
    """Give the environment of pages: everything is escaped but what a Markup says is HTML."""
    pages = environment().overlay(autoescape=True, finalize=_finalize)
    pages.filters |= {"number": number, "size": size, "counted": counted}
    return pages


def number(value: int | None) -> str:
    """Write a count: 1,234,567."""
    return "–" if value is None else f"{value:,}"


def counted(things: Sized, word: str) -> str:
    """Count things: 1 file, 2 files."""
    return f"{len(things):,} {word}{'' if len(things) == 1 else 's'}"


def size(value: int) -> str:
    """Write bytes as files' sizes are written: 116 KB."""
    amount, units = float(value), ["bytes", "KB", "MB", "GB"]
    while amount >= 999.5 and len(units) > 1:
        amount, units = amount / 1000, units[1:]
    return f"{amount:.0f} {units[0]}" if amount >= 9.95 or units[0] == "bytes" else f"{amount:.1f} {units[0]}"


def _finalize(value: object) -> object:
    return shown(value) if type(value) is str else value
