from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.formats.rules.defects import Defect, Defects, Files, add, broken_rules, drop, rows
from tinypack.formats.rules.platformio import RULES

MANIFEST = "library.json"


def field(name: str, value: Any) -> Defect:
    def spoil(files: Files) -> None:
        files[MANIFEST] = json.dumps({**json.loads(files[MANIFEST]), name: value}).encode()

    return spoil


def without(name: str) -> Defect:
    def spoil(files: Files) -> None:
        fields = json.loads(files[MANIFEST])
        del fields[name]
        files[MANIFEST] = json.dumps(fields).encode()

    return spoil


EXAMPLE = {"name": "A", "base": "examples/Classify", "files": ["Classify.ino"]}

DEFECTS: Defects = {
    "PM001": (drop(MANIFEST),),
    "PM002": (add(MANIFEST, b"{"), add(MANIFEST, b"[]"), add(MANIFEST, b"[" * 100_000), add(MANIFEST, b"\xff")),
    "PM003": (without("name"),),
    "PM004": (field("name", "a/b"), field("name", "a" * 101), field("name", 1)),
    "PM005": (without("version"),),
    "PM006": (field("version", "1.0"), field("version", 1)),
    "PM007": (without("description"),),
    "PM008": (field("description", ""), field("description", "a" * 1001)),
    "PM009": (field("keywords", ["Kws"]), field("keywords", "a,b"), field("keywords", [None])),
    "PM010": (field("homepage", "example.org"),),
    "PM011": (field("license", "MIT/X11"), field("license", "")),
    "PM012": (without("frameworks"),),
    "PM013": (field("frameworks", ["Arduino"]),),
    "PM014": (without("platforms"),),
    "PM015": (field("platforms", "nordic nrf52"),),
    "PM016": (field("headers", ["other.h"]), field("headers", 1)),
    "PM017": (field("authors", [{}]), field("authors", 7), field("authors", [{"name": "A", "email": "none"}])),
    "PM018": (field("repository", {"type": "cvs", "url": "https://a.b"}), field("repository", "https://a.b")),
    "PM019": (field("examples", [{**EXAMPLE, "name": "A*"}]), field("examples", ["Classify"])),
    "PM020": (drop("examples/Classify/.*"), field("examples", [{**EXAMPLE, "files": 1}])),
    "PM021": (field("scripts", {"postinstall": "a.py"}),),
    "PD001": (drop(r"README\.md"),),
    "PD002": (drop("LICENSE"),),
    "PD003": (add("library.properties"),),
}


@pytest.mark.parametrize(("rule", "defect"), rows(DEFECTS))
def test_defect_is_found(rule: str, defect: Defect) -> None:
    assert rule in broken_rules("platformio", defect)


def test_every_rule_can_be_broken() -> None:
    assert [rule.id for rule in RULES] == list(DEFECTS)
