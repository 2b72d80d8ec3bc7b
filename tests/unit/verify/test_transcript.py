from __future__ import annotations

import pytest

from tinypack.verify.transcript import Transcript, read_transcript


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("vector 0 ok 0012abcd", Transcript(digests={0: 0x12ABCD})),
        ("vector 1 wrong ffffffff", Transcript(digests={1: 0xFFFFFFFF})),
        ("vector 12 digest 00000001", Transcript(digests={12: 1})),
        ("node 3 41 000000ff", Transcript(nodes={(3, 41): 255})),
        ("stream 0 ok 0012abcd", Transcript(streams={0: True})),
        ("stream 2 wrong 0012abcd", Transcript(streams={2: False})),
        ("kernels portable", Transcript(kernels="portable")),
        ("stack 180", Transcript(stack_bytes=180)),
        ("stack 0", Transcript(stack_bytes=0)),
        ("PASS", Transcript(verdict="PASS")),
        ("FAIL 3", Transcript(verdict="FAIL 3")),
        ("FAIL init", Transcript(verdict="FAIL init")),
        ("", Transcript()),
        # Serial ends lines as Windows does.
        ("vector 0 ok 00000001\r\nPASS\r\n", Transcript(digests={0: 1}, verdict="PASS")),
        ("crash: SIGSEGV\n\n  at 0x0 ", Transcript(rest=["crash: SIGSEGV", "at 0x0"])),
        # What only looks like a line is no proof.
        *((line, Transcript(rest=[line])) for line in ("vector 0 ok 12", "PASSED", "node 1 00000000", "vector 0 ok x")),
    ],
)
def test_lines(text: str, read: Transcript) -> None:
    assert read_transcript(text) == read


def test_a_later_line_keeps_what_an_earlier_one_said() -> None:
    text = "kernels portable\nnode 0 1 00000001\nstack 16\nvector 0 ok 00000002\nnode 1 1 00000003\nPASS\n"
    expected = Transcript({0: 2}, {(0, 1): 1, (1, 1): 3}, {}, "portable", 16, "PASS")
    assert read_transcript(text) == expected
