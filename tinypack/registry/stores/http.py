"""A registry on a web server, which is only read. Proxies, certificates and .netrc are those of the environment."""

from __future__ import annotations

import time
from collections.abc import Iterator
from urllib.parse import quote, urlsplit, urlunsplit

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
RETRY = Retry(total=3, backoff_factor=0.3, status_forcelist=(429, 502, 503, 504), raise_on_status=False)
#: 403: an object store says so of a file that is not there, to whom may not list.
ABSENT = {403, 404, 410}


class HttpReader:
    """Takes bytes as they are stored: no compression on the way, so nothing grows while it is unpacked."""

    def __init__(self, url: str) -> None:
        self.url = without_password(url).rstrip("/")
        self._base = url.rstrip("/")
        self._session = requests.Session()
        self._session.headers.update({"User-Agent": "tinypack", "Accept-Encoding": "identity"})
        self._session.max_redirects = 5
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=RETRY, pool_maxsize=16))

    def chunks(self, path: str) -> Iterator[bytes]:
        address = f"{self._base}/{quote(checked(path))}"
        shown = f"{self.url}/{path}"
        headers = {"Cache-Control": "no-cache"} if path == HEAD else {}  # all else never changes
        try:
            with self._session.get(address, stream=True, timeout=TIMEOUT, headers=headers) as response:
                if response.status_code in ABSENT:
                    raise NotThere(f"{path}: {response.status_code} {response.reason}")
                if response.status_code != requests.codes.ok:
                    found = f"{response.status_code} {response.reason}"
                    raise TinypackError.one("unreachable", shown, "the server must give the file", found)
                yield from _timely(response.raw.stream(CHUNK, decode_content=False), shown)
        except (requests.RequestException, HTTPError, OSError) as error:
            raise unreachable(shown, error, "the server must give the whole file") from error

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


def _timely(chunks: Iterator[bytes], where: str) -> Iterator[bytes]:
    """Refuse a server that sends so slowly that it holds its client up."""
    start, size = time.monotonic(), 0
    for chunk in chunks:
        size += len(chunk)
        passed = time.monotonic() - start
        if passed > SLOW_AFTER and size < passed * SLOW_RATE:
            found = f"{size} bytes in {passed:.0f} s"
            raise TinypackError.one("unreachable", where, f"a server sends {SLOW_RATE:.0f} bytes/s or more", found)
        yield chunk
