from __future__ import annotations

import pytest

from tests.unit.formats.rules.defects import Defect, Defects, add, broken_rules, drop, edit, rows
from tinypack.formats.rules.cmake import RULES

LISTS = "CMakeLists.txt"

DEFECTS: Defects = {
    "CM001": (drop(LISTS),),
    "CM002": (edit(LISTS, "^cmake_minimum_required.*", ""),),
    "CM003": (edit(LISTS, "LANGUAGES C", "LANGUAGES C CXX"), edit(LISTS, "VERSION 0.1.0", "VERSION 0.1.0-rc.1")),
    "CM004": (edit(LISTS, "kws_ref_model.c", "other.c"), add("src/kws_ref/more.c")),
    "CM005": (edit(LISTS, r"project\(kws-ref", "project(other"), drop("cmake/.*")),
    "CM006": (edit(LISTS, r"^install\(EXPORT.*", ""),),
    "CM007": (edit(LISTS, "  src/kws_ref/kws_ref_model.c", "  /opt/kws/kws_ref_model.c"),),
    "CM008": (drop(r"test/selftest\.c"),),
    "CD001": (drop(r"README\.md"),),
    "CD002": (drop("LICENSE"),),
}


@pytest.mark.parametrize(("rule", "defect"), rows(DEFECTS))
def test_defect_is_found(rule: str, defect: Defect) -> None:
    assert rule in broken_rules("cmake", defect)


def test_every_rule_can_be_broken() -> None:
    assert [rule.id for rule in RULES] == list(DEFECTS)
