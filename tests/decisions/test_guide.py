"""What docs/decisions-guide.md shows is so."""

from __future__ import annotations

import doctest
import re
import sys
from pathlib import Path

import pytest

from tinypack.decisions import DECISIONS

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

GUIDE = Path(__file__).parents[2] / "docs" / "decisions-guide.md"
SECTIONS = re.findall(r"(?:^    .+\n)+", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
MANIFESTS = [text for text in SECTIONS if text.startswith("    [decision]")]


def test_examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    failed, tried = doctest.testfile(str(GUIDE), module_relative=False, encoding="utf-8")
    assert failed == 0 and tried > 15


@pytest.mark.parametrize("text", MANIFESTS)
def test_manifests(text: str) -> None:
    keys = tomllib.loads(text)["decision"]
    assert DECISIONS[keys["type"]].Options.model_validate(keys)


def test_every_decision_has_a_manifest() -> None:
    assert {tomllib.loads(text)["decision"]["type"] for text in MANIFESTS} == set(DECISIONS)
