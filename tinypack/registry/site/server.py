"""A web server for a folder, for a try: files that lie in it, and nothing else."""

from __future__ import annotations

import mimetypes
import socket
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from os import fstat
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

#: What browsers call a server on this machine. Another name leads here only by another site's trick.
OWN_NAMES = ("localhost", "127.0.0.1", "::1")
IDLE = 30.0  # seconds that a connection may be silent
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".gz": "application/gzip",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".pack": "application/zip",
    ".svg": "image/svg+xml",
    ".zip": "application/zip",
}


class Server(ThreadingHTTPServer):
    """Serves one folder; `url` says where."""

    daemon_threads = True

    def __init__(self, folder: Path, bind: str, port: int) -> None:
        self.address_family = socket.AF_INET6 if ":" in bind else socket.AF_INET
        self.names = OWN_NAMES if bind in OWN_NAMES else ()
        super().__init__((bind, port), partial(Handler, directory=str(folder.resolve())))

    @property
    def url(self) -> str:
        host, port = self.server_address[:2]
        return f"http://[{host!s}]:{port}/" if self.address_family == socket.AF_INET6 else f"http://{host!s}:{port}/"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is none of our concern."""


class Handler(SimpleHTTPRequestHandler):
    """Gives files; no listings, nothing hidden, nothing that a link leads to outside."""

    protocol_version = "HTTP/1.1"
    server_version, sys_version = "tinypack", ""
    timeout = IDLE

    def send_head(self) -> BinaryIO | None:
        names = self.server.names if isinstance(self.server, Server) else ()
        if names and self._asked_for() not in names:
            self._answer(HTTPStatus.FORBIDDEN)
            return None
        path = unquote(urlsplit(self.path).path, errors="replace")
        place = self._place(path)
        if place is not None and place.is_dir():
            if not path.endswith("/"):
                self._answer(HTTPStatus.MOVED_PERMANENTLY, ("Location", f"{urlsplit(self.path).path}/"))
                return None
            place = self._place(f"{path}index.html")
        elif path.endswith("/"):
            place = None
        try:
            file = place.open("rb") if place is not None and place.is_file() else None
        except OSError:
            file = None
        if file is None or place is None:
            self._answer(HTTPStatus.NOT_FOUND)
            return None
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", _type(place))
        self.send_header("Content-Length", str(fstat(file.fileno()).st_size))
        self.end_headers()
        return file

    def _asked_for(self) -> str | None:
        try:
            return urlsplit(f"//{self.headers.get('Host', '')}").hostname
        except ValueError:
            return None

    def end_headers(self) -> None:
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def _place(self, path: str) -> Path | None:
        """Say where a path leads; None if it is out of the folder, hidden, or no path at all."""
        root = Path(self.directory)
        parts = path.split("/")[1:]
        if any(part.startswith(".") or "\\" in part or "\0" in part or ":" in part for part in parts):
            return None
        try:
            place = root.joinpath(*parts).resolve(strict=True)
        except (OSError, RuntimeError, ValueError):
            return None
        return place if place.is_relative_to(root) else None

    def _answer(self, status: HTTPStatus, *headers: tuple[str, str]) -> None:
        text = f"{status.value} {status.phrase}\n".encode()
        self.send_response(status)
        for header in headers:
            self.send_header(*header)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)


def _type(path: Path) -> str:
    ending = path.suffix.lower()
    return TYPES.get(ending) or mimetypes.types_map.get(ending, "application/octet-stream")
