"""What an audit says of a registry that changed its mind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.registry_packages import MADE, MadeUp
from tinypack.errors import TinypackError
from tinypack.registry.client.choose import choose
from tinypack.registry.client.installed import audit
from tinypack.registry.client.lockfile import Lock
from tinypack.registry.client.resolve import parse_wanted
from tinypack.registry.entries import Attested, BoardResult, File, Signed
from tinypack.registry.package_index import Line, PackageIndex

SHA = "ab" * 32
CODE = {"door-guard/x": b"x"}


@pytest.fixture
def registry() -> Any:
    made = MadeUp()
    made.add_files("1.0.0", "cmake", "a.tar.gz", CODE)
    return made


@pytest.fixture
def lock(registry: Any, tmp_path: Path) -> Lock:
    empty = Lock(tmp_path / "tinypack.lock")
    return empty.with_packages(choose(registry, empty, [parse_wanted("door-guard")]))


def replace(registry: Any, *lines: Line) -> None:
    registry.indexes["door-guard"] = PackageIndex(name="door-guard", lines=list(lines))


def said(lock: Lock, registry: Any) -> list[str]:
    return [finding.text for finding in audit(lock, registry) if finding.level == "problem"]


def test_nothing_amiss(lock: Lock, registry: Any) -> None:
    assert said(lock, registry) == []


def test_a_board_that_failed_since(lock: Lock, registry: Any) -> None:
    (line,) = registry.package("door-guard").lines
    boards = [BoardResult(board="native", status="verified"), BoardResult(board="pico", status="failed")]
    file = File(path="attestations/x", size=1, sha256=SHA)
    body = Attested(
        name="door-guard", version="1.0.0", made=MADE, by="x", passed=False, artifacts=[SHA], file=file, boards=boards
    )
    replace(registry, line.model_copy(update={"attestations": [Signed[Attested](body=body)]}))
    assert said(lock, registry) == ["it failed on the board pico"]


def test_other_bytes_under_the_same_version(lock: Lock, registry: Any) -> None:
    registry.indexes.clear()
    registry.add_files("1.0.0", "cmake", "a.tar.gz", {"door-guard/y": b"y"})
    assert said(lock, registry) == ["the lockfile's archive for cmake is not the one that was published"]


def test_a_version_that_is_gone(lock: Lock, registry: Any) -> None:
    replace(registry)
    assert said(lock, registry) == ["the registry has no such version"]


def test_a_registry_that_is_gone(lock: Lock, registry: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> None:
        raise TinypackError.one("unreachable", "https://example.org", "it must answer", "no route")

    monkeypatch.setattr(registry, "refresh", gone)
    assert said(lock, registry) == ["unreachable: https://example.org: no route"]
