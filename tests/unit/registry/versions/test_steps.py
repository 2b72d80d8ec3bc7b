"""Which numbers may follow which."""

from __future__ import annotations

import pytest

from tests.unit.registry.versions.packages import facts
from tinypack.registry.versions.change import Step
from tinypack.registry.versions.steps import base_version, check_step, least_version, parse_version

NONE, PATCH, MINOR, MAJOR = Step
CHANGED = {PATCH: {"tinypack": "0.2.0"}, MINOR: {"table_bytes": 20_000}, MAJOR: {"labels": ["a"]}, NONE: {}}

#: Published versions, a version, what changed since its base -> the least version, "" if it may be published.
FOLLOWS = [
    ([], "0.1.0", MAJOR, ""),
    (["1.2.3"], "1.2.4", PATCH, ""),
    (["1.2.3"], "1.2.4", NONE, ""),
    (["1.2.3"], "1.2.4", MINOR, "1.3.0"),
    (["1.2.3"], "1.2.4", MAJOR, "2.0.0"),
    (["1.2.3"], "1.3.0", MINOR, ""),
    (["1.2.3"], "1.3.0", MAJOR, "2.0.0"),
    (["1.2.3"], "1.9.9", MAJOR, "2.0.0"),
    (["1.2.3"], "2.0.0", MAJOR, ""),
    (["1.2.3"], "3.1.4", MAJOR, ""),
    # Counted within the version's own minor line.
    (["1.2.4", "1.3.0"], "1.2.5", PATCH, ""),
    (["1.2.4", "1.3.0"], "1.2.5", MINOR, "1.4.0"),
    (["1.2.4", "1.3.0", "2.0.0"], "1.2.5", MAJOR, "3.0.0"),
    (["1.2.4", "2.0.0"], "1.3.0", MINOR, ""),
    (["1.2.4", "1.2.6"], "1.2.5", PATCH, ""),
    (["2.0.0"], "1.0.0", MAJOR, ""),
    # In 0.y.z what breaks raises y.
    (["0.2.3"], "0.2.4", MINOR, ""),
    (["0.2.3"], "0.2.4", MAJOR, "0.3.0"),
    (["0.2.3"], "0.3.0", MAJOR, ""),
    (["0.2.3"], "1.0.0", MAJOR, ""),
    (["0.0.3"], "0.0.4", MAJOR, "0.1.0"),
    # A prerelease counts as what it leads to, and promises nothing itself.
    (["1.2.3"], "1.3.0-rc.1", MINOR, ""),
    (["1.2.3"], "1.3.0-rc.1", MAJOR, "2.0.0"),
    (["1.2.3", "1.3.0-rc.1"], "1.3.0-rc.2", MINOR, ""),
    (["1.2.3", "2.0.0-rc.1"], "2.0.0", MAJOR, ""),
    (["2.0.0-rc.1"], "2.0.0-rc.2", MAJOR, ""),
    (["1.2.3", "1.3.0-rc.1"], "1.2.4", MINOR, "1.3.0"),
]


@pytest.mark.parametrize(("published", "version", "step", "least"), FOLLOWS)
def test_what_may_follow(published: list[str], version: str, step: Step, least: str) -> None:
    found = check_step(facts(**CHANGED[step]), version, {known: facts() for known in published})
    if not least:
        assert found is None
    else:
        base = base_version(version, published)
        assert found is not None and found.code == "bad-step" and found.where == f"kws {version}"
        assert found.rule == f"what changed since {base} is {step.label}: the least version that tells it is {least}"


def test_only_the_base_is_loaded_and_the_gravest_changes_are_named() -> None:
    def never() -> None:
        raise AssertionError

    published = {"1.0.0": never, "1.2.0": facts, "2.0.0": never}
    found = check_step(facts(labels=["a"], inputs=[], tinypack="0.2.0"), "1.2.1", published)  # type: ignore[arg-type]
    assert found is not None
    assert found.found == "input 0: int8 [1, 490] -> -; labels: yes, no, none -> a"


def test_versions_that_are_taken_are_not_proposed_nor_compared() -> None:
    found = check_step(facts(labels=["a"]), "1.0.1", {"1.0.0": facts()}, taken=["1.0.5", "2.0.0"])
    assert found is not None and "3.0.0" in found.rule


@pytest.mark.parametrize("version", ["1.0.0+build", "1.0", "v1.0.0", "01.0.0", "", "1.0.0-", "9" * 5000 + ".0.0"])
def test_no_build_metadata_nor_anything_that_is_no_version(version: str) -> None:
    found = check_step(facts(), version, {"0.9.0": facts()})
    assert found is not None and found.code == "bad-step" and len(str(found)) < 500
    assert parse_version(version) is None


@pytest.mark.parametrize(
    ("published", "old", "step", "least"),
    [
        (["1.2.0"], "1.2.0", NONE, "1.2.1"),
        (["1.2.0", "1.2.1", "1.2.7"], "1.2.0", PATCH, "1.2.8"),
        (["1.2.0", "1.2.1-rc.1"], "1.2.0", PATCH, "1.2.1"),
        (["1.2.0", "1.3.4"], "1.2.0", MINOR, "1.4.0"),
        (["1.2.0", "1.3.0-rc.1"], "1.2.0", MINOR, "1.3.0"),
        (["1.2.0", "2.1.0"], "1.2.0", MAJOR, "3.0.0"),
        (["0.2.0", "0.3.0"], "0.2.0", MAJOR, "0.4.0"),
        (["1.3.0-rc.1"], "1.3.0-rc.1", MAJOR, "1.3.0"),
        (["not a version"], "1.0.0", PATCH, "1.0.1"),
    ],
)
def test_the_least_version(published: list[str], old: str, step: Step, least: str) -> None:
    assert least_version(published, old, step) == least
