"""The emulated boards as a board package for arduino-cli and the Arduino IDE, made of the emulator's own files."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tinypack import __version__
from tinypack.templates_location import environment

EMULATOR = Path(__file__).parent / "emulator"
FOLDER = Path("hardware") / "tinypack" / "emulator"  # in a sketchbook; makes `tinypack:emulator:<board>`
RUNNER = ("builder/run.py", "builder/recording.py")
CODE = (".c", ".cpp", ".h", ".ld")


@dataclass(frozen=True)
class BoardText:
    """A board's lines in boards.txt."""

    id: str
    macro: str
    file: str
    name: str
    mcu: str
    f_cpu: str
    toolchain: str
    cpu_flags: str
    link_flags: str
    flash: int
    ram: int


def board_package() -> dict[str, bytes]:
    """Write the package: path below FOLDER -> bytes. Its core is the emulator's API, its variants are the machines."""
    boards = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted((EMULATOR / "boards").glob("*.json"))}
    files = {path: (EMULATOR / path).read_bytes() for path in RUNNER}
    files |= _tree("count", "count")
    files |= _tree("arduino", "cores/arduino")
    for name, data in boards.items():
        files[f"boards/{name}.json"] = (EMULATOR / "boards" / f"{name}.json").read_bytes()
        files |= _tree("include", f"variants/{name}")
        files |= _machine(name, data["build"])
    context = {"version": __version__, "boards": [_board_text(name, data) for name, data in boards.items()]}
    for name in ("boards.txt", "platform.txt"):
        files[name] = environment().get_template(f"arduino_boards/{name}.j2").render(context).encode()
    return files


def _tree(source: str, target: str) -> dict[str, bytes]:
    home = EMULATOR / source
    return {
        f"{target}/{path.relative_to(home).as_posix()}": path.read_bytes()
        for path in sorted(home.rglob("*"))
        if path.suffix in CODE
    }


def _machine(board: str, build: dict[str, Any]) -> dict[str, bytes]:
    """Give the C of the board's machine, and nothing of other machines."""
    home = EMULATOR / "machine"
    folders = [home, *(home / folder for folder in build["machine"])]
    script = [home / build["linker_script"]] if "linker_script" in build else []
    paths = {path for folder in folders for path in folder.iterdir() if path.suffix in CODE} | set(script)
    return {f"variants/{board}/{path.relative_to(home).as_posix()}": path.read_bytes() for path in sorted(paths)}


def _board_text(name: str, data: dict[str, Any]) -> BoardText:
    build = data["build"]
    link = [*build["link_flags"], *(f"-Wl,--defsym={key}={value}" for key, value in build["symbols"].items())]
    if "linker_script" in build:
        link.append(f'"-T{{build.variant.path}}/{build["linker_script"]}"')
    identifier = name.replace("-", "_")
    return BoardText(
        id=identifier,
        macro=identifier.upper(),
        file=name,
        name=data["name"],
        mcu=build["mcu"],
        f_cpu=build["f_cpu"],
        toolchain=build["toolchain"],
        cpu_flags=" ".join(build["cpu_flags"]),
        link_flags=" ".join(link),
        flash=data["upload"]["maximum_size"],
        ram=data["upload"]["maximum_ram_size"],
    )
