"""What a key folder remembers of the registries that its keys signed for: none may go back behind that."""

from __future__ import annotations

import json
from pathlib import Path

from tinypack.errors import TinypackError
from tinypack.output import write_whole


class Seen:
    """Registry (SHA-256 of its first root) -> its highest timestamp; as it was when the folder was opened.

    Another process may publish meanwhile, and this one then still hold an older base: that is no rollback.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "registries.json"
        self._before = self._read()

    def check(self, registry: str, version: int, where: str) -> None:
        """Refuse a registry that went back, and remember how far it is.

        Raises: TinypackError (untrusted)
        """
        before = self._before.get(registry, 0)
        if version < before:
            rule = f"a registry that these keys signed at version {before} does not go back"
            hint = "if it was restored from a backup on purpose, delete " + str(self._path)
            raise TinypackError.one("untrusted", where, rule, f"version {version}", hint)
        now = self._read()
        if version > now.get(registry, 0) and self._path.parent.is_dir():
            data = json.dumps({**now, registry: version}, indent=2, sort_keys=True).encode()
            write_whole(self._path.parent, {self._path.name: data})

    def _read(self) -> dict[str, int]:
        try:
            found = json.loads(self._path.read_bytes())
        except (OSError, ValueError):
            return {}
        if not isinstance(found, dict):
            return {}
        return {name: version for name, version in found.items() if isinstance(version, int)}
