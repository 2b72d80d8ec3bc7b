"""Debian packages of another suite, unpacked beside the machine's own: nothing that is installed changes.

Apt itself says where the machine's packages come from, fetches from there, and checks signatures; with folders of its
own it needs no root.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tinypack.errors import TinypackError
from tinypack.verify.core_dir import core_dir
from tinypack.verify.tools import require, run, which

TIME_LIMIT = 600  # seconds
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")


def beside(suite: str) -> Path:
    """Say where the packages of a suite are unpacked, whether or not any is."""
    return core_dir() / "beside" / suite


def unpacked(suite: str, name: str) -> Path | None:
    """Find a program among what is unpacked of a suite."""
    path = beside(suite) / "usr" / "bin" / name
    return path if path.is_file() else None


def program(suite: str, name: str) -> Path | None:
    """Find a program on the PATH, or else among what is unpacked of a suite."""
    return which(name) or unpacked(suite, name)


def unpack_beside(suite: str, packages: Sequence[str]) -> Path:
    """Fetch and unpack packages of a Debian suite, such as "sid"; give the folder that holds their `usr`.

    Raises: TinypackError (missing-tool) if this is no Debian, or apt can't fetch them
    """
    apt = require("apt-get", "apt")
    home = beside(suite)
    with tempfile.TemporaryDirectory(prefix="tinypack-") as name:
        folder = Path(name)
        (folder / "lists" / "partial").mkdir(parents=True)
        (folder / "archives" / "partial").mkdir(parents=True)
        sources = folder / "sources.list"
        sources.write_text(f"deb [signed-by={KEYRING}] {_archive()} {suite} main\n", encoding="utf-8")
        options = {
            "Dir::Etc::SourceList": sources,
            "Dir::Etc::SourceParts": "/dev/null",
            "Dir::State::Lists": folder / "lists",
            "Dir::Cache": folder,
            "Debug::NoLocking": "true",
        }
        words: list[str | Path] = [apt, "-qq", *(f"-o{key}={value}" for key, value in options.items())]
        for step in (["update"], ["download", *packages]):
            _must([*words, *step], folder, packages)
        home.mkdir(parents=True, exist_ok=True)
        for archive in folder.glob("*.deb"):
            _must(["dpkg-deb", "-x", archive, home], folder, packages)
    for package in packages:
        _stamp(suite, package).touch()
    return home


def main() -> None:
    """Unpack what is not there yet: `python -m tinypack.verify.beside SUITE PACKAGE…`."""
    suite, *packages = sys.argv[1:]
    if not all(_stamp(suite, package).exists() for package in packages):
        print(f"setup: {' '.join(packages)} of {suite}, unpacked in {beside(suite)}")
        try:
            unpack_beside(suite, packages)
        except TinypackError as error:
            sys.exit(str(error))


def _stamp(suite: str, package: str) -> Path:
    return beside(suite) / f".{package}"


def _archive() -> str:
    """Ask apt for the archive that the machine installs from."""
    listed = run(["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"], time_limit=60)
    uris = listed.text.split()
    if not uris:
        raise TinypackError.one("missing-tool", "apt", "apt must have a source of packages", "none", "apt-get update")
    return uris[0]


def _must(argv: Sequence[str | Path], folder: Path, packages: Sequence[str]) -> None:
    done = run(argv, time_limit=TIME_LIMIT, cwd=folder)
    if not done.ok:
        found = (done.error_text.strip() or f"exit {done.code}")[-400:]
        raise TinypackError.one("missing-tool", ", ".join(packages), "apt must fetch the package", found)


if __name__ == "__main__":
    main()
