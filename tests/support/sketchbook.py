"""A sketchbook for the real arduino-cli, without a network: Debian's AVR core and the emulated boards."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.machine import lack_extra
from tests.support.packages import call
from tinypack.arduino_boards import FOLDER, board_package
from tinypack.output import write_tree
from tinypack.verify.beside import program
from tinypack.verify.board_tools import board_tools
from tinypack.verify.core_dir import EMULATOR, core_dir

#: Looked for before the tests take a core folder of their own.
ARDUINO_CLI = program("sid", "arduino-cli")
CORE = core_dir()
AVR_CORE = Path("/usr/share/arduino/hardware/arduino/avr")
RUN_LIMIT = 60.0  # seconds
EMPTY = {"package_index.json": b'{"packages": []}', "library_index.json": b'{"libraries": []}'}
CONFIG = """\
directories: {{data: {0}/data, downloads: {0}/downloads, user: {0}/user}}
network: {{proxy: "http://127.0.0.1:9"}}
metrics: {{enabled: false}}
updater: {{enable_notification: false}}
"""


@dataclass(frozen=True)
class Sketchbook:
    folder: Path

    @property
    def libraries(self) -> Path:
        return self.folder / "user" / "libraries"

    def cli(self, *words: str | Path, code: int = 0) -> str:
        """Run arduino-cli; give what it printed."""
        config = ("--config-file", self.folder / "arduino-cli.yaml")
        unsafe = {"ARDUINO_LIBRARY_ENABLE_UNSAFE_INSTALL": "true"}  # as the package's README says
        own = {"HOME": str(self.folder), "PLATFORMIO_CORE_DIR": str(CORE), **unsafe}
        return call(str(ARDUINO_CLI), *config, *words, code=code, **own)

    def install(self, archive: Path) -> None:
        self.cli("lib", "install", "--zip-path", archive)

    def sketch(self, name: str, text: str) -> Path:
        """Write a sketch; give its folder."""
        write_tree(self.folder / name, {f"{name}.ino": text.encode()})
        return self.folder / name

    def compile(self, target: Target, sketch: Path) -> dict[str, Any]:
        """Compile a sketch; give arduino-cli's account of it."""
        properties = [word for each in target.properties for word in ("--build-property", each)]
        words = ["-b", target.fqbn, "--build-path", self.output(target, sketch), "--format", "json"]
        account: dict[str, Any] = json.loads(self.cli("compile", *words, *properties, sketch))["builder_result"]
        return account

    def output(self, target: Target, sketch: Path) -> Path:
        return self.folder / "build" / target.fqbn.replace(":", "-") / sketch.name

    def run(self, target: Target, sketch: Path, verdicts: int = 1) -> list[str]:
        """Compile a sketch and run it; give the verdicts of its self-tests, of which a real board prints so many."""
        self.compile(target, sketch)
        return target.run(self, target, sketch, verdicts)


@dataclass(frozen=True)
class Target:
    """A board, what says which of its tools are not here, and how a sketch runs on it."""

    fqbn: str
    missing: Callable[[], list[str]]
    run: Callable[[Sketchbook, Target, Path, int], list[str]]
    properties: tuple[str, ...] = ()


def make_sketchbook(folder: Path, target: Target) -> Sketchbook:
    """Make an empty one with all cores, if all that the target needs is here."""
    tools = {"arduino-cli": ARDUINO_CLI, "arduino-ctags": shutil.which("arduino-ctags")}
    missing = [*(name for name, path in tools.items() if path is None), *target.missing()]
    if missing:
        lack_extra(", ".join(missing))
    book = Sketchbook(folder)
    write_tree(folder / "user" / FOLDER, board_package())
    write_tree(folder / "data", EMPTY)
    _link(folder / "data/packages/builtin/tools/ctags/5.8-arduino11/ctags", Path(str(tools["arduino-ctags"])))
    if AVR_CORE.is_dir():
        _link(folder / "user/hardware/arduino/avr", AVR_CORE)
    (folder / "arduino-cli.yaml").write_text(CONFIG.format(folder))
    return book


def verdicts_in(text: str) -> list[str]:
    return re.findall(r"^(PASS|FAIL.*)\r?$", text, re.MULTILINE)


def _link(link: Path, to: Path) -> None:
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(to)


def _upload(book: Sketchbook, target: Target, sketch: Path, verdicts: int) -> list[str]:
    """An emulated board runs the sketch while it is uploaded, to its end."""
    return verdicts_in(book.cli("upload", "-b", target.fqbn, "--input-dir", book.output(target, sketch), sketch))


def _simavr(book: Sketchbook, target: Target, sketch: Path, verdicts: int) -> list[str]:
    """A sketch on a real board has no end, so its last verdict ends it."""
    elf = book.output(target, sketch) / f"{sketch.name}.ino.elf"
    argv = ["simavr", "-m", "atmega2560", "-f", "16000000", str(elf)]
    found: list[str] = []
    with subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        limit = threading.Timer(RUN_LIMIT, process.kill)
        limit.start()
        for line in process.stderr or ():  # coloured, with points for \r and \n
            found += verdicts_in(re.sub(r"\x1b\[\d*m|\.*\n", "", line))
            if len(found) == verdicts:
                break
        limit.cancel()
        process.kill()
    return found


def _emulated(board: str) -> Target:
    def missing() -> list[str]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("TINYPACK_CORE_DIR", str(CORE))  # emulators may be unpacked there
            return [tool.name for tool in board_tools(board) if tool.probe() is None]

    return Target(f"tinypack:emulator:{board.replace('-', '_')}", missing, _upload)


def _missing_for_avr() -> list[str]:
    programs = [name for name in ("avr-gcc", "avr-g++", "simavr") if shutil.which(name) is None]
    return programs if AVR_CORE.is_dir() else [*programs, "arduino-core-avr"]


#: Debian's AVR compiler is older than the core and lacks what C++11 promises.
OLD_COMPILER = "compiler.cpp.extra_flags=-DDECIMAL_DIG=__DECIMAL_DIG__"
EMULATED = {path.stem: _emulated(path.stem) for path in sorted((EMULATOR / "boards").glob("*.json"))}
TARGETS = {"mega": Target("arduino:avr:mega", _missing_for_avr, _simavr, (OLD_COMPILER,)), **EMULATED}
