"""Where the kernels' tests run: this computer under sanitizers, and emulated boards with the code of their cores.

A board gives the compiler, the core, the memory and the emulator's command, by its JSON in tinypack/emulator/boards.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tests.support.machine import need, need_board
from tinypack.verify.firmware import emulator_board

HERE = Path(__file__).parent
EMULATOR = Path(__file__).parents[2] / "tinypack" / "emulator"
TIME_LIMIT = 120  # seconds

WARNINGS = ("-Wall", "-Wextra", "-Werror")
STRICT = ("-std=c99", *WARNINGS, "-Wconversion")
SANITIZERS = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all")


@dataclass(frozen=True)
class Target:
    """A way to compile and to run the harness's program."""

    name: str
    flags: tuple[str, ...]
    board: str | None = None  # None: this computer
    core: tuple[str, ...] = ()  # flags in place of the board's own
    symbols: dict[str, str] = field(default_factory=dict, hash=False)  # likewise, for the link script
    slow: bool = False

    @property
    def header(self) -> Path:
        """The program's input, output and memory."""
        return HERE / ("program_emulated.h" if self.board else "program_native.h")

    def need(self) -> None:
        """Go on only if the target can run here."""
        if self.board:
            need_board(self.board)
        else:
            need("gcc")

    def build(self, folder: Path, units: Sequence[str]) -> Path:
        """Compile C files of a folder, and link them."""
        program = folder / "program"
        flags = [*STRICT, *self.flags]
        if self.board is None:
            _compile(["gcc", *flags, *units, "-o", str(program)], folder)
            return program
        build = emulator_board(self.board)["build"]
        objects = sorted(Path(_machine(self).name).glob("*.o"))
        link = [
            *build["link_flags"],
            f"-T{EMULATOR / 'machine' / build['linker_script']}",
            *(f"-Wl,--defsym={name}={value}" for name, value in {**build["symbols"], **self.symbols}.items()),
        ]
        argv = [self._compiler(build), *self._core(build), *flags, *_includes(), *units, *map(str, objects), *link]
        _compile([*argv, "-o", str(program)], folder)
        return program

    def run(self, program: Path, given: bytes) -> subprocess.CompletedProcess[bytes]:
        """Run a program; its standard output is binary."""
        argv = [str(program)]
        if self.board:
            board = emulator_board(self.board)
            argv = [part.format(elf=program, **board["build"]["symbols"]) for part in board["emulation"]["command"]]
        return subprocess.run(argv, input=given, capture_output=True, timeout=TIME_LIMIT, check=False)

    def _compiler(self, build: dict[str, Any]) -> str:
        return f"{build['toolchain']}gcc"

    def _core(self, build: dict[str, Any]) -> Sequence[str]:
        return self.core or build["cpu_flags"]


NATIVE = Target("native", ("-O1", *SANITIZERS))
#: Of the larger memories: the boards' own serve sketches.
M55_MEMORY = {"machine_ram_origin": "0x31000000", "machine_ram_bytes": "0x00400000"}
TARGETS = (
    NATIVE,
    Target("cortex-m4", ("-O2",), "mps2-an386"),
    Target("cortex-m55", ("-O2",), "mps3-an547", symbols=M55_MEMORY),
    Target("m4-os", ("-Os",), "mps2-an386", slow=True),
    Target("cortex-m0", ("-O2",), "mps2-an386", ("-mcpu=cortex-m0", "-mthumb", "-mfloat-abi=soft"), slow=True),
    Target("riscv32-virt", ("-O2", "-mno-relax"), "riscv32-virt", slow=True),
)


@cache
def _machine(target: Target) -> tempfile.TemporaryDirectory[str]:
    """Compile what is the same in all of a target's programs: from the reset to main(), and the calls to the host."""
    assert target.board
    build = emulator_board(target.board)["build"]
    folder = tempfile.TemporaryDirectory(prefix=f"{target.name}-")
    sources = [str(path) for name in build["machine"] for path in sorted((EMULATOR / "machine" / name).glob("*.c"))]
    argv = [target._compiler(build), *target._core(build), "-std=gnu11", "-Os", *_includes(), "-c", *sources]
    _compile(argv, Path(folder.name))
    return folder


def _includes() -> list[str]:
    return [f"-I{EMULATOR / 'machine'}", f"-I{EMULATOR / 'include'}"]


def _compile(argv: Sequence[str], folder: Path) -> None:
    subprocess.run(argv, cwd=folder, check=True, timeout=TIME_LIMIT)
