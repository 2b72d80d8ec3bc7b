from __future__ import annotations

import re
from pathlib import Path

import pytest

import tinypack
from tinypack.cli.show import show_table
from tinypack.errors import CODES, Problem, without_secrets

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


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://me:secret@host/r", "https://host/r"),
        ("see https://token@host:8080/r.git, or a@b", "see https://host:8080/r.git, or a@b"),
        ("git+https://token@host/r", "git+https://host/r"),
        ("sftp://me:se@cret@host/r", "sftp://me@host/r"),
        ("s3://key:secret@bucket/r", "s3://key@bucket/r"),
        ("ssh://git@host/r.git, git@host:r.git", "ssh://git@host/r.git, git@host:r.git"),
        ("http://host/a?b=c@d", "http://host/a?b=c@d"),
    ],
)
def test_secrets_of_addresses_are_not_shown(text: str, shown: str) -> None:
    assert without_secrets(text) == shown
    assert Problem("io", text, text, text, text).where == shown


def test_a_table_steers_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    show_table("a\x1b[2J", ("b",), [("c\x1b[2J\u202e",)])
    found = capsys.readouterr().out
    assert "\x1b" not in found and "\u202e" not in found and "c\\x1b[2J" in found


@pytest.mark.parametrize("evil", ["\x1b[2J", "\x9b2J", "\r", "\b", "\u202e", "\u2066", "\ud800", "\x7f"])
def test_a_problem_steers_no_terminal(evil: str) -> None:
    text = str(Problem("io", evil, f"two\nlines\t{evil}", evil, evil))
    assert evil not in text and text.count("\n") == 4 and "\t" in text
