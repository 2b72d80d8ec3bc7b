"""What tuf's client says no to, in the words of tinypack: the file, the rule, and what it may mean."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain

from tuf.api import exceptions
from tuf.api.serialization import DeserializationError
from tuf.ngclient import FetcherInterface

from tinypack.errors import TinypackError
from tinypack.registry.stores import NotThere, Reader


class Vanished(Exception):
    """A file that metadata name is gone: superseded while it was read, so a fresh start may help."""


#: What tuf raises -> code and rule; the first that fits.
REFUSALS: tuple[tuple[type[Exception], str, str], ...] = (
    (exceptions.ExpiredMetadataError, "expired", "metadata are not past their date, or someone holds back newer ones"),
    (exceptions.UnsignedMetadataError, "untrusted", "it is signed by a key of its role"),
    (
        exceptions.BadVersionNumberError,
        "untrusted",
        "a registry does not go back to older versions, nor mixes files of different times",
    ),
    (exceptions.LengthOrHashMismatchError, "untrusted", "it has the size and hash that signed metadata name"),
    (exceptions.DownloadLengthMismatchError, "bad-registry", "it is no longer than files of its kind are"),
    (DeserializationError, "bad-registry", "metadata are whole JSON of known shape"),
    (exceptions.RepositoryError, "untrusted", "metadata agree with each other"),
    (exceptions.DownloadError, "unreachable", "it can be read"),
)


class ReaderFetcher(FetcherInterface):
    """Lets tuf's client read a registry; remembers which file it was at, for messages.

    ready  files that were read ahead
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.path = ""
        self.ready: dict[str, bytes] = {}

    def _fetch(self, url: str) -> Iterator[bytes]:
        self.path = url
        if url in self.ready:
            yield self.ready.pop(url)
            return
        try:
            chunks = iter(self._reader.chunks(url))
            first = next(chunks, b"")
        except NotThere:
            raise exceptions.DownloadHTTPError(f"no {url}", 404) from None
        yield from chain((first,), chunks)


@contextmanager
def refusing(url: str, fetcher: ReaderFetcher) -> Iterator[None]:
    """Turn what tuf raises into TinypackError.

    Raises: TinypackError (bad-registry, expired, unreachable, untrusted), Vanished
    """
    try:
        yield
    except exceptions.DownloadHTTPError:
        raise Vanished(fetcher.path) from None
    except (exceptions.RepositoryError, exceptions.DownloadError, DeserializationError) as error:
        code, rule = next((code, rule) for kind, code, rule in REFUSALS if isinstance(error, kind))
        found = str(error.__cause__ or error)[:300]
        raise TinypackError.one(code, f"{url}: {fetcher.path}", rule, found) from None
