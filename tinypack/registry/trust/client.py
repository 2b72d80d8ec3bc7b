"""A registry as a client trusts it: refreshed, verified, remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from tinypack.errors import TinypackError
from tinypack.registry.entries import canonical, sha256
from tinypack.registry.package_index import MOST_INDEX_BYTES, PackageIndex, parse_index
from tinypack.registry.paths import HEAD, index_path
from tinypack.registry.stores import NotThere, Reader
from tinypack.registry.trust.cache import Cache, Place, State
from tinypack.registry.trust.metadata import metadata_path, now
from tinypack.registry.trust.refusals import Vanished
from tinypack.registry.trust.settings import MOST_ROOT_BYTES, MOST_TIMESTAMP_BYTES, Settings
from tinypack.registry.trust.statements import check_index
from tinypack.registry.trust.update import bin_of, read_bin, update

AT_ONCE = 8  # bins that are fetched side by side
ATTEMPTS = 5  # at a registry that changes while it is read
Given = TypeVar("Given")


class Trusted:
    """Reads what a registry says, and believes nothing that is not signed, fresh, and in line with what it said before.

    pin      SHA-256 of the registry's first root; "" trusts the one that is found at first, and no other one later
    offline  use what was fetched before, as long as it has not expired
    """

    def __init__(self, reader: Reader, folder: Path, pin: str = "", offline: bool = False) -> None:
        self.reader = reader
        self._cache = Cache(folder)
        self._pin = pin
        self._offline = offline
        self._state: State | None = None

    def refresh(self) -> None:
        """Learn what is new; one small file is read if nothing is.

        Raises: TinypackError (bad-registry, busy, expired, io, unreachable, untrusted)
        """
        with self._cache.turn():
            self._refresh()

    @property
    def settings(self) -> Settings:
        return self._known().settings

    @property
    def root_sha256(self) -> str:
        """What this registry is known by, and what a pin says."""
        return self._known().registry

    @property
    def delegation(self) -> str:
        """Say under which delegation `bin_versions` count: versions that others signed before say nothing of these."""
        return self._known().targets

    @property
    def bin_versions(self) -> dict[str, int]:
        return self._known().bins

    def index(self, name: str) -> PackageIndex:
        """Give all that the registry says of a package.

        Raises: TinypackError (no-package, not-owner; as `refresh`)
        """
        with self._cache.turn():
            return self._retrying(lambda: self._index(name))

    def summaries(self, known: Mapping[str, int] | None = None) -> Iterator[tuple[str, int, dict[str, dict[str, Any]]]]:
        """Give bins: name, version, package -> summary. Some are fetched side by side, and no more held at once.

        known  name -> version of those to leave out unless they changed
        Raises: TinypackError (as `refresh`)
        """
        wanted = [name for name, version in self._known().bins.items() if (known or {}).get(name) != version]
        for start in range(0, len(wanted), AT_ONCE):
            names = wanted[start : start + AT_ONCE]
            with self._cache.turn():
                found = self._retrying(lambda: self._bins(names))  # noqa: B023
            for name, places in found.items():
                yield name, self._known().bins[name], {package: place.summary for package, place in places.items()}

    def _known(self) -> State:
        if self._state is None:
            self.refresh()
        assert self._state is not None
        return self._state

    def _refresh(self) -> None:
        state = self._cache.state()
        if state is not None:
            self._check_pin(state.registry)
        if self._offline:
            if state is None:
                raise self._not_cached("the registry")
        elif state is None or sha256(self._read_head()) != state.timestamp:
            state = self._retrying(self._renew)
        if state.expired(now()):
            rule = "metadata are not past their date, or someone holds back newer ones"
            raise TinypackError.one("expired", f"{self.reader.url}: {HEAD}", rule, f"they expired {state.expires}")
        self._state = state

    def _renew(self) -> State:
        """Run tuf's client, and keep what it finds."""
        roots = self._cache.roots() or [self._first_root()]
        self._check_pin(sha256(roots[0]))
        found = update(self.reader, roots, self._cache.top())
        self._cache.put(found.state, found.roots, found.top)
        self._state = found.state
        return found.state

    def _retrying(self, attempt: Callable[[], Given]) -> Given:
        for _ in range(ATTEMPTS):
            try:
                return attempt()
            except Vanished as gone:
                path = str(gone)
                if self._state is not None:
                    self._renew_once()
        where = f"{self.reader.url}: {path}"
        raise TinypackError.one("bad-registry", where, "what metadata name is there", "no such file")

    def _renew_once(self) -> None:
        try:
            self._renew()
        except Vanished:
            return

    def _bins(self, names: Sequence[str]) -> dict[str, dict[str, Place]]:
        with ThreadPoolExecutor(len(names)) as pool:
            return dict(zip(names, pool.map(self._bin, names), strict=True))

    def _bin(self, name: str) -> dict[str, Place]:
        known = self._known()
        version = known.bins.get(name)
        if version is None:
            return {}
        found = self._cache.bin(name, version, known.targets)
        if found is not None:
            return found
        if self._offline:
            raise self._not_cached(f"bin {name}")
        found = read_bin(self.reader, name, known, self._cache.top()["targets.json"])
        self._cache.put_bin(name, version, known.targets, found)
        return found

    def _index(self, name: str) -> PackageIndex:
        place = self._bin(bin_of(name, self._known())).get(name)
        if place is None:
            raise TinypackError.one(
                "no-package", f"{self.reader.url}: {name}", "a package is in the registry", "it is not"
            )
        cached = self._cache.index(name)
        if cached and sha256(cached) == place.sha256:
            return parse_index(name, cached)
        if self._offline:
            raise self._not_cached(f"index of {name}")
        data = self._download(name, place)
        index, state = parse_index(name, data), self._known()
        check_index(index, state.settings, state.root_keys, state.online_keys, state.registry)
        before = _remembered(name, cached)
        if before:
            check_grown(before, index, self.reader.url)
        self._cache.put_index(name, data)
        return index

    def _download(self, name: str, place: Place) -> bytes:
        path, most = index_path(name, place.sha256), min(place.length, MOST_INDEX_BYTES)
        data = bytearray()
        try:
            for chunk in self.reader.chunks(path):
                data += chunk
                if len(data) > most:
                    break
        except NotThere:
            raise Vanished(path) from None
        if len(data) != place.length or sha256(bytes(data)) != place.sha256:
            found = f"{len(data)} bytes, not {place.length}" if len(data) != place.length else "another hash"
            rule = "it has the size and hash that signed metadata name"
            raise TinypackError.one("untrusted", f"{self.reader.url}: {path}", rule, found)
        return bytes(data)

    def _read_head(self) -> bytes:
        try:
            return self.reader.read(HEAD, MOST_TIMESTAMP_BYTES)
        except NotThere:
            raise self._no_registry(HEAD) from None

    def _first_root(self) -> bytes:
        path = metadata_path("root", 1)
        try:
            return self.reader.read(path, MOST_ROOT_BYTES)
        except NotThere:
            raise self._no_registry(path) from None

    def _check_pin(self, registry: str) -> None:
        if self._pin and registry != self._pin:
            where = f"{self.reader.url}: {metadata_path('root', 1)}"
            rule = f"the registry's first root has the pinned SHA-256, {self._pin}"
            raise TinypackError.one("untrusted", where, rule, registry)

    def _no_registry(self, path: str) -> TinypackError:
        hint = "check the address"
        return TinypackError.one(
            "bad-registry", f"{self.reader.url}: {path}", "a registry is here", "no such file", hint
        )

    def _not_cached(self, what: str) -> TinypackError:
        rule = "offline, only what was fetched before is known"
        return TinypackError.one("unreachable", f"{self.reader.url}: {what}", rule, "it was not", "go online once")


