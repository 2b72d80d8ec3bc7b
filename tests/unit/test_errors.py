from __future__ import annotations

import re
from pathlib import Path

import pytest

import tinypack
from tinypack.errors import CODES, Problem

SOURCES = Path(tinypack.__file__).parent


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_used(code: str) -> None:
    texts = (path.read_text(encoding="utf-8") for path in SOURCES.rglob("*.py") if path.name != "errors.py")
    assert any(f'"{code}"' in text for text in texts)


@pytest.mark.parametrize("code", CODES)
def test_every_problem_has_a_remedy(code: str) -> None:
    assert re.search(r"^  hint:  \S", str(Problem(code, "here", "a rule", "found")), re.MULTILINE)
    assert Problem(code, "here", "a rule", hint="its own").hint == "its own"


def test_a_code_must_be_known() -> None:
    with pytest.raises(KeyError, match="bad-luck"):
        Problem("bad-luck", "here", "a rule")
