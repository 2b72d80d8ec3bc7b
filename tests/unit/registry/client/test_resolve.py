from __future__ import annotations

import pytest

from tests.support.registry_packages import make_line, make_release
from tinypack.errors import TinypackError
from tinypack.registry.client.resolve import newer, parse_wanted, resolve
from tinypack.registry.package_index import PackageIndex

VERSIONS = ("0.9.0", "1.0.0-rc.1", "1.0.0", "1.2.5", "1.3.0", "2.0.0-beta.1", "nonsense")
YANKED = "1.3.0"


def made(*versions: str) -> PackageIndex:
    lines = [make_line(make_release("kws", v), "wrong labels" if v == YANKED else "") for v in versions]
    return PackageIndex(name="kws", lines=lines)


INDEX = made(*VERSIONS)


@pytest.mark.parametrize(
    ("wanted", "version"),
    [
        ("kws", "1.2.5"),
        ("kws@*", "1.2.5"),
        ("kws@^1", "1.2.5"),
        ("kws@~1.0", "1.0.0"),
        ("kws@1.x", "1.2.5"),
        ("kws@>=0.9 <1", "0.9.0"),
        ("kws@>=0.9, <1", "0.9.0"),
        ("kws@1.0.0", "1.0.0"),
        ("kws@=1.0.0", "1.0.0"),
        ("kws@1.0.0-rc.1", "1.0.0-rc.1"),
        ("kws@>=2.0.0-alpha", "2.0.0-beta.1"),
    ],
)
def test_the_highest_in_the_range_is_taken(wanted: str, version: str) -> None:
    assert resolve(INDEX, parse_wanted(wanted)).version == version


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ("kws@1.3.0", "1.3.0 was yanked: wrong labels"),
        ("kws@^1.3", "1.3.0 was yanked: wrong labels"),
        ("kws@^2", "2.0.0-beta.1 is a prerelease"),
        ("kws@^3", "1.2.5 is out of range"),
    ],
)
def test_an_error_says_why_nothing_was_taken(wanted: str, words: str) -> None:
    with pytest.raises(TinypackError) as caught:
        resolve(INDEX, parse_wanted(wanted))
    (problem,) = caught.value.problems
    assert problem.code == "no-package"
    assert words in problem.found
    assert "nonsense" not in problem.found


def test_many_versions_are_not_all_explained() -> None:
    with pytest.raises(TinypackError, match="88 older ones"):
        resolve(made(*(f"1.0.{i}" for i in range(100))), parse_wanted("kws@^2"))


@pytest.mark.parametrize(
    "wanted",
    ["", "@1", "kws@", "kws@latest", "KWS", "../kws", "kws\x1b[2J", "kws@" + "1" * 300, "kws@==1.2", "kws@>=y"],
)
def test_what_is_no_range_is_refused(wanted: str) -> None:
    with pytest.raises(TinypackError) as caught:
        parse_wanted(wanted)
    assert caught.value.problems[0].code == "no-package"
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize(
    ("version", "expected"), [("0.9.0", "1.2.5"), ("1.2.5", ""), ("2.0.0-alpha", "2.0.0-beta.1"), ("3.0.0", "")]
)
def test_newer(version: str, expected: str) -> None:
    assert newer(INDEX, version) == expected
