"""What a publish writes, and what it leaves alone."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from tests.support.trust import Liar, Site, contents
from tinypack.errors import TinypackError
from tinypack.registry.package_index import PackageIndex
from tinypack.registry.paths import HEAD
from tinypack.registry.trust import draft
from tinypack.registry.trust.head import Head
from tinypack.registry.trust.keys import KeyFolder


def test_a_publish_touches_a_few_files(site: Site) -> None:
    for count in range(6):
        site.publish(f"package-{count}")
    before = contents(site.root)
    site.publish(version="1.1.0")
    after = contents(site.root)
    new = {path for path in after if path not in before}
    assert len([path for path in new if path.startswith("metadata/")]) == 2  # bin and snapshot
    assert len([path for path in new if path.startswith("index/")]) == 1
    assert {path for path in before if before[path] != after.get(path)} == {HEAD}


def test_an_edit_writes_nothing_by_itself(site: Site) -> None:
    before = contents(site.root)
    head, index = site.head, site.head.index("kws")
    assert index is not None
    edit = head.edit([index], site.online, "again", ["kws-1.0.0"])
    assert contents(site.root) == before
    assert (edit.message, edit.tags) == ("again", ("kws-1.0.0",))
    assert edit.head is not None and edit.head[0] == HEAD
    assert not [path for path in edit.new if path.startswith("index/")]  # it is there already


def test_versions_that_a_crash_left_behind_are_passed_over(site: Site) -> None:
    index = site.head.index("kws")
    assert index is not None
    lost = site.head.edit([index.model_copy(update={"lines": []})], site.online)
    site.store.add(lost.new)  # and then it was killed
    orphans = {path: data for path, data in contents(site.root).items() if path in lost.new}
    assert len(orphans) >= 2
    site.publish(version="1.1.0")
    after = contents(site.root)
    assert {path: after[path] for path in orphans} == orphans
    assert site.client().index("kws").lines[-1].version == "1.1.0"


def test_superseded_files_go_after_a_while(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.publish(version="1.1.0")
    kept = contents(site.root)
    later = datetime.now(timezone.utc) + draft.KEEP
    monkeypatch.setattr(draft, "now", lambda: later)
    site.publish(version="1.2.0")
    gone = {path for path in kept if path not in contents(site.root)}
    assert {path.rpartition("/")[0] for path in gone} == {"metadata", "index/kw"}
    assert len(gone) >= 4 and not [path for path in gone if "root" in path or "archives" in path]
    assert [line.version for line in site.client().index("kws").lines] == ["1.0.0", "1.1.0", "1.2.0"]


def test_there_are_never_many_superseded_files(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draft, "MOST_SUPERSEDED", 6)
    for minor in range(1, 8):
        site.publish(version=f"1.{minor}.0")
    assert len(draft.superseded(site.head.snapshot)) <= 6
    assert len(list((site.root / "metadata").iterdir())) < 12
    assert len(list((site.root / "index" / "kw").iterdir())) < 5


def test_an_index_that_comes_back_is_not_dropped(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    first = site.head.index("kws")
    assert first is not None
    site.publish(version="1.1.0")
    monkeypatch.setattr(draft, "now", lambda: datetime.now(timezone.utc) + timedelta(days=1))
    site.put(first)
    assert site.client().index("kws") == first


def test_packages_that_are_not_there(site: Site, tmp_path: Path) -> None:
    assert site.head.index("other") is None
    with pytest.raises(TinypackError) as caught:
        site.client().index("other")
    assert caught.value.problems[0].code == "no-package"
    for reader in (Liar(site.store, {"metadata/1.root.json": None}),):
        with pytest.raises(TinypackError, match="registry init"):
            Head.read(reader)


def test_who_has_no_online_key_is_told_which_one(site: Site, tmp_path: Path) -> None:
    with pytest.raises(TinypackError) as caught:
        site.head.online_key(KeyFolder(tmp_path / "none"))
    problem = caught.value.problems[0]
    assert problem.code == "missing-key" and site.started.online_key.keyid[:16] in problem.rule


def test_bins_that_grow_too_large_are_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draft, "MOST_BIN_BYTES", 1200)
    before = contents(site.root)
    with pytest.raises(TinypackError, match="more bins"):
        for count in range(12):
            site.publish(f"package-{count}")
            before = contents(site.root)
    assert contents(site.root)[HEAD] == before[HEAD]


def test_summaries_travel_in_the_bins(site: Site) -> None:
    (target,) = [target for path, target in site.head.bin(site.bin()).targets.items() if path.startswith("index/")]
    index = site.head.index("kws")
    assert isinstance(index, PackageIndex) and target.custom == json.loads(json.dumps(index.summary()))
