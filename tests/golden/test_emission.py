"""The text that a small model is compiled to, committed, so that a change of emission shows in review.

Write it anew by `pytest tests/golden --regenerate`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.content import make_content

EXPECTED = Path(__file__).parent / "expected"
FILES = ("kws_ref.h", "kws_ref/kws_ref_model.c", "kws_ref_selftest.h")


@pytest.mark.parametrize("name", FILES)
def test_emission(name: str, request: pytest.FixtureRequest) -> None:
    content = make_content()
    text = {**content.sources, **content.selftest}[name]
    path = EXPECTED / (Path(name).name + ".txt")  # no C file, so that no tool takes it for ours
    if request.config.getoption("--regenerate"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text
