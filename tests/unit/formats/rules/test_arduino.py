from __future__ import annotations

import pytest

from tests.unit.formats.rules.defects import Defect, Defects, add, broken_rules, drop, edit, move, rows
from tinypack.formats.rules.arduino import NOT_ASKED, RULES

PROPERTIES = "library.properties"
SKETCH = "examples/SelfTest/SelfTest.ino"


def field(name: str, value: str) -> Defect:
    return edit(PROPERTIES, f"^{name}=.*$", f"{name}={value}")


def without(name: str) -> Defect:
    return edit(PROPERTIES, f"^{name}=.*\n", "")


def more(line: str) -> Defect:
    return edit(PROPERTIES, "^architectures", f"{line}\narchitectures")


DEFECTS: Defects = {
    "LS001": (drop(r"src/kws_ref\.h"), move("src/", "source/")),
    "LS002": (field("name", "a" * 64),),
    "LS003": (field("name", "-kws"), field("name", "kws+")),
    "LS004": (add(".gitmodules"),),
    "LS006": (add(".development"),),
    "LS007": (add("extras/tool.exe"),),
    "LS008": (field("name", "kws-ref"), move(r"src/kws_ref\.h", "src/kws.h")),
    "LS009": (move("src/", "SRC/"),),
    "LS010": (add("utility/a.c"),),
    "LS011": (add("extra/a.txt"),),
    "LS012": (add("Extras/a.txt"),),
    "LP001": (drop(PROPERTIES),),
    "LP002": (move(PROPERTIES, "library.property"), move(PROPERTIES, "libraries.properties")),
    "LP003": (move(PROPERTIES, "Library.properties"),),
    "LP004": (add("src/library.properties"),),
    "LP005": (more("a line"), more("=a")),
    "LP006": (more("depend=A"), more("Includes=a.h"), more("dot-a-linkage=true"), more("ld_flags=-lm")),
    "LP007": (without("name"),),
    "LP008": (field("name", ""),),
    "LP009": (field("name", "a" * 64),),
    "LP010": (field("name", "a" * 33),),
    "LP011": (field("name", "kws#"), field("name", "_kws"), field("name", "123")),
    "LP012": (field("name", "ArduinoKws"),),
    "LP014": (field("name", "kws-arduino"),),
    "LP015": (field("name", "my kws"),),
    "LP016": (field("name", "kws-Library"),),
    "LP019": (without("version"),),
    "LP020": (field("version", "one"), field("version", "01.0.0")),
    "LP021": (field("version", "1.0"),),
    "LP023": (without("author"),),
    "LP024": (field("author", ""),),
    "LP025": (without("maintainer"),),
    "LP026": (field("maintainer", ""),),
    "LP027": (field("maintainer", "arduino"),),
    "LP057": (field("maintainer", "The Arduino team"),),
    "LP028": (more("email=a@example.org"),),
    "LP031": (without("sentence"),),
    "LP032": (field("sentence", ""),),
    "LP034": (without("paragraph"),),
    "LP036": (field("paragraph", "A quantised model as a library. And more."),),
    "LP037": (without("category"),),
    "LP038": (field("category", "Learning"),),
    "LP039": (field("category", "Uncategorized"),),
    "LP040": (without("url"),),
    "LP056": (field("url", ""),),
    "LP041": (field("url", "example.org"), field("url", "https://a b")),
    "LP043": (without("architectures"),),
    "LP044": (field("architectures", ""),),
    "LP045": (field("architectures", "avr, espressif32"),),
    "LP046": (field("architectures", "AVR"),),
    "LP047": (more("depends=A, B;C"), more("depends=_")),
    "LP058": (more("depends=A (newest)"), more("depends=A (>=1.0.0 && <two)")),
    "LP049": (more("dot_a_linkage=yes"),),
    "LP051": (field("includes", ""),),
    "LP052": (field("includes", "kws_ref.h, other.h"),),
    "LP053": (more("precompiled=maybe"),),
    "LP055": (more("ldflags=-l"),),
    "LC001": (add("src/a.c", b"#include <arduino.h>\n"), add("src/a.c", b'  # include "ARDUINO.H"\n')),
    "LD001": (drop(r"README\.md"), move(r"README\.md", "README")),
    "LD002": (drop("LICENSE"),),
    "LD003": (add("demo/demo.ino"), add("src/a/a.pde")),
    "LD004": (drop("examples/.*"),),
    "LD005": (move("examples/", "exmaples/"),),
    "LD006": (move("examples/", "Examples/"),),
    "SS001": (move(SKETCH, "examples/SelfTest/Other.ino"),),
    "SS002": (move(SKETCH, "examples/SelfTest/Self Test.ino"),),
    "SS003": (move(SKETCH, f"examples/SelfTest/{'a' * 64}.ino"),),
    "SS004": (move(SKETCH, "examples/SelfTest/SelfTest.pde"),),
    "SS005": (add("examples/SelfTest/Src/a.c"),),
    "TP001": (add("keywords.txt", b"Kws KEYWORD1\n"), add("keywords.txt", b"Kws\tKEYWORD9\n")),
    "TP002": (add("src/other.h"),),
}

SOUND: tuple[Defect, ...] = (
    more("depends=Servo, Audio Zero (>=1.0.0 && <2.0.0), Wire (^1.2)"),
    more("dot_a_linkage=true"),
    field("version", "1.2.3-rc.1+build.5"),
    add("examples/SelfTest/more.ino"),
    add("extras/notes.txt"),
)


@pytest.mark.parametrize(("rule", "defect"), rows(DEFECTS))
def test_defect_is_found(rule: str, defect: Defect) -> None:
    assert rule in broken_rules("arduino", defect)


@pytest.mark.parametrize("change", SOUND)
def test_sound_change_is_not(change: Defect) -> None:
    assert broken_rules("arduino", change) == set()


def test_every_rule_can_be_broken() -> None:
    assert [rule.id for rule in RULES] == list(DEFECTS)


def test_every_rule_of_arduino_lint_is_asked_or_excused() -> None:
    """The ids that arduino-lint 1.3 has for libraries and the sketches in them."""
    counts = {"LS": 12, "LP": 58, "LC": 1, "LD": 6, "SS": 5, "SC": 1, "SD": 2}
    known = {f"{kind}{number:03}" for kind, count in counts.items() for number in range(1, count + 1)}
    asked = {rule.id for rule in RULES if not rule.id.startswith("TP")}
    assert asked | NOT_ASKED.keys() == known
    assert not asked & NOT_ASKED.keys()
