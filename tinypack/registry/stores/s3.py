"""A registry in a bucket of Amazon S3 or what speaks like it. Its conditional writes keep writers apart: no locks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from fsspec.asyn import sync

from tinypack.registry.paths import HEAD
from tinypack.registry.stores import NotThere
from tinypack.registry.stores.blobs import CHUNK, FsspecBlobs, Lost, Turn
from tinypack.registry.stores.paths import same

#: What servers answer when a condition does not hold, or when two writes meet.
REFUSED = {"PreconditionFailed", "ConditionalRequestConflict", "412", "409"}


class S3Blobs(FsspecBlobs):
    """Needs `PutObject` with If-None-Match and If-Match."""

    def chunks(self, path: str) -> Iterator[bytes]:
        try:
            body = self._call("get_object", path)["Body"]
        except FileNotFoundError:
            raise NotThere(path) from None
        try:
            while chunk := sync(self.fs.loop, body.read, CHUNK):
                yield chunk
        finally:
            body.close()

    def create(self, path: str, data: bytes) -> None:
        self.put(path, data, IfNoneMatch="*")

    def replace(self, path: str, data: bytes) -> None:
        self.put(path, data)

    def remove(self, path: str) -> None:
        self._call("delete_object", path)

    def turn(self, patience: float) -> AbstractContextManager[Turn]:
        return nullcontext(S3Turn(self))

    def put(self, path: str, data: bytes, **condition: str) -> None:
        """Write a file whole. Raises: FileExistsError if the condition does not hold."""
        try:
            self._call("put_object", path, Body=data, **condition)
        except OSError as error:
            answer = getattr(error.__cause__, "response", {}).get("Error", {}).get("Code", "")
            if condition and (isinstance(error, FileExistsError | FileNotFoundError) or answer in REFUSED):
                raise FileExistsError(path) from error
            raise

    def tag(self, path: str) -> str:
        """Give what S3 calls a file's version, "" if there is none."""
        try:
            return str(self._call("head_object", path)["ETag"])
        except FileNotFoundError:
            return ""

    def _call(self, method: str, path: str, **arguments: Any) -> dict[str, Any]:
        bucket, key, _ = self.fs.split_path(self.at(path))
        found: dict[str, Any] = self.fs.call_s3(method, Bucket=bucket, Key=key, **arguments)
        return found


class S3Turn:
    """The head's version from before anything was read: it must still be that when the head is replaced."""

    def __init__(self, blobs: S3Blobs) -> None:
        self._blobs, self._base = blobs, blobs.tag(HEAD)

    def check(self) -> None:
        if self._blobs.tag(HEAD) != self._base:
            raise Lost

    def publish(self, path: str, data: bytes) -> None:
        condition = {"IfMatch": self._base} if self._base else {"IfNoneMatch": "*"}
        try:
            self._blobs.put(path, data, **condition)
        except FileExistsError:
            # Asked again after an answer was lost, a server refuses what it has already taken.
            if not same(self._blobs.chunks(path), data):
                raise Lost from None
