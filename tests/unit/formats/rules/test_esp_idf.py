from __future__ import annotations

import pytest

from tests.unit.formats.rules.defects import Defect, Defects, add, broken_rules, drop, edit, rows
from tinypack.formats.esp_idf import tags
from tinypack.formats.rules.esp_idf import RULES

MANIFEST = "idf_component.yml"
LISTS = "CMakeLists.txt"
EXAMPLE = "examples/selftest/CMakeLists.txt"
MAIN = "examples/selftest/main/CMakeLists.txt"

DEFECTS: Defects = {
    "EC001": (drop(r"idf_component\.yml"),),
    "EC002": (
        edit(MANIFEST, "^description: .*", "description: 1"),
        edit(MANIFEST, "^description: .*", "description: []"),
        edit(MANIFEST, "^tags:", "tag:"),
        edit(MANIFEST, "^tags:", "1:"),
        edit(MANIFEST, "^maintainers:\n.*\n.*", "maintainers: Ada"),
    ),
    "EC003": (edit(MANIFEST, "^version.*\n", ""), add(MANIFEST, b"{"), add(MANIFEST, b"- a\n"), add(MANIFEST, b"")),
    "EC004": (edit(MANIFEST, "^version.*", 'version: "1.0"'), edit(MANIFEST, "^version.*", "version: 1.0")),
    "EC005": (edit(MANIFEST, "^description.*\n", ""),),
    "EC006": (edit(MANIFEST, "^license.*\n", ""),),
    "EC007": (edit(MANIFEST, "^url: .*", "url: example.org"),),
    "EC008": (edit(MANIFEST, "^repository: .*", "repository: none"),),
    "EC009": (edit(MANIFEST, '"tinyml"', '"ml"'), edit(MANIFEST, '"tinyml"', '"tiny ml"')),
    "EC010": (edit(MANIFEST, '  - "tinyml"', "  - tinyml\n  - TinyML"),),
    "EC011": (edit(MANIFEST, '  - "Bob"', "  - Bob\n  - bob"),),
    "EC012": (
        edit(MANIFEST, "^  idf.*", '  idf: "5"'),
        edit(MANIFEST, "^  idf.*", '  idf: ">=5.0"\n  led_strip: "*"'),
        edit(MANIFEST, "^dependencies:\n.*\n", ""),
    ),
    "EB001": (drop(r"CMakeLists\.txt"),),
    "EB002": (
        edit(LISTS, "kws_ref_model.c", "other.c"),
        add("src/kws_ref/more.c"),
        edit(LISTS, "^idf_component_register", "idf_component_registers"),
        edit(LISTS, "  SRCS", "  SOURCES"),
    ),
    "EB003": (edit(LISTS, "  INCLUDE_DIRS.*\n", ""), edit(LISTS, '"src"$', '"src" "src/kws_ref"')),
    "EB004": (add("src/kws_ref/a.cpp"),),
    "EX001": (
        drop(EXAMPLE.replace(".", r"\.")),
        edit(EXAMPLE, "^set.*\n", ""),
        edit(EXAMPLE, "^include.*\n", ""),
        edit(EXAMPLE, "^project.*\n", ""),
    ),
    "EX002": (drop(r"examples/selftest/main/main\.c"), drop(MAIN.replace(".", r"\.")), drop("examples/.*")),
    "ED001": (drop(r"README\.md"),),
    "ED002": (drop("LICENSE"),),
}


@pytest.mark.parametrize(("rule", "defect"), rows(DEFECTS))
def test_defect_is_found(rule: str, defect: Defect) -> None:
    assert rule in broken_rules("esp-idf", defect)


def test_every_rule_can_be_broken() -> None:
    assert [rule.id for rule in RULES] == list(DEFECTS)


@pytest.mark.parametrize(
    ("keywords", "expected"),
    [
        (["tinyml", "c++", "ai", "wake word"], ["tinyml", "wake-word"]),
        (["a.b", "a b", "a-b"], ["a-b"]),
        (["x" * 31 + " y"], ["x" * 31]),
        ([], []),
    ],
)
def test_tags(keywords: list[str], expected: list[str]) -> None:
    assert tags(keywords) == expected
