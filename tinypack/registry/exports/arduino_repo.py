"""A Git repository a library, as Arduino's library registry takes it for submission: the library at its root, a commit
and a tag a version, in the order of publishing. Running it again adds what is new, and rewrites nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from tinypack.errors import Problem, TinypackError
from tinypack.formats import FORMATS
from tinypack.names import c_names
from tinypack.output import new_tree
from tinypack.registry.exports.git_history import Layout, Snapshot, fill
from tinypack.registry.exports.protocol import Chosen, Source

BRIEF = "A Git repository a package, to submit to Arduino's library registry."
FORMAT = "arduino"
NEWEST = False
URL_IS = ""

LAYOUT = Layout(tag="", chained=True, bare=False)


def export(source: Source, packages: Sequence[Chosen], folder: Path, url: str) -> Sequence[Path]:
    paths = [folder / c_names(package.name).prefix for package in packages]
    with ExitStack() as stack:
        for package, path in zip(packages, paths, strict=True):
            snapshots = [Snapshot.of(source, *version) for version in package.versions]
            _check(snapshots)
            fill(stack.enter_context(new_tree(path)), path, snapshots, LAYOUT)
    return paths


def _check(snapshots: Sequence[Snapshot]) -> None:
    """Refuse what the library registry would refuse.

    Raises: TinypackError (invalid-package)
    """
    problems = [
        Problem(
            problem.code, f"{each.release.name} {each.release.version}: {problem.where}", problem.rule, problem.found
        )
        for each in snapshots
        for problem in FORMATS[FORMAT].validate(each.files)
    ]
    if problems:
        raise TinypackError(problems)
