"""The Arduino API gives the same text on every emulated board, and what a real board gives."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.emulated.conftest import BOARDS, EMULATOR, Build, run_elf
from tests.support.machine import need
from tinypack.verify.tools import run

INPUT = b"-12 3.5\nline one\nxxaaaabXYZrest"

EXPECTED = """
int=-42 | long=2147483647 | byte=200 | char=c | bool=1 | float=3.14 | negative=-0.01 | nan=nan | inf=inf | ovf=ovf
printable=1,2 | flash=flash | FF | FFFFFFFF | 101 | 100 | 2.7183 | 3 | 10.00 | 18446744073709551615 | | raw | ab
s=Hello, world!42 | sum=a1b2.50cd7 | length=15 | sub=world | tail=!42 | index=4 | index2=7 | last=8 | none=-1
replaced=Hello, Arduino!42 | upper=HELLO, ARDUINO!42 | removed=HELLOARDUINO!42 | trimmed=trim me | int=123 | float=2.75
hex=ff | decimals=3.142 | equal=1 | less=1 | ends=1 | self=trim metrim metrim metrim me | chars=HELLOAR | past=0
kept=99999x | map=50 | constrain=10 | min=2 | max=3.00 | abs=9 | sq=25 | bits=87 | word=258 | digit=1 | pgm=2000
progmem=stored | dtostrf=   -1.50 | random=1 | pins=0 | delay=1 | delayMicroseconds=1 | new=9
available=1 | peek=- | parseInt=-12 | parseFloat=3.50 | line=line one | find=1 | readBytes=3 | bytes=XYZ | rest=rest
end=-1
"""


@pytest.mark.tools
@pytest.mark.parametrize("board", BOARDS)
def test_a_sketch_prints_what_arduino_prints(build: Build, board: str) -> None:
    done = run_elf(board, build("api", board), stdin=INPUT)
    expected = [part for line in EXPECTED.strip().splitlines() for part in re.split(r"\s*\|\s*", line)]
    assert [line.strip() for line in done.text.splitlines()] == expected
    assert b"int=-42\r\n" in done.stdout
    assert done.code == 0


@pytest.mark.tools
def test_a_constant_of_a_class_needs_no_definition(tmp_path: Path) -> None:
    """Without optimisation, where nothing but the way that it is passed decides."""
    need("g++", "nm")
    sketch = "struct C { static const int ANSWER = 42; };\nvoid f() { Serial.println(C::ANSWER); }\n"
    (tmp_path / "sketch.cpp").write_text(f"#include <Arduino.h>\n{sketch}")
    folders = [f"-I{EMULATOR / name}" for name in ("arduino", "include")]
    assert run(["g++", "-O0", *folders, "-c", "sketch.cpp"], cwd=tmp_path, time_limit=60.0).ok
    assert "ANSWER" not in run(["nm", "-u", "sketch.o"], cwd=tmp_path, time_limit=10.0).text
