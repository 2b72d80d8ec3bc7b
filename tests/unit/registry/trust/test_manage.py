"""Registries start, once, and are renewed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from tests.support.trust import Site, contents
from tinypack.errors import TinypackError
from tinypack.registry.stores import Edit, Reader
from tinypack.registry.stores.folder import FolderStore
from tinypack.registry.trust import metadata
from tinypack.registry.trust.keys import KeyFolder
from tinypack.registry.trust.manage import init_registry, open_registry, renew

YEAR = timedelta(days=365)


@pytest.fixture
def at_time(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Have what is signed from now on be signed so long ago."""

    def set_time(ago: timedelta) -> None:
        then = datetime.now(timezone.utc).replace(microsecond=0) - ago
        monkeypatch.setattr(metadata, "now", lambda: then)

    return set_time


def test_settings_are_signed(tmp_path: Path) -> None:
    for mode, given, days in (("private", None, 90), ("public", None, 7), ("public", 30, 30)):
        site = Site(tmp_path / f"{mode}-{days}", mode, timestamp_days=given, name="models")
        settings = site.client().settings
        assert (settings.mode, settings.timestamp_days, settings.name) == (mode, days, "models")
        left = site.head.timestamp.expires - datetime.now(timezone.utc)
        assert timedelta(days=days - 1) < left <= timedelta(days=days)
        assert site.keys.names() == ["models-online", "models-root"]
        assert site.client().root_sha256 == site.started.registry


@pytest.mark.parametrize("bins", [-4, 0, 1, 3, 100, 8192])
def test_bins_are_a_power_of_two(bins: int, tmp_path: Path) -> None:
    with pytest.raises(TinypackError, match="power of two"):
        init_registry(FolderStore(tmp_path / "registry"), KeyFolder(tmp_path / "keys"), bins=bins)
    assert list(tmp_path.iterdir()) == []


def test_a_registry_starts_where_none_is(site: Site) -> None:
    before = contents(site.root)
    for keys in (site.keys, KeyFolder(site.folder / "others")):
        with pytest.raises(TinypackError, match="place that has none"):
            init_registry(site.store, keys)
    assert contents(site.root) == before
    assert KeyFolder(site.folder / "others").names() == []


def test_an_interrupted_start_is_finished(tmp_path: Path) -> None:
    class Dying(FolderStore):
        most = 0

        def update(self, change: Callable[[Reader], Edit]) -> Edit:
            edit = change(self)
            super().update(lambda reader: Edit(new=dict(list(edit.new.items())[: self.most])))
            raise KeyboardInterrupt

    keys, dying = KeyFolder(tmp_path / "keys"), Dying(tmp_path / "registry")
    for dying.most in range(4):
        with pytest.raises(KeyboardInterrupt):
            init_registry(dying, keys, bins=4)
    root = (tmp_path / "registry" / "metadata" / "1.root.json").read_bytes()
    for other in ({"mode": "public"}, {"name": "other"}):
        with pytest.raises(TinypackError, match="root of another one"):
            init_registry(FolderStore(tmp_path / "registry"), keys, bins=4, **other)  # type: ignore[arg-type]
    init_registry(FolderStore(tmp_path / "registry"), keys, bins=4)
    assert (tmp_path / "registry" / "metadata" / "1.root.json").read_bytes() == root


def test_the_timestamp_is_renewed_alone(site: Site) -> None:
    site.client().index("kws")
    before = contents(site.root)
    done = renew(site.store, site.keys)
    after = contents(site.root)
    assert (done.roles, done.lacking) == (["timestamp"], [])
    assert {path for path in after if before.get(path) != after[path]} == {"metadata/timestamp.json"}
    assert done.expires == site.head.timestamp.expires
    site.client().index("kws")


def test_what_is_old_is_renewed(tmp_path: Path, at_time: Callable[[timedelta], None]) -> None:
    at_time(6 * YEAR)
    site = Site(tmp_path)
    site.publish()
    old = site.head
    assert old.timestamp.expires < datetime.now(timezone.utc)
    at_time(timedelta())
    with pytest.raises(TinypackError) as caught:
        site.client().refresh()
    assert caught.value.problems[0].code == "expired"
    done = renew(site.store, site.keys)
    assert {"root", "targets", "snapshot", "timestamp", site.bin()} <= set(done.roles)
    head = site.head
    signed = (head.chain.last, head.targets, head.snapshot, head.bin(site.bin()))
    assert all(each.expires - datetime.now(timezone.utc) > 9 * YEAR for each in signed)
    assert len(head.chain.roots) == 2
    assert site.client().index("kws").lines[0].version == "1.0.0"
    assert renew(site.store, site.keys).roles == ["timestamp"]


def test_cron_needs_no_root_key(tmp_path: Path, at_time: Callable[[timedelta], None]) -> None:
    at_time(6 * YEAR)
    site = Site(tmp_path)
    site.publish()
    at_time(timedelta())
    (site.keys.folder / "registry-root.pem").unlink()
    done = renew(site.store, site.keys)
    assert done.lacking == ["root", "targets"]
    assert "snapshot" in done.roles and "root" not in done.roles
    site.client().index("kws")


def test_a_pinned_url_opens_that_registry_only(site: Site) -> None:
    assert open_registry(f"{site.root}#sha256={site.started.registry}").url == str(site.root)
    with pytest.raises(TinypackError) as caught:
        open_registry(f"{site.root}#sha256={'ab' * 32}")
    assert caught.value.problems[0].code == "untrusted"
