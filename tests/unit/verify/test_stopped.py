"""How a self-test ended: crash, hang, wrong answer and silence are told apart."""

from __future__ import annotations

import pytest

from tinypack.verify.emulated import _stopped
from tinypack.verify.tools import Done
from tinypack.verify.transcript import read_transcript

#: Output, exit code, what the reason must say ("" if the run counts as passed).
ROWS = [
    ("vector 0 ok 00000000\nPASS\n", 0, ""),
    ("vector 0 wrong 00000000\nFAIL 1\n", 1, "says FAIL 1"),
    ("FAIL 1\n", 0, "says FAIL 1"),
    ("PASS\n", 3, "exit code 3"),
    ("kernels portable\ncrash: pc=0x00000000\n", 70, "crash: pc=0x00000000"),
    ("kernels portable\n", 124, "hang"),
    ("kernels portable\n", 0, "no verdict"),
    ("", 69, "could not run"),
]


@pytest.mark.parametrize(("text", "code", "reason"), ROWS)
def test_endings(text: str, code: int, reason: str) -> None:
    found = _stopped(Done((), code, text.encode(), b"", 1.0, False), read_transcript(text))
    assert (found == "") == (reason == "")
    assert reason in found
