from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.support.registries import SignedRegistry
from tests.support.registry_site import publish
from tinypack.cli.registry_serve import command as serve
from tinypack.cli.registry_site import command as site
from tinypack.errors import TinypackError
from tinypack.registry.site.place import page_place
from tinypack.registry.site.server import Server

FILES = {
    "index.html": b"<p>front",
    "packages/kws/index.html": b"<p>kws",
    "site/search.js": b"1",
    "archives/kws-1.0.0.tar.gz": b"\x1f\x8b",
    "index/kw/1.kws.jsonl": b"{}",
    "empty/a": b"",
    ".lock": b"hidden",
    ".git/config": b"hidden",
}


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    top = tmp_path_factory.mktemp("top")
    (top / "secret").write_bytes(b"secret")
    for path, data in FILES.items():
        (top / "served" / path).parent.mkdir(parents=True, exist_ok=True)
        (top / "served" / path).write_bytes(data)
    (top / "served/link").symlink_to(top / "secret")
    (top / "served/folder").symlink_to(top)
    (top / "served/loop").symlink_to("loop")
    os.mkfifo(top / "served/pipe")
    with Server(top / "served", "127.0.0.1", 0) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server.server_port
        server.shutdown()


def ask(port: int, path: str, method: str = "GET", host: str = "localhost") -> tuple[int, dict[str, str], bytes]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        connection.putrequest(method, path, skip_host=True)
        connection.putheader("Host", host)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()


@pytest.mark.parametrize(
    ("path", "file", "kind"),
    [
        ("/", "index.html", "text/html; charset=utf-8"),
        ("/?q=a", "index.html", "text/html; charset=utf-8"),
        ("/packages/kws/", "packages/kws/index.html", "text/html; charset=utf-8"),
        ("/site/search.js?1", "site/search.js", "text/javascript; charset=utf-8"),
        ("/archives/kws%2D1.0.0.tar.gz", "archives/kws-1.0.0.tar.gz", "application/gzip"),
        ("/index/kw/1.kws.jsonl", "index/kw/1.kws.jsonl", "application/jsonl"),
    ],
)
def test_files_have_their_types(path: str, file: str, kind: str, port: int) -> None:
    status, headers, body = ask(port, path)
    assert (status, body, headers["Content-Type"]) == (200, FILES[file], kind)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert ask(port, path, "HEAD")[::2] == (200, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/../secret",
        "/%2e%2e/secret",
        "/..%2fsecret",
        "/site/..%5c..%5csecret",
        "//../secret",
        "/link",
        "/folder/secret",
        "/loop",
        "/pipe",
        "/.lock",
        "/.git/config",
        "/%00",
        "/c:/secret",
        "/empty/",
        "/site/",
        "/nothing",
        "/index.html/",
        "/" + "a" * 5000,
        "/" + "a/" * 3000,
        "/%ff%fe",
    ],
)
def test_nothing_else_is_given(path: str, port: int) -> None:
    status, _, body = ask(port, path)
    assert status == 404
    assert b"secret" not in body and b"hidden" not in body


def test_folders_end_with_a_slash(port: int) -> None:
    status, headers, _ = ask(port, "/packages/kws?a")
    assert (status, headers["Location"]) == (301, "/packages/kws/")
    assert ask(port, "//example.org/..")[1].get("Location", "/").startswith("/")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_it_only_gives(method: str, port: int) -> None:
    assert ask(port, "/", method)[0] == 501


def test_ctrl_c_ends_it_quietly(tmp_path: Path) -> None:
    argv = [sys.executable, "-c", "from tinypack.cli import main; main()", "registry", "serve", str(tmp_path)]
    with subprocess.Popen(
        [*argv, "--port", "0", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        text = "".join(iter(run.stdout.readline, "}\n")) + "}"
        host, port = json.loads(text)["url"].removeprefix("http://").rstrip("/").split(":")
        assert host == "127.0.0.1" and ask(int(port), "/")[0] == 404
        run.send_signal(signal.SIGINT)
        _, errors = run.communicate(timeout=10)
        assert (run.returncode, errors) == (0, "")


def test_what_can_not_be_served_is_refused(tmp_path: Path, port: int) -> None:
    with pytest.raises(TinypackError, match="the address must be free"):
        CliRunner().invoke(serve, [str(tmp_path), "--port", str(port)], catch_exceptions=False)
    assert CliRunner().invoke(serve, [str(tmp_path / "nothing")]).exit_code == 2


@pytest.mark.parametrize(
    ("url", "output", "base", "expected"),
    [
        ("r", None, "", ("r", "")),
        ("file:///srv/my%20r", None, "", ("/srv/my r", "")),
        ("r", "r", "", ("r", "")),
        ("r", "out", "https://example.org/r", ("out", "https://example.org/r")),
        ("https://example.org/r/", "out", "", ("out", "https://example.org/r")),
        ("https://me:secret@example.org/r", "out", "", ("out", "https://example.org/r")),
        ("git+https://example.org/r.git", "out", "https://example.org/r", ("out", "https://example.org/r")),
    ],
)
def test_where_pages_go(url: str, output: str | None, base: str, expected: tuple[str, str]) -> None:
    folder, found = page_place(url, Path(output) if output else None, base)
    assert (str(folder), found) == expected


@pytest.mark.parametrize(
    ("url", "output", "rule"),
    [
        ("https://example.org/r", None, "--output FOLDER"),
        ("s3://bucket/r", None, "--output FOLDER"),
        ("git@example.org:r.git", None, "--output FOLDER"),
        ("r", "out", "--base-url"),
        ("s3://bucket/r", "out", "--base-url"),
    ],
)
def test_where_pages_can_not_go(url: str, output: str | None, rule: str) -> None:
    with pytest.raises(TinypackError, match=rule):
        page_place(url, Path(output) if output else None, "")


def test_the_command_writes_pages_beside_the_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TINYPACK_CACHE", str(tmp_path / "cache"))
    signed = SignedRegistry(tmp_path / "registry")
    publish(signed.made, "door-guard", "1.0.0", {})
    signed.publish()
    argv = ["--registry", str(signed.folder)]
    answers = [CliRunner().invoke(site, [*argv, "--json"], catch_exceptions=False).output for _ in range(2)]
    first, again = map(json.loads, answers)
    assert (first["rendered"], first["kept"], first["unreadable"]) == (1, 0, [])
    assert (again["rendered"], again["kept"], again["files"]) == (0, 1, 0)
    assert (signed.folder / "packages/door-guard/index.html").is_file()
    said = CliRunner().invoke(site, argv, catch_exceptions=False).output
    assert "0 packages written, 1 as before" in said


@pytest.mark.parametrize(
    ("host", "status"),
    [("127.0.0.1:8000", 200), ("localhost", 200), ("[::1]:80", 200), ("evil.example", 403), ("", 403), ("[", 403)],
)
def test_another_sites_name_leads_nowhere(host: str, status: int, port: int) -> None:
    assert ask(port, "/", host=host)[0] == status