def _remembered(name: str, cached: bytes) -> PackageIndex | None:
    """Give what was seen of a package; nothing if the cache is damaged."""
    try:
        return parse_index(name, cached) if cached else None
    except TinypackError:
        return None


def check_grown(before: PackageIndex, after: PackageIndex, url: str) -> None:
    """Check that an index only grew: owners follow those that were seen, versions and yanks stay what they were.

    Raises: TinypackError (untrusted)
    """
    where = f"{url}: index of {after.name}"
    owners = [canonical(signed.body) for signed in before.owners]
    if [canonical(signed.body) for signed in after.owners[: len(owners)]] != owners:
        rule = "a package's owners only change by a statement of an owner, or of the registry's root keys"
        raise TinypackError.one("untrusted", where, rule, "other owners than were seen before")
    for line in before.lines:
        now = after.line(line.version)
        if now is None or canonical(now.release.body) != canonical(line.release.body):
            found = "it vanished" if now is None else "another one"
            raise TinypackError.one("untrusted", f"{where} {line.version}", "a published version stays as it is", found)
        if line.yank and (now.yank is None or now.yank.body.made < line.yank.body.made):
            rule, found = "a yank is only undone by a newer statement", "an older one" if now.yank else "it vanished"
            raise TinypackError.one("untrusted", f"{where} {line.version}", rule, found)
