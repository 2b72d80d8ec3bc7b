from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from tinypack.verify.page import SIGNS, html_page
from tinypack.verify.report import Attestation

VOID = {"meta", "rect"}


class Reader(HTMLParser):
    """Collects what a reader sees, and the cells of the tables of packages."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""
        self.cells: list[tuple[str, str]] = []
        self.loaded: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open += [] if tag in VOID else [tag]
        if tag == "td":
            self.cells.append((dict(attrs).get("class") or "", ""))
        self.loaded += [f"{name}={value}" for name, value in attrs if name in ("src", "href")]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in VOID

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" in self.open:
            return
        self.text += data
        if "td" in self.open:
            status, text = self.cells[-1]
            self.cells[-1] = (status, f"{text} {data}".strip())


@pytest.fixture
def page(attestations: Sequence[Attestation]) -> Reader:
    return Reader(html_page(attestations))


def matrix(page: Reader) -> list[tuple[str, str]]:
    return [(status, " ".join(text.split())) for status, text in page.cells if status in SIGNS]


def test_every_result_has_its_cell(page: Reader) -> None:
    measured = "flash 5,000 RAM 448 stack 64 instr. 1,234,567"
    assert matrix(page)[4:] == [
        ("passed", "✓ passed"),
        ("failed", f"✗ failed {measured}"),
        ("not-run", "– not run"),
        ("passed", f"✓ passed {measured.replace('5,000', '6,000')}"),
    ]


def test_failures_and_reasons_are_shown_as_they_are(page: Reader) -> None:
    assert "two 0.1.0: cmake on m4" in page.text
    assert r'First differing node: node 3 ADD "a<b>&\x07"' in page.text
    assert r'in node 3 ADD "a<b>&\x07" ]]>' in page.text
    assert page.text.count(r"no <workspace> & \x1b") == 2


def test_what_was_only_compiled_says_so_and_is_not_drawn(attestations: Sequence[Attestation]) -> None:
    one = attestations[0]
    real = replace(one.results[1], board="real", status="compiled", flash_bytes=None, object_bytes=700, machine="")
    written = html_page([Attestation(one.record, [replace(real, instructions=None)], one.path)])
    page = Reader(written)
    assert matrix(page) == [("compiled", "○ only compiled objects 700 RAM 448 stack 64")]
    assert "<figure>" not in written and "✓" not in page.text


def test_it_loads_nothing(page: Reader) -> None:
    assert page.loaded == ["href=#package-1", "href=#package-2"]
    assert "script" not in page.text


def test_wrong_answers_are_not_drawn(attestations: Sequence[Attestation]) -> None:
    drawn = [re.findall(r"<text x=[^>]*>([^<]*)", part) for part in html_page(attestations).split("<section>")[1:3]]
    assert drawn == [["1,234,567", "5,000 – 6,000"], ["1,234,567", "6,000"]]


def test_the_same_results_give_the_same_bytes(attestations: Sequence[Attestation]) -> None:
    later = [
        replace(given, results=[replace(result, seconds=result.seconds + 1) for result in given.results])
        for given in attestations
    ]
    assert html_page(later) == html_page(attestations)
