"""Installing: what a lockfile names, what is asked for beside, and local projects; all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tinypack.errors import TinypackError
from tinypack.registry.client.install.local import Local
from tinypack.registry.client.install.marker import read_marker
from tinypack.registry.client.install.place import Tree, intact, place_problems, placed, readable
from tinypack.registry.client.install.targets import ECOSYSTEMS, Ecosystem
from tinypack.registry.client.install.unpacked import unpacked
from tinypack.registry.client.lockfile import Lock, Locked, Target
from tinypack.registry.client.registry import Registry
from tinypack.registry.entries import Archive


@dataclass(frozen=True)
class Place:
    """Where packages go: `--to` and `--into`, which is a folder as the user names it, or None."""

    to: str
    into: Path | None = None


@dataclass(frozen=True)
class Put:
    """A package in its place.

    before   the version that was there, "" if none
    changed  False: all was there already
    next     what the user does now
    """

    name: str
    version: str
    to: str
    folder: Path
    before: str
    changed: bool
    unverified: bool
    next: str

    def to_json(self) -> dict[str, Any]:
        """Give plain data for json.dumps."""
        return {**asdict(self), "folder": str(self.folder)}


@dataclass(frozen=True)
class _Job:
    name: str
    version: str
    to: str
    folder: Path
    within: Path | None
    source: Archive | Local
    unverified: bool = False

    @property
    def ecosystem(self) -> Ecosystem:
        return ECOSYSTEMS[self.to]

    @property
    def sha256(self) -> str:
        return self.source.sha256


#: Tells how many bytes there are to fetch, and gives what hears how many came.
Downloading = Callable[[int], Callable[[int], None]]


def install(
    registry: Registry,
    lock: Lock,
    packages: Sequence[Locked],
    place: Place | None,
    projects: Sequence[Local] = (),
    force: bool = False,
    downloading: Downloading | None = None,
    finish: Callable[[Lock], None] = Lock.write,
) -> list[Put]:
    """Put packages of a lock into a place, or without one each into its own; then finish with the lock that notes it.

    Those that have no place of their own are only noted.
    A package that moves to another version does so in all places that the lock notes.
    A place outside the project's folder is not noted: it would mean nothing on another machine.
    Raises: TinypackError with every reason why it can't be; then nothing has changed
    """
    target = noted(lock, place) if place else None
    jobs = [job for each in packages for job in _jobs(lock, each, place)]
    jobs += [job for each in packages if place and _moves(lock, each) for job in _jobs(lock, each, None)]
    jobs += [_local_job(lock, local, place) for local in projects]
    if not jobs and packages and place is None:
        rule = "it must be known where packages go"
        raise TinypackError.one("bad-lockfile", str(lock.path), rule, "none of them has a target", "add `--to`")
    jobs = list({(job.folder, job.sha256): job for job in jobs}.values())
    with readable(lock.root):
        todo = [job for job in jobs if not intact(job.folder, job.sha256)]
        befores = {job.folder: _version_in(job.folder) for job in jobs}
        trees = list(_trees(registry, todo, downloading))
        problems = place_problems(trees, force)
    if problems:
        raise TinypackError(problems)
    new = lock.with_packages(each.put(target) if target else each for each in packages)
    with placed(trees):
        finish(new)
    changed = {tree.folder for tree in trees}
    return [_put(lock.root, job, befores[job.folder], job.folder in changed) for job in jobs]


def noted(lock: Lock, place: Place) -> Target | None:
    """Say how a lockfile notes a place; None if it does not."""
    if place.into is None:
        return Target(to=place.to)
    root, into = lock.root.resolve(), place.into.absolute().resolve()
    if into == ECOSYSTEMS[place.to].usual(lock.root).resolve():
        return Target(to=place.to)
    try:
        return Target(to=place.to, into=into.relative_to(root).as_posix()) if root in into.parents else None
    except ValidationError:  # a name that other systems can't have
        return None


def folder_of(lock: Lock, name: str, target: Target) -> Path:
    """Say where a package lies, as a lockfile notes it.

    Raises: TinypackError (bad-lockfile)
    """
    _known(lock, target.to)
    ecosystem = ECOSYSTEMS[target.to]
    home = lock.root / target.into if target.into else ecosystem.usual(lock.root)
    return home / ecosystem.folder(name)


def _moves(lock: Lock, package: Locked) -> bool:
    before = lock.packages.get(package.name)
    return before is not None and before.version != package.version


def _jobs(lock: Lock, package: Locked, place: Place | None) -> Iterator[_Job]:
    targets = [Target(to=place.to)] if place else package.targets
    for target in targets:
        folder = folder_of(lock, package.name, target)
        archive = package.archive(ECOSYSTEMS[target.to].format)
        if archive is None:
            there = ", ".join(each.format for each in package.archives) or "nothing for any"
            where = f"{package.name} {package.version}"
            raise TinypackError.one("no-package", where, f"it must have an archive for {target.to}", there)
        within: Path | None = lock.root
        if place and place.into:
            folder, within = place.into.absolute() / folder.name, None
        elif lock.root not in folder.parents:  # the sketchbook
            within = None
        yield _Job(package.name, package.version, target.to, folder, within, archive, package.unverified)


def _local_job(lock: Lock, local: Local, place: Place | None) -> _Job:
    if place is None:
        raise TinypackError.one("io", str(local.path), "it must be known where a package goes", "", "add `--to`")
    folder = folder_of(lock, local.name, Target(to=place.to))
    folder, within = (place.into.absolute() / folder.name, None) if place.into else (folder, lock.root)
    return _Job(local.name, local.version, place.to, folder, within, local)


def _trees(registry: Registry, jobs: Sequence[_Job], downloading: Downloading | None) -> Iterator[Tree]:
    fetched = {job.sha256: job.source for job in jobs if isinstance(job.source, Archive)}
    hear = downloading(sum(archive.size for archive in fetched.values())) if downloading and fetched else None
    data = {archive.sha256: data for archive, data in registry.fetch_all(fetched.values(), hear)} if fetched else {}
    for job in jobs:
        archive = job.source
        given = data[archive.sha256] if isinstance(archive, Archive) else archive.build(job.ecosystem.format)
        where = archive.filename if isinstance(archive, Archive) else str(archive.path)
        named: dict[str, Any] = {"name": job.name, "version": job.version, "source": job.sha256}
        yield unpacked(given, where, job.ecosystem.top, folder=job.folder, within=job.within, **named)


def _put(root: Path, job: _Job, before: str, changed: bool) -> Put:
    inside = root in job.folder.parents
    shown = job.folder.relative_to(root).as_posix() if inside else job.folder.as_posix()
    advice = job.ecosystem.next(job.name, shown)
    return Put(job.name, job.version, job.to, job.folder, before, changed, job.unverified, advice)


def _version_in(folder: Path) -> str:
    marker = read_marker(folder)
    return marker.version if marker else ""


def _known(lock: Lock, to: str) -> None:
    if to not in ECOSYSTEMS:
        rule = f"a target is one of {', '.join(ECOSYSTEMS)}"
        raise TinypackError.one("bad-lockfile", str(lock.path), rule, to)
