"""The code in the READMEs of packages, as their readers copy it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.support.content import make_content
from tests.support.machine import need
from tinypack.formats import FORMATS, package_files

EMULATOR = Path(__file__).parents[3] / "tinypack" / "emulator"
FLAGS = ("-Wall", "-Wextra", "-Werror", "-fsyntax-only")
#: Language of a block -> compiler, and what stands before the block.
COMPILERS = {
    "c": (("gcc", "-std=c99", "-x", "c"), ""),
    "cpp": (("g++", "-std=gnu++11", "-x", "c++"), "#include <Arduino.h>\nstatic float measure(int i) { return i; }\n"),
}


@pytest.mark.parametrize("package", [{}, {"labels": (), "ports": 2}], ids=["labels", "several ports"])
@pytest.mark.parametrize("format", FORMATS)
def test_code_compiles_and_asks_for_return_codes(format: str, package: dict[str, int], tmp_path: Path) -> None:
    need("gcc", "g++")
    files = package_files(FORMATS[format], make_content(**package))
    for path in (path for path in files if path.startswith("src/")):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(files[path])
    blocks = re.findall(r"^```(c|cpp)\n(.*?)^```$", files["README.md"].decode(), re.MULTILINE | re.DOTALL)
    assert blocks
    for language, code in blocks:
        argv, before = COMPILERS[language]
        folders = [f"-I{path}" for path in (EMULATOR / "arduino", EMULATOR / "include", tmp_path / "src")]
        subprocess.run([*argv, *FLAGS, *folders, "-"], input=before + code, text=True, check=True, timeout=60)
        assert not re.findall(r"^ *(?:model\.(?:begin|invoke)|\w+_(?:init|invoke))\(", code, re.MULTILINE)
