"""Which versions a project uses: those of its lockfile, and what has to be resolved."""

from __future__ import annotations

from collections.abc import Iterable

from tinypack.errors import Problem, TinypackError
from tinypack.registry.client.install.targets import FORMATS
from tinypack.registry.client.lockfile import Lock, Locked, locked
from tinypack.registry.client.registry import Registry
from tinypack.registry.client.resolve import ANY, Wanted, resolve


def choose(registry: Registry, lock: Lock, wanted: Iterable[Wanted], frozen: bool = False) -> list[Locked]:
    """Give what is wanted: as it is locked, if that is in the range, or else the highest that is.

    frozen  the lockfile must have all of it
    Raises: TinypackError (bad-lockfile if frozen; no-package with every package that can't be; as `Registry.refresh`)
    """
    problems: list[Problem] = []
    chosen = []
    asked = list(wanted)
    if not frozen and not all(_is_locked(lock, each) for each in asked):
        registry.refresh()
    for each in asked:
        try:
            chosen.append(_choose(registry, lock, each, frozen))
        except TinypackError as error:
            problems += error.problems
    if problems:
        raise TinypackError(dict.fromkeys(problems))
    return chosen


def renew(registry: Registry, lock: Lock, names: Iterable[str] = ()) -> list[Locked]:
    """Resolve locked packages anew, each within its range; without names all of them.

    Raises: TinypackError (no-package; as `Registry.refresh`)
    """
    problems: list[Problem] = []
    chosen = []
    registry.refresh()
    for name in list(names) or list(lock.packages):
        try:
            if name not in lock.packages:
                raise _not_locked(lock, Wanted(name))
            chosen.append(_resolved(registry, lock, lock.packages[name].wanted))
        except TinypackError as error:
            problems += error.problems
    if problems:
        raise TinypackError(dict.fromkeys(problems))
    return chosen


def _choose(registry: Registry, lock: Lock, wanted: Wanted, frozen: bool) -> Locked:
    there = lock.packages.get(wanted.name)
    if there is not None and _is_locked(lock, wanted):
        range = there.range if wanted.range == ANY else wanted.range
        return there if frozen else there.model_copy(update={"range": range})
    if frozen:
        raise _not_locked(lock, wanted)
    return _resolved(registry, lock, wanted)


def _is_locked(lock: Lock, wanted: Wanted) -> bool:
    there = lock.packages.get(wanted.name)
    return there is not None and (wanted.range == ANY or wanted.takes(there.version))


def _resolved(registry: Registry, lock: Lock, wanted: Wanted) -> Locked:
    line = resolve(registry.package(wanted.name), wanted)
    there = lock.packages.get(wanted.name)
    range = f"^{line.version}" if wanted.range == ANY else wanted.range
    return locked(line, range, FORMATS, there.targets if there else ())


def _not_locked(lock: Lock, wanted: Wanted) -> TinypackError:
    there = lock.packages.get(wanted.name)
    found = there.version if there else "none"
    return TinypackError.one(
        "bad-lockfile", f"{lock.path}: {wanted}", "the lockfile must have a version that fits", found
    )
