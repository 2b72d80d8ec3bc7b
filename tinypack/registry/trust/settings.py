"""What a registry's root says of it, and the limits of its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, get_args

from tinypack.errors import TinypackError
from tinypack.registry.entries import Mode

FIELD = "x-tinypack"  # in every root: the settings
REGISTRY_FIELD = "x-tinypack-registry"  # in all else that is signed: the SHA-256 of the registry's first root
SUPERSEDED_FIELD = "x-tinypack-superseded"  # in a snapshot: files that nothing names any more, and since when

#: How long a timestamp is good: short where strangers publish, long where one person may go on holiday.
TIMESTAMP_DAYS: dict[Mode, int] = {"private": 90, "public": 7}
LATE_DAYS = 3650  # all else: only the timestamp says how fresh a registry is
MOST_TIMESTAMP_DAYS = 3650
BITS = range(1, 13)  # bins are 2 to 4096
DEFAULT_BINS = 1024

MOST_ROOT_BYTES = 256 << 10
MOST_TIMESTAMP_BYTES = 16 << 10
MOST_SNAPSHOT_BYTES = 2 << 20
MOST_BIN_BYTES = 8 << 20


@dataclass(frozen=True)
class Settings:
    """Signed by the root keys.

    mode            private: whoever holds an online key may publish all; public: a name belongs to who used it first
    timestamp_days  how long a registry may go unsigned
    name            as its owner calls it
    """

    mode: Mode
    timestamp_days: int
    name: str

    @classmethod
    def from_root(cls, fields: Mapping[str, Any], where: str) -> Settings:
        """Read the settings of a root.

        Raises: TinypackError (bad-registry)
        """
        found = fields.get(FIELD)
        rule = f"a root holds {FIELD}: mode, timestamp_days, name"
        if not isinstance(found, dict):
            raise TinypackError.one("bad-registry", where, rule, "none")
        mode: Any = found.get("mode")
        days: Any = found.get("timestamp_days")
        name: Any = found.get("name")
        good = isinstance(days, int) and not isinstance(days, bool) and 0 < days <= MOST_TIMESTAMP_DAYS
        if mode not in get_args(Mode) or not good or not isinstance(name, str):
            raise TinypackError.one("bad-registry", where, rule, str(found)[:200])
        return cls(mode, days, name)

    def to_fields(self) -> dict[str, Any]:
        """Give what a root holds."""
        return {FIELD: asdict(self)}
