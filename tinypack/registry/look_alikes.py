"""Names that the eye takes for each other: they have the same skeleton, and a registry gives it to one package.

A skeleton is reserved in the metadata by the first publish under a name: as a target `names/<skeleton>` in the bin of
its hash, whose content is the name. So the check reads one bin, however many packages there are.
"""

from __future__ import annotations

#: Letter -> what it is taken for. Pairs are written out, not drawn together, so that any order gives the same.
LIKE = str.maketrans({"0": "o", "1": "l", "i": "l", "m": "rn", "w": "vv", "-": "", "_": "", ".": ""})
TARGETS = "names/"


def skeleton(name: str) -> str:
    """Reduce a name to what the eye sees: `kws-1`, `kwsl` and `kvvs-i` are one."""
    return name.lower().translate(LIKE)


def name_target(name: str) -> str:
    """Name the target that reserves a name's skeleton."""
    return f"{TARGETS}{skeleton(name)}"
