from __future__ import annotations

import pytest

from tests.unit.formats.rules.defects import Defect, Defects, add, broken_rules, drop, edit, rows
from tinypack.formats.rules.zephyr import RULES

MODULE = "zephyr/module.yml"
KCONFIG = "zephyr/Kconfig"
CMAKE = "zephyr/CMakeLists.txt"
SAMPLE = "samples/selftest/sample.yaml"

DEFECTS: Defects = {
    "ZM001": (drop(MODULE),),
    "ZM002": (
        add(MODULE, b"{"),
        add(MODULE, b"- a\n"),
        edit(MODULE, '"kws-ref"', "yes"),
        edit(MODULE, "^  cmake", "  cmak"),
        edit(MODULE, "  - samples", "  - 1"),
        edit(MODULE, "^samples", "sample"),
        edit(MODULE, "cmake: zephyr", "cmake-ext: 1"),
    ),
    "ZM003": (edit(MODULE, "cmake: zephyr", "cmake: cmake"), drop(CMAKE), add(MODULE, b"build: 1\n")),
    "ZM004": (drop(KCONFIG), edit(MODULE, "  kconfig.*\n", "")),
    "ZM005": (edit(KCONFIG, "TINYPACK_KWS_REF", "GPIO"), edit(KCONFIG, "^config", "menuconfig BT\nconfig")),
    "ZM006": (edit(CMAKE, "kws_ref_model.c", "other.c"), add("src/kws_ref/more.c")),
    "ZC001": (add("src/kws_ref/a.cpp"),),
    "ZC002": (add("src/kws_ref/a.h", b"#include <math.h>\n"), add("src/kws_ref/a.h", b"# include <stdio.h>\n")),
    "ZS001": (drop("samples/.*"),),
    "ZS002": (
        edit(SAMPLE, r"sample\.kws_ref\.selftest", "Selftest"),
        edit(SAMPLE, "^tests:", "test:"),
        edit(SAMPLE, "^sample:", "samples:"),
        add(SAMPLE, b"["),
        drop(r"samples/selftest/prj\.conf"),
    ),
    "ZD001": (drop(r"README\.md"),),
    "ZD002": (drop("LICENSE"),),
}


@pytest.mark.parametrize(("rule", "defect"), rows(DEFECTS))
def test_defect_is_found(rule: str, defect: Defect) -> None:
    assert rule in broken_rules("zephyr", defect)


def test_every_rule_can_be_broken() -> None:
    assert [rule.id for rule in RULES] == list(DEFECTS)
