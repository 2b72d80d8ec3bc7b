"""What the commands do with a project's lockfile: install, update, lock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tinypack.registry.client.choose import choose, renew
from tinypack.registry.client.install.install import Downloading, Place, Put, install
from tinypack.registry.client.install.local import Local, is_local
from tinypack.registry.client.lib_deps import without_url, write_all, write_with_ini
from tinypack.registry.client.lockfile import Lock, Locked
from tinypack.registry.client.resolve import parse_wanted
from tinypack.registry.client.session import open_session, turn


@dataclass(frozen=True)
class Written:
    """A lockfile that was written, with what belongs to it.

    without_url  packages that are not in the .ini
    """

    paths: Sequence[Path]
    packages: Sequence[Locked]
    without_url: Sequence[str]


def install_asked(
    lockfile: Path,
    registry: str,
    offline: bool,
    asked: Sequence[str],
    place: Place | None,
    frozen: bool = False,
    force: bool = False,
    downloading: Downloading | None = None,
) -> list[Put]:
    """Install packages by name and range, and local projects by path; without any, what the lockfile names.

    frozen  the lockfile must name all of it, and stays as it is
    Raises: TinypackError with every reason why it can't be; then nothing has changed
    """
    local = [Local(Path(text)) for text in asked if is_local(text)]
    wanted = [parse_wanted(text) for text in asked if not is_local(text)]
    with turn(lockfile):
        session = open_session(lockfile, registry, offline, needed=bool(wanted or not asked), kept=not asked)
        chosen = choose(session.registry, session.lock, wanted, frozen) if asked else [*session.lock.packages.values()]
        if wanted:
            session = session.named()

        def finish(lock: Lock) -> None:
            if wanted or not local:
                write_all(lock, session.registry)

        given = (session.registry, session.lock, chosen, place, local, force, downloading)
        return install(*given, finish=(lambda lock: None) if frozen else finish)


def update(
    lockfile: Path,
    registry: str,
    offline: bool,
    names: Sequence[str],
    force: bool = False,
    downloading: Downloading | None = None,
) -> tuple[dict[str, tuple[str, str]], list[Put]]:
    """Bring locked packages to the highest versions in their ranges; give name -> before, after, and what was put.

    Raises: TinypackError with every reason why it can't be; then nothing has changed
    """
    with turn(lockfile):
        session = open_session(lockfile, registry, offline, kept=True)
        chosen = renew(session.registry, session.lock, names)
        moved = {each.name: (session.lock.packages[each.name].version, each.version) for each in chosen}
        lock = session.lock.with_packages(chosen)
        placed = [each for each in chosen if each.targets]
        put = install(
            session.registry,
            lock,
            placed,
            None,
            force=force,
            downloading=downloading,
            finish=lambda lock: write_all(lock, session.registry),
        )
    return moved, put


def lock(lockfile: Path, registry: str, offline: bool, asked: Sequence[str], script: bool = False) -> Written:
    """Write a lockfile and its .ini; a registry that is given takes the place of another address of it.

    Raises: TinypackError with every reason why it can't be; then nothing has changed
    """
    wanted = [parse_wanted(text) for text in asked]
    with turn(lockfile):
        session = open_session(lockfile, registry, offline)
        session = session.moved() if registry else session.named()
        lock = session.lock.with_packages(choose(session.registry, session.lock, wanted))
        paths = write_with_ini(lock, session.registry, script)
        return Written(paths, list(lock.packages.values()), without_url(lock, session.registry))
