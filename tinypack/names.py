"""Package names, the C names made from them, and the names that would clash."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PATTERN = re.compile(r"[a-z][a-z0-9-]{1,31}")
FALLBACK = "model"

RESERVED_FILE = Path(__file__).parent / "reserved-names.txt"


@dataclass(frozen=True)
class Names:
    """The C names of a package.

    Classes keep the `_` between words: `Kws_Ref` and `Kwsref` differ in more than case.
    """

    prefix: str  # kws_ref
    macro: str  # KWS_REF
    cls: str  # Kws_Ref


@cache
def reserved() -> dict[str, str]:
    """Read the names that would clash: name -> the reason that the user reads."""
    names: dict[str, str] = {}
    reason = ""
    for line in RESERVED_FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            reason = line[2:]
        names |= {} if line.startswith("#") else dict.fromkeys(line.split(), reason)
    return names


def c_names(name: str) -> Names:
    """Make the C names of a valid package name."""
    words = name.split("-")
    return Names("_".join(words), "_".join(words).upper(), "_".join(word.capitalize() for word in words))


def name_problem(name: str) -> tuple[str, str] | None:
    """Say which rule a package name breaks: (error code, rule), or None."""
    if not PATTERN.fullmatch(name):
        return "bad-manifest", "a name has 2 to 32 of a-z, 0-9 and -, and starts with a letter"
    if "--" in name or name.endswith("-"):
        return "bad-manifest", "a - must stand between two words: C++ reserves names with __"
    if name.endswith("-t") or name.startswith("tp-"):
        return (
            "reserved-name",
            "a name must not end in -t nor start with tp-: C types and our own kernels are so called",
        )
    for word in ("arduino", "library"):
        if word in name:
            return "reserved-name", f'a name must not contain "{word}": the Arduino Library Manager refuses it'
    reason = reserved().get(name)
    return ("reserved-name", f"a name must not be {reason}") if reason else None


def name_from_file(stem: str) -> str:
    """Make a valid package name from a file's name: "KWS ref_model" gives "kws-ref-model"."""
    words = re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")
    name = re.sub(r"^[0-9-]+", "", words)[:32].strip("-")
    if name_problem(name) is None:
        return name
    longer = f"{name}-{FALLBACK}".strip("-")
    return longer if name_problem(longer) is None else FALLBACK
