from __future__ import annotations

import pytest

from tests.support.content import make_content
from tests.unit.formats.rules.defects import Defect, Defects, add, broken_rules, drop, edit, move, rows
from tinypack.formats.cmsis_pack import vendor
from tinypack.formats.rules.cmsis_pack import RULES

PDSC = "Ada.kws-ref.pdsc"
DOCTYPE = '<?xml version="1.0"?>\n<!DOCTYPE p [<!ENTITY a "a">]>'

DEFECTS: Defects = {
    "CP001": (drop(r".*\.pdsc"), add("b.pdsc"), move(r"Ada\.", "sub/Ada.")),
    "CP002": (
        add(PDSC, b"<package"),
        add(PDSC, b"<pack/>"),
        add(PDSC, b""),
        edit(PDSC, "<.xml.*", DOCTYPE),
        edit(PDSC, "UTF-8", "no-such"),
    ),
    "CP003": (
        edit(PDSC, ' schemaVersion="[^"]*"', ""),
        edit(PDSC, "1.7.9", "new"),
        edit(PDSC, "^  <vendor>.*\n", ""),
        edit(PDSC, "<vendor>Ada", "<vendor>Ada Lovelace"),
        edit(PDSC, "<name>kws-ref", "<name>kws.ref"),
        edit(PDSC, "^  <url>.*\n", ""),
        edit(PDSC, "^  <url>.*", "  <url>here</url>"),
        edit(PDSC, "^  <description>.*", "  <description> </description>"),
        edit(PDSC, '<repository type="git"', '<repository type="hg"'),
        edit(PDSC, "^    <release .*", "    <release>one</release>"),
        edit(PDSC, "^    <release .*\n", ""),
        edit(PDSC, '<release version="0.1.0"', '<release version="0.1"'),
        edit(PDSC, '<release version="0.1.0"', '<release version="0.1.0" day="1"'),
        edit(PDSC, 'Cgroup="kws-ref"', 'Cgroup="k"'),
        edit(PDSC, 'Cgroup="kws-ref"', 'Cgroup="kws_ref, a model"'),
        edit(PDSC, 'Cgroup="kws-ref"', f'Cgroup="{"k" * 33}"'),
        edit(PDSC, ' Cversion="0.1.0"', ""),
        edit(PDSC, 'category="doc"', 'category="docs"'),
        edit(PDSC, 'attr="template"', 'attr="example"'),
        edit(PDSC, "</components>", "</components><boards/>"),
        edit(PDSC, "</components>", "</components>stray"),
        edit(PDSC, "^  <licenseSets>(.*\n)*  </licenseSets>\n", ""),
        edit(PDSC, 'title="[^"]*"', ""),
    ),
    "CP004": (move(r"Ada\.", "Bob."), edit(PDSC, "<vendor>Ada", "<vendor>Bob")),
    "CP005": (drop(r"template/.*\.h"), drop(r"README\.md"), drop(r"src/kws_ref\.h")),
    "CP006": (drop("LICENSE"),),
    "CP007": (
        edit(PDSC, "kws_ref_model.c", "other.c"),
        add("src/kws_ref/more.c"),
        edit(PDSC, '(        <file category="source" name="src/kws_ref/kws_ref_model.c"/>)', (
            '        <file category="source" name="src/kws_ref/kws_ref_model.c"/>\n' * 2
        )),
    ),
    "CP008": (
        edit(PDSC, '^.*name="src/kws_ref.h".*\n', ""),
        edit(PDSC, 'name="src/kws_ref.h"', 'name="src/kws_ref/kws_ref_tp_common.h"'),
    ),
    "CP009": (edit(PDSC, ' select="[^"]*"', ""),),
    "CP010": (edit(PDSC, r'^.*name="template/kws_ref_selftest\.c".*\n', ""),),
    "CP011": (edit(PDSC, 'Cversion="0.1.0"', 'Cversion="0.1.1"'),),
    "CP012": (add("src/kws_ref/a.cpp"),),
    "CP013": (drop(r"README\.md"),),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "defect"), rows(DEFECTS))
def test_defect_is_found(rule: str, defect: Defect) -> None:
    assert rule in broken_rules("cmsis-pack", defect)


def test_every_rule_can_be_broken() -> None:
    assert [rule.id for rule in RULES] == list(DEFECTS)


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("Ada <ada@example.org>", "Ada"),
        ("Zoë de la Cruz, Inc. <zoe@example.org>", "Zoe-de-la-Cruz-Inc"),
        ("a" * 31 + " b", "a" * 31),
        ("unknown", "tinypack"),
        ("李雷", "tinypack"),
        ("J <j@example.org>", "tinypack"),
        ("<ada@example.org>", "ada-example-org"),
    ],
)
def test_vendor(author: str, expected: str) -> None:
    assert vendor(make_content(authors=[author]).manifest.package) == expected
