"""Which names a registry gives to new packages."""

from __future__ import annotations

import re

from tinypack.errors import Problem
from tinypack.names import name_problem
from tinypack.registry.look_alikes import skeleton
from tinypack.registry.trust.head import Head

#: Names that would speak for the registry or for tinypack.
RESERVED = re.compile(r"tinypack(-.*)?|registry|admin|official|verified|root|security|staff|support|system")


def check_new_name(name: str, head: Head, others: dict[str, str]) -> list[Problem]:
    """Find why a registry gives a name to no new package.

    others  skeleton -> name, of packages that are published together with it
    """
    problem = name_problem(name)
    if problem:
        return [Problem("refused", ascii(name)[:100], problem[1], ascii(name)[:100])]
    if RESERVED.fullmatch(name):
        rule = "a name that speaks for the registry or for tinypack is given to nobody"
        return [Problem("refused", name, rule, name, "choose another name")]
    like = head.look_alike(name) or others.get(skeleton(name))
    if like is not None and like != name:
        rule = (
            "a name must not look like another package's: - and _, 0 and o, 1 and l and i, m and rn, w and vv are one"
        )
        return [Problem("refused", name, rule, f"it looks like {like}", "choose another name")]
    return []
