"""A registry on a web server, which is only read. Proxies, certificates and .netrc are those of the environment."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Generator, Iterator
from queue import Empty, Queue
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError
from urllib3.util import Retry

from tinypack.errors import TinypackError
from tinypack.registry.paths import HEAD
from tinypack.registry.stores import MOST_BYTES, NotThere
from tinypack.registry.stores.paths import checked, read_whole, unreachable

CHUNK = 1 << 16
TIMEOUT = (10.0, 30.0)  # seconds to connect, and between two pieces
SLOW_AFTER, SLOW_RATE = 60.0, 1000.0  # seconds, and bytes/s that a server must have sent by then
AHEAD = 4  # pieces that are read before they are wanted
#: Connections are tried again; how long that takes, no server says.
RETRY = Retry(total=3, backoff_factor=0.3, status=0, respect_retry_after_header=False)
BUSY, PAUSES = {429, 502, 503, 504}, (0.3, 0.6, 1.2)  # answers that are asked for again, and after how many seconds
#: 403: an object store says so of a file that is not there, to whom may not list.
ABSENT = {403, 404, 410}


class _Session(requests.Session):
    """Reads nothing of an answer that leads elsewhere: it may be endless. From https nothing leads to http."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        target = super().get_redirect_target(resp)
        if target is not None:
            resp.raw.close()
            if resp.url.startswith("https:") and urlsplit(urljoin(resp.url, target)).scheme != "https":
                raise requests.exceptions.InvalidURL("the server leads from https to a place that is not")
        return target


def _reason(error: Exception) -> Exception:
    """Give what was in the way of a connection, and not how often it was tried."""
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    if not isinstance(reason, Exception):
        return error
    return ConnectionError(re.sub(r"^HTTPS?Connection(Pool)?\(.*?\): ", "", str(reason)))


class HttpReader:
    """Takes bytes as they are stored: no compression on the way, so nothing grows while it is unpacked."""

    def __init__(self, url: str) -> None:
        self.url = without_password(url).rstrip("/")
        self._base = url.rstrip("/")
        self._session = _Session()
        self._session.headers.update({"User-Agent": "tinypack", "Accept-Encoding": "identity"})
        self._session.max_redirects = 5
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=RETRY, pool_maxsize=16))

    def chunks(self, path: str) -> Iterator[bytes]:
        shown = f"{self.url}/{path}"
        try:
            yield from _timely(self._pieces(checked(path), shown), shown)
        except (requests.RequestException, HTTPError, OSError) as error:
            raise unreachable(shown, _reason(error), "the server must give the whole file") from error

    def _pieces(self, path: str, shown: str) -> Generator[bytes]:
        with self._answer(path) as response:
            if response.status_code in ABSENT:
                raise NotThere(f"{path}: {response.status_code} {response.reason}")
            if response.status_code != requests.codes.ok:
                found = f"{response.status_code} {response.reason}"
                raise TinypackError.one("unreachable", shown, "the server must give the file", found)
            yield from response.raw.stream(CHUNK, decode_content=False)

    def _answer(self, path: str) -> requests.Response:
        address = f"{self._base}/{quote(path)}"
        headers = {"Cache-Control": "no-cache"} if path == HEAD else {}  # all else never changes
        for pause in PAUSES:
            response = self._session.get(address, stream=True, timeout=TIMEOUT, headers=headers)
            if response.status_code not in BUSY:
                return response
            response.close()
            time.sleep(pause)
        return self._session.get(address, stream=True, timeout=TIMEOUT, headers=headers)

    def read(self, path: str, most: int = MOST_BYTES) -> bytes:
        return read_whole(self.chunks(path), path, most)


def without_password(url: str) -> str:
    """Leave secrets out of a URL, so that it may be shown: a password; on the web, a user, too, who may be a token."""
    parts = urlsplit(url)
    user, mark, host = parts.netloc.rpartition("@")
    if not mark:
        return url
    kept = "" if parts.scheme.endswith(("http", "https")) else user.partition(":")[0] + "@"
    return urlunsplit(parts._replace(netloc=kept + host))


def _timely(pieces: Generator[bytes], where: str) -> Iterator[bytes]:
    """Refuse a server that sends so slowly, at whichever step, that it holds its client up.

    What waits for it is a thread, which may be left behind: no socket's time limit counts what drips.
    """
    queue: Queue[bytes | BaseException | None] = Queue(AHEAD)
    over = threading.Event()
    threading.Thread(target=_fill, args=(queue, pieces, over), daemon=True).start()
    start, size = time.monotonic(), 0
    try:
        while True:
            try:
                piece = queue.get(timeout=max(0.0, start + SLOW_AFTER + size / SLOW_RATE - time.monotonic()))
            except Empty:
                found = f"{size} bytes in {time.monotonic() - start:.0f} s"
                rule = f"a server sends {SLOW_RATE:.0f} bytes/s or more"
                raise TinypackError.one("unreachable", where, rule, found) from None
            if isinstance(piece, BaseException):
                raise piece
            if piece is None:
                return
            size += len(piece)
            yield piece
    finally:
        over.set()
        while not queue.empty():  # whoever waits to put something finds room
            queue.get_nowait()


def _fill(queue: Queue[bytes | BaseException | None], pieces: Generator[bytes], over: threading.Event) -> None:
    last: BaseException | None = None
    try:
        for piece in pieces:
            queue.put(piece)
            if over.is_set():
                break
    except BaseException as error:
        last = error
    pieces.close()
    if not over.is_set():
        queue.put(last)
