"""Opens stores of each kind."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.stores import bare_repository, s3_server, sftp_server
from tinypack.registry.stores import Store
from tinypack.registry.stores.git import GitStore
from tinypack.registry.stores.opening import open_store

Opened = Callable[[], Store]
KINDS = ["folder", "memory", "git", "s3", pytest.param("sftp", marks=pytest.mark.tools)]


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    with s3_server() as url:
        yield url


@pytest.fixture(scope="session")
def sftp_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sftp")


@pytest.fixture(scope="session")
def sftp_url(sftp_home: Path) -> Iterator[str]:
    with sftp_server(sftp_home) as url:
        yield url


@pytest.fixture
def sftp(sftp_url: str, sftp_home: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("HOME", str(sftp_home))
    return sftp_url


@pytest.fixture
def git_remote(tmp_path: Path) -> str:
    return bare_repository(tmp_path / "remote.git")


@pytest.fixture
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Opened:
    """Give a way to open one empty registry again and again, each time as another writer would."""
    kind = request.param
    name = uuid.uuid4().hex
    if kind == "git":
        url = request.getfixturevalue("git_remote")
        clones = itertools.count()
        return lambda: GitStore(url, tmp_path / f"clone-{next(clones)}")
    urls = {
        "folder": lambda: str(tmp_path / "registry"),
        "memory": lambda: f"memory://{name}/registry",
        "s3": lambda: f"{request.getfixturevalue('s3')}/{name}",
        "sftp": lambda: f"{request.getfixturevalue('sftp')}/{name}",
    }
    url = urls[kind]()
    return lambda: open_store(url)
