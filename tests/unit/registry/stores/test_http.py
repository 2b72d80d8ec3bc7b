"""A web server may be slow, broken or hostile."""

from __future__ import annotations

import base64
import gzip
import io
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests

from tinypack.errors import TinypackError
from tinypack.registry.paths import HEAD
from tinypack.registry.stores import NotThere, http
from tinypack.registry.stores.http import HttpReader

PACKED = gzip.compress(bytes(1 << 20))


class Server(BaseHTTPRequestHandler):
    """Answers by the last part of the path."""

    protocol_version = "HTTP/1.1"
    seen: list[tuple[str, dict[str, str]]]
    sent: list[int]

    def do_GET(self) -> None:
        self.seen.append((self.path, dict(self.headers)))
        self.close_connection = True
        name = self.path.rpartition("/")[2]
        ANSWERS[name](self)

    def log_message(self, *_: object) -> None:
        return

    def answer(self, code: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(code)
        for key, value in {"content_length": str(len(body)), **headers}.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(bytes(1 << 16))
        except OSError:
            return

    def redirect_endlessly(self) -> None:
        self.send_response(302)
        self.send_header("Location", "/good")
        self.end_headers()
        self.fill()

    def busy_endlessly(self) -> None:
        self.send_response(503)
        self.send_header("Retry-After", "100000")
        self.end_headers()
        self.fill()

    def fill(self) -> None:
        """Send until nobody listens."""
        try:
            for _ in range(1 << 10):
                self.wfile.write(bytes(1 << 16))
                self.sent[0] += 1 << 16
        except OSError:
            return

    def drip(self, start: bytes) -> None:
        try:
            self.wfile.write(start)
            while True:
                self.wfile.write(b"1")
                time.sleep(0.02)
        except OSError:
            return

    def flaky(self) -> None:
        tries = sum(path == self.path for path, _ in self.seen)
        self.answer(200 if tries > 1 else 503, b"at last")


ANSWERS: dict[str, Callable[[Server], None]] = {
    "good": lambda server: server.answer(200, b"good"),
    "timestamp.json": lambda server: server.answer(200, b"head"),
    "packed": lambda server: server.answer(200, PACKED, content_encoding="gzip"),
    "cut": lambda server: server.answer(200, b"half", content_length="100"),
    "moved": lambda server: server.answer(302, location="/good"),
    "circle": lambda server: server.answer(302, location="/circle"),
    "file": lambda server: server.answer(302, location="file:///etc/passwd"),
    "endless": Server.endless,
    "moved-endlessly": Server.redirect_endlessly,
    "busy": Server.busy_endlessly,
    "drip": lambda server: server.drip(b"HTTP/1.1 200 OK\r\n\r\n"),
    "drip-head": lambda server: server.drip(b"HTTP/1.1 200 OK\r\nX: "),
    "drip-chunk": lambda server: server.drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n"),
    "drip-size": lambda server: server.drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
    "flaky": Server.flaky,
    **{str(code): (lambda server, code=code: server.answer(code)) for code in (401, 403, 404, 410, 500)},  # type: ignore[misc]
}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    Server.seen, Server.sent = [], [0]
    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def reader(address: str, monkeypatch: pytest.MonkeyPatch) -> HttpReader:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return HttpReader(f"http://{address}/registry/")


@pytest.mark.parametrize(
    ("path", "content"),
    [("good", b"good"), ("a/good", b"good"), ("moved", b"good"), ("flaky", b"at last"), ("packed", PACKED)],
)
def test_bytes_come_as_they_are_stored(reader: HttpReader, path: str, content: bytes) -> None:
    assert reader.read(path) == content


@pytest.mark.parametrize("code", ["403", "404", "410"])
def test_absent(reader: HttpReader, code: str) -> None:
    with pytest.raises(NotThere, match=code):
        reader.read(code)


@pytest.mark.parametrize(
    ("path", "found"),
    [("401", "401"), ("500", "500"), ("cut", "96 more expected"), ("circle", "redirects"), ("file", "adapters")],
)
def test_unreachable(reader: HttpReader, path: str, found: str) -> None:
    with pytest.raises(TinypackError, match=f"(?s)unreachable.*{found}"):
        reader.read(path)


def test_nobody_listens() -> None:
    with pytest.raises(TinypackError, match="unreachable"):
        HttpReader("http://127.0.0.1:1/registry").read("good")


def test_endless_data_ends(reader: HttpReader) -> None:
    with pytest.raises(TinypackError, match="up to 100000 bytes"):
        reader.read("endless", 100_000)


def test_a_trickle_ends(reader: HttpReader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "SLOW_AFTER", 0.0)
    monkeypatch.setattr(http, "SLOW_RATE", 1e12)
    with pytest.raises(TinypackError, match="bytes/s or more"):
        reader.read("good")


@pytest.mark.parametrize("path", ["drip", "drip-head", "drip-chunk", "drip-size"])
def test_what_drips_ends(reader: HttpReader, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setattr(http, "SLOW_AFTER", 0.2)
    start = time.monotonic()
    with pytest.raises(TinypackError, match="bytes/s or more"):
        reader.read(path)
    assert time.monotonic() - start < 5


@pytest.mark.parametrize(("path", "found"), [("moved-endlessly", ""), ("busy", "503")])
def test_what_no_one_asked_for_is_not_read(
    reader: HttpReader, monkeypatch: pytest.MonkeyPatch, path: str, found: str
) -> None:
    monkeypatch.setattr(http, "PAUSES", (0.0,))
    Server.sent[0] = 0
    if found:
        with pytest.raises(TinypackError, match=found):
            reader.read(path)
    else:
        assert reader.read(path) == b"good"
    assert Server.sent[0] < 32 << 20  # buffers of both sides, not all of it


def test_from_https_nothing_leads_to_http(reader: HttpReader) -> None:
    answer = requests.Response()
    answer.status_code, answer.url, answer.headers["Location"] = 302, "https://registry.invalid/a", "http://x/a"
    answer.raw = io.BytesIO()
    with pytest.raises(requests.RequestException, match="from https"):
        http._Session().get_redirect_target(answer)
    answer.headers["Location"] = "/b"
    assert http._Session().get_redirect_target(answer) == "/b"


def test_only_the_head_is_asked_past_caches(reader: HttpReader) -> None:
    reader.read(HEAD)
    reader.read("good")
    (_, head), (_, other) = Server.seen[-2:]
    assert head["Cache-Control"] == "no-cache"
    assert "Cache-Control" not in other
    assert other["Accept-Encoding"] == "identity"


def test_netrc_and_proxies(address: str, reader: HttpReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    reader.read("good")
    assert Server.seen[-1][1]["Authorization"] == f"Basic {base64.b64encode(b'me:secret').decode()}"
    monkeypatch.setenv("http_proxy", f"http://{address}")
    assert HttpReader("http://registry.invalid/r").read("good") == b"good"
    assert Server.seen[-1][0] == "http://registry.invalid/r/good"


@pytest.mark.parametrize("path", ["../good", "/good", "a b", "good?x", "good#x", "%2e%2e/good", "http://x/good"])
def test_odd_paths_are_not_asked_for(reader: HttpReader, path: str) -> None:
    before = len(Server.seen)
    with pytest.raises(TinypackError, match="bad-registry"):
        reader.read(path)
    assert len(Server.seen) == before


def test_no_password_is_shown(address: str) -> None:
    reader = HttpReader(f"http://me:secret@{address}/registry")
    assert reader.url == f"http://{address}/registry"
    with pytest.raises(TinypackError) as refused:
        reader.read("500")
    assert "secret" not in str(refused.value)
    assert Server.seen[-1][1]["Authorization"].startswith("Basic ")


def test_where_nobody_listens_the_reason_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(TinypackError) as refused:
        HttpReader(f"http://127.0.0.1:{port}").read("good")
    (problem,) = refused.value.problems
    assert "refused" in problem.found and "Max retries" not in problem.found
