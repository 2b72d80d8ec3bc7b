from __future__ import annotations

import json
from pathlib import Path

import pytest

from tinypack.manifest import manifest_schema
from tinypack.references import pages

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", sorted(pages()))
def test_committed_page_is_current(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == pages()[name], "run `make references`"


def test_committed_schema_is_current() -> None:
    assert json.loads((DOCS / "tinypack.schema.json").read_text(encoding="utf-8")) == manifest_schema()
