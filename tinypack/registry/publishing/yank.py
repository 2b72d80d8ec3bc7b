"""Yanks: versions that are hidden from resolution. Their files stay, and lockfiles still get them."""

from __future__ import annotations

from datetime import datetime, timedelta

from tinypack.errors import TinypackError
from tinypack.registry.entries import Yank
from tinypack.registry.package_index import Line, PackageIndex
from tinypack.registry.publishing.release import TIME, timestamp
from tinypack.registry.publishing.said import Said, say
from tinypack.registry.publishing.signing import publisher_key
from tinypack.registry.publishing.submission import Change, Submission, signed
from tinypack.registry.trust.head import Head
from tinypack.registry.trust.keys import KeyFolder

MOST_WHY = 500  # characters


def yank(url: str, keys: KeyFolder, name: str, version: str, why: str, undo: bool = False, key_name: str = "") -> Said:
    """Hide a version from resolution, or show it again.

    Raises: TinypackError (no-package, missing-key, not-owner, refused; as Head.read)
    """
    if not (why.strip() and why.isprintable() and len(why) <= MOST_WHY):
        rule = f"why is a line of up to {MOST_WHY} characters: users read it"
        raise TinypackError.one("refused", f"{name} {version}", rule, ascii(why)[:100])

    def make(head: Head, index: PackageIndex, line: Line) -> Change | None:
        if bool(line.yanked) != undo:
            return None
        place = head.chain.registry
        body = Yank(registry=place, name=name, version=version, made=_later(line), yanked=not undo, why=why)
        key = publisher_key(head, keys, index, key_name)
        return Change(Submission(name=name, version=version, yank=signed(body, key)))

    return say(url, keys, name, version, make)


def _later(line: Line) -> str:
    """Give the time, but later than what was said before, which may have been within this second."""
    now = timestamp()
    if line.yank is None or line.yank.body.made < now:
        return now
    try:
        before = datetime.strptime(line.yank.body.made, TIME)
    except ValueError:
        return now
    return (before + timedelta(seconds=1)).strftime(TIME)
