"""What is said of a version that is there: signed, and added at once by who holds the online key, else handed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tinypack.errors import TinypackError
from tinypack.registry.package_index import Line, PackageIndex
from tinypack.registry.publishing.inbox import hand_in
from tinypack.registry.publishing.publish import apply
from tinypack.registry.publishing.signing import online_key
from tinypack.registry.publishing.submission import Change
from tinypack.registry.stores.opening import split_pin
from tinypack.registry.trust.head import Head
from tinypack.registry.trust.keys import KeyFolder
from tinypack.registry.trust.manage import open_registry

Make = Callable[[Head, PackageIndex, Line], Change | None]


@dataclass(frozen=True)
class Said:
    """What came of it.

    changed     False if it was so before
    submission  what was handed in for the next merge; "" if it is published
    """

    name: str
    version: str
    changed: bool = True
    submission: str = ""

    @property
    def outcome(self) -> str:
        """Say it in words."""
        if self.submission:
            return f"handed in as {self.submission}, for the registry's next merge"
        return "published" if self.changed else "it was so before"


def say(url: str, keys: KeyFolder, name: str, version: str, make: Make) -> Said:
    """Say something of a version. `make` gives None if it is so already.

    Raises: TinypackError (no-package, missing-key, not-owner, refused; as Head.read)
    """
    store = open_registry(url)
    head = Head.read(store)
    index = head.index(name)
    line = index.line(version) if index else None
    if index is None or line is None:
        found = ", ".join(each.version for each in index.lines[-5:]) if index else "no such package"
        raise TinypackError.one("no-package", f"{name} {version}", "the version is in the registry", found)
    change, online = make(head, index, line), online_key(head, keys)
    if change is None:
        return Said(name, version, changed=False)
    if online is None:
        return Said(name, version, submission=hand_in(split_pin(url)[0], change))
    edit = apply(store, [change], online)
    return Said(name, version, changed=edit.head is not None)
