"""Real registries in folders: signed, of made-up packages."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.support.registry_packages import MadeUp
from tinypack.registry.entries import Signed
from tinypack.registry.package_index import Line, PackageIndex
from tinypack.registry.stores.opening import open_store
from tinypack.registry.trust.head import Head
from tinypack.registry.trust.keys import KeyFolder
from tinypack.registry.trust.manage import init_registry
from tinypack.registry.trust.statements import sign

FEW_BINS = 4


class SignedRegistry:
    """A private registry in a folder; `made` is filled, then `publish` brings all that is new."""

    def __init__(self, folder: Path, bins: int = FEW_BINS) -> None:
        self.folder = folder
        self.store = open_store(str(folder))
        self.keys = KeyFolder(folder.parent / f"{folder.name}-keys")
        self.root_sha256 = init_registry(self.store, self.keys, "private", bins).registry
        self.made = MadeUp()

    def publish(self) -> None:
        """Sign all packages and write them."""
        head = Head.read(self.store)
        key = head.online_key(self.keys)

        def signed(line: Line) -> Line:
            yank = Signed(body=line.yank.body, signatures=sign(line.yank.body, key).signatures) if line.yank else None
            return line.model_copy(update={"release": sign(line.release.body, key), "yank": yank})

        indexes = [
            PackageIndex(name=index.name, lines=[signed(line) for line in index.lines])
            for index in self.made.indexes.values()
        ]
        self.store.add(self.made.files)
        self.store.update(lambda reader: Head.read(reader).edit(indexes, key, "publish", []))

    def add(self, name: str, version: str) -> Line:
        """Publish a version in all formats."""
        line = self.made.add(name, version)
        self.publish()
        return line


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def served(folder: Path, handler: Callable[..., SimpleHTTPRequestHandler] = Quiet) -> Iterator[str]:
    """Serve a folder on loopback; gives its URL."""
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
