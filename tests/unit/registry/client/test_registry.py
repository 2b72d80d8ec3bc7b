from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from tests.support.registries import Quiet, SignedRegistry, served
from tinypack.errors import TinypackError
from tinypack.registry.client.download import download
from tinypack.registry.client.registry import Registry
from tinypack.registry.entries import Archive, File, sha256


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> SignedRegistry:
    made = SignedRegistry(tmp_path_factory.mktemp("registry") / "r")
    made.made.add("door-guard", "1.0.0")
    made.made.add("door-guard", "1.1.0", yanked="wrong labels")
    made.made.add_files("2.0.0", "cmake", "x.tar.gz", {"x": b"x"})
    made.publish()
    return made


@pytest.fixture
def registry(signed: SignedRegistry, tmp_path: Path) -> Registry:
    return Registry(str(signed.folder), tmp_path / "cache")


@pytest.fixture
def archive(signed: SignedRegistry) -> Archive:
    found = signed.made.indexes["door-guard"].lines[0].release.body.archive("arduino")
    assert found is not None
    return found


def test_a_package_is_what_was_published(registry: Registry, signed: SignedRegistry) -> None:
    assert [line.version for line in registry.package("door-guard").lines] == ["1.0.0", "1.1.0", "2.0.0"]
    assert registry.root_sha256 == signed.root_sha256
    assert [hit.name for hit in registry.search("door")] == registry.names() == ["door-guard"]
    with pytest.raises(TinypackError) as caught:
        registry.package("other")
    assert caught.value.problems[0].code == "no-package"


def test_search_learns_of_what_comes_later(tmp_path: Path) -> None:
    made = SignedRegistry(tmp_path / "r")
    made.add("door-guard", "1.0.0")
    assert Registry(made.folder.as_uri(), tmp_path / "cache").names() == ["door-guard"]
    made.add("gesture", "1.0.0")
    again = Registry(made.folder.as_uri(), tmp_path / "cache")
    assert again.names() == ["door-guard", "gesture"]
    (database,) = (tmp_path / "cache").glob("*/search-*.sqlite")
    database.write_bytes(b"nonsense" * 999)
    assert [hit.name for hit in again.search("gest")] == ["gesture"]


def test_a_wrong_pin_is_refused(signed: SignedRegistry, tmp_path: Path) -> None:
    Registry(f"{signed.folder}#sha256={signed.root_sha256}", tmp_path).package("door-guard")
    with pytest.raises(TinypackError) as caught:
        Registry(f"{signed.folder}#sha256={'ab' * 32}", tmp_path).package("door-guard")
    assert caught.value.problems[0].code == "untrusted"


def test_archives_come_in_their_order(registry: Registry, signed: SignedRegistry) -> None:
    archives = [a for line in registry.package("door-guard").lines for a in line.release.body.archives]
    sizes: list[int] = []
    found = list(registry.fetch_all(archives, sizes.append))
    assert found == [(archive, signed.made.files[archive.path]) for archive in archives]
    assert sum(sizes) == sum(archive.size for archive in archives)


def test_what_was_fetched_is_there_offline(signed: SignedRegistry, archive: Archive, tmp_path: Path) -> None:
    other = signed.made.indexes["door-guard"].lines[0].release.body.archive("cmake")
    assert other is not None
    with served(signed.folder) as url:
        registry = Registry(url, tmp_path)
        data, index, names = registry.fetch(archive), registry.package("door-guard"), registry.names()
    offline = Registry(url, tmp_path, offline=True)
    assert (offline.fetch(archive), offline.package("door-guard"), offline.names()) == (data, index, names)
    with pytest.raises(TinypackError, match="not in the cache"):
        offline.fetch(other)


def test_a_cache_that_was_changed_is_fetched_again(registry: Registry, archive: Archive, tmp_path: Path) -> None:
    data = registry.fetch(archive)
    (kept,) = (tmp_path / "cache" / "archives").rglob(archive.sha256)
    for damage in (b"x" * len(data), b"", data + b"x"):
        kept.write_bytes(damage)
        assert registry.fetch(archive) == data
    assert kept.read_bytes() == data


def test_a_cache_that_can_not_be_written_is_no_failure(
    signed: SignedRegistry, archive: Archive, tmp_path: Path
) -> None:
    (tmp_path / "cache").write_bytes(b"a file")
    assert sha256(Registry(str(signed.folder), tmp_path / "cache").fetch(archive)) == archive.sha256


class Endless(Quiet):
    """Sends without end, and says not how much."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(bytes(1 << 16))
        except OSError:
            pass


class CutOff(Quiet):
    """Announces more than it sends."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        self.wfile.write(b"PK\3\4")


class Short(Quiet):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "4")
        self.end_headers()
        self.wfile.write(b"PK\3\4")


class Squeezed(Quiet):
    """A gzip bomb as transport encoding: it must not be expanded."""

    def do_GET(self) -> None:
        import gzip

        self.send_response(200)
        self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(gzip.compress(bytes(10_000_000)))


@pytest.mark.parametrize(
    ("handler", "code"),
    [(Endless, "untrusted"), (CutOff, "unreachable"), (Short, "untrusted"), (Squeezed, "untrusted")],
)
def test_a_hostile_server_is_refused(
    handler: type[SimpleHTTPRequestHandler], code: str, archive: Archive, tmp_path: Path
) -> None:
    with served(tmp_path, handler) as url, pytest.raises(TinypackError) as caught:
        Registry(url, tmp_path / "cache").fetch(archive)
    assert {problem.code for problem in caught.value.problems} == {code}
    assert not (tmp_path / "cache" / "archives").exists()


def tampered(data: bytes) -> bytes:
    return data[:50] + bytes([data[50] ^ 1]) + data[51:]


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        (tampered, "untrusted", "instead of"),
        (lambda data: data[:-1], "untrusted", " bytes"),
        (lambda data: data + b"x", "untrusted", "more than"),
        (None, "bad-registry", "must be there"),
    ],
)
def test_a_tampered_archive_is_refused(
    change: Any, code: str, words: str, signed: SignedRegistry, archive: Archive, tmp_path: Path
) -> None:
    shutil.copytree(signed.folder, tmp_path / "r")
    path = tmp_path / "r" / archive.path
    if change is None:
        path.unlink()
    else:
        path.write_bytes(change(path.read_bytes()))
    registry = Registry(str(tmp_path / "r"), tmp_path / "cache")
    others = registry.package("door-guard").lines[0].release.body.archives
    with pytest.raises(TinypackError, match=words) as caught:
        list(registry.fetch_all(others))
    assert {problem.code for problem in caught.value.problems} == {code}
    assert not list((tmp_path / "cache" / "archives").rglob(archive.sha256))


def test_an_absurd_size_is_not_waited_for() -> None:
    class Never:
        url = "never"

        def chunks(self, path: str) -> Iterator[bytes]:
            raise AssertionError

    file = File(path="archives/x", size=1 << 39, sha256="ab" * 32)
    with pytest.raises(TinypackError, match="are announced"):
        download(Never(), file, lambda _: None)  # type: ignore[arg-type]


def test_downloads_stop_together(registry: Registry, archive: Archive) -> None:
    bad = archive.model_copy(update={"sha256": "ab" * 32})
    with pytest.raises(TinypackError):
        list(registry.fetch_all([bad, *[archive] * 20]))
    assert not [thread for thread in threading.enumerate() if "ThreadPool" in thread.name]
