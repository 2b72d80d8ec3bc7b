"""Which version stands for a package."""

from __future__ import annotations

import pytest

from tests.support.registry_packages import MadeUp


@pytest.mark.parametrize(
    "versions, shown",
    [
        (["1.0.0", "1.10.0", "1.9.0"], "1.10.0"),
        (["1.0.0", "1.1.0-rc.1"], "1.0.0"),
        (["1.1.0-rc.2", "1.1.0-rc.10"], "1.1.0-rc.10"),
        (["1.0.0", "2.0.0 yanked"], "1.0.0"),
        (["1.0.0 yanked"], None),
    ],
)
def test_the_version_that_stands_for_a_package(versions: list[str], shown: str | None) -> None:
    made = MadeUp()
    for each in versions:
        version, _, yanked = each.partition(" ")
        made.add_files(version, "cmake", f"door-guard-{version}.tar.gz", {"door-guard/x": b"x"}, yanked=yanked)
    index = made.package("door-guard")
    assert (index.shown.version if index.shown else None, index.summary().get("version")) == (shown, shown)
