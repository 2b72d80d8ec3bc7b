"""Where the kernels' tests run: this computer under sanitizers, and emulated boards with the code of their cores.

The boards' JSON files in tinypack/emulator say how to compile for them and how to emulate them.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from tests.support.machine import need, need_board
from tinypack.verify.core_dir import EMULATOR
from tinypack.verify.firmware import CRASHED, emulator_board

HERE = Path(__file__).parent
TIME_LIMIT = 120  # seconds
CRASH = b"crash:"  # begins the last line of a program that crashed
WARNINGS = ("-Wall", "-Wextra", "-Werror")
STRICT = ("-std=c99", *WARNINGS, "-Wconversion")


class Target(Protocol):
    """A way to compile and to run the harness's program."""

    @property
    def name(self) -> str: ...
    @property
    def slow(self) -> bool: ...
    @property
    def header(self) -> Path:
        """The program's input, output and memory."""

    def need(self) -> None:
        """Go on only if the target can run here."""

    def build(self, folder: Path, main: str, kernels: Sequence[str]) -> Path:
        """Compile the C files of a folder and link them."""

    def run(self, program: Path, given: bytes) -> subprocess.CompletedProcess[bytes]:
        """Run a program; its standard input and output are binary."""


@dataclass(frozen=True)
class Native:
    """This computer, under sanitizers."""

    name: str = "native"
    slow: bool = False
    header: Path = HERE / "program_native.h"

    def need(self) -> None:
        need("gcc")

    def build(self, folder: Path, main: str, kernels: Sequence[str]) -> Path:
        flags = ("-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")
        _compile(["gcc", *STRICT, *flags, main, *kernels, "-o", "program"], folder)
        return folder / "program"

    def run(self, program: Path, given: bytes) -> subprocess.CompletedProcess[bytes]:
        return _run([str(program)], given)


@dataclass(frozen=True)
class Emulated:
    """A board in QEMU, perhaps with the code of another core, or with larger memories than sketches get."""

    name: str
    board: str
    flags: tuple[str, ...]
    core: tuple[str, ...] = ()  # in place of the board's own flags
    symbols: Mapping[str, str] = field(default_factory=dict, hash=False)  # of the link script, likewise
    slow: bool = False
    header: Path = HERE / "program_emulated.h"

    def need(self) -> None:
        need_board(self.board)

    def build(self, folder: Path, main: str, kernels: Sequence[str]) -> Path:
        build = emulator_board(self.board)["build"]
        symbols = {**build["symbols"], **self.symbols}
        script = [
            f"-T{EMULATOR / 'machine' / build['linker_script']}",
            *(f"-Wl,--defsym={name}={value}" for name, value in symbols.items()),
        ]
        machine = map(str, sorted(Path(_machine(self).name).glob("*.o")))
        compiler = [*self.compiler(), *STRICT, *self.flags]
        # Tables and calls of hundreds of models: optimising them would take longer than all else.
        _compile([*compiler, "-O0", "-c", main, "-o", "main.o"], folder)
        _compile([*compiler, "main.o", *kernels, *machine, *build["link_flags"], *script, "-o", "program"], folder)
        return folder / "program"

    def run(self, program: Path, given: bytes) -> subprocess.CompletedProcess[bytes]:
        board = emulator_board(self.board)
        command: list[str] = board["emulation"]["command"]
        done = _run([part.format(elf=program, **board["build"]["symbols"]) for part in command], given)
        if done.returncode == CRASHED and CRASH in done.stdout:  # the console may be the standard output as well
            done.stdout, mark, about = done.stdout.rpartition(CRASH)
            done.stderr += mark + about
        return done

    def compiler(self) -> list[str]:
        """Give the compiler, with the core's flags and where the machine's headers lie."""
        build: dict[str, Any] = emulator_board(self.board)["build"]
        folders = (f"-I{EMULATOR / name}" for name in ("machine", "include"))
        return [f"{build['toolchain']}gcc", *(self.core or build["cpu_flags"]), *folders]


NATIVE = Native()
TARGETS: tuple[Target, ...] = (
    NATIVE,
    Emulated("cortex-m4", "mps2-an386", ("-O2",)),
    Emulated(
        "cortex-m55",
        "mps3-an547",
        ("-O2",),
        # 512 KB beside the core are too few; these 4 MB, in the addresses of secure programs.
        symbols={"machine_ram_origin": "0x31000000", "machine_ram_bytes": "0x00400000"},
    ),
    Emulated("m4-os", "mps2-an386", ("-Os",), slow=True),
    Emulated("cortex-m0", "mps2-an386", ("-O2",), ("-mcpu=cortex-m0", "-mthumb", "-mfloat-abi=soft"), slow=True),
    # Unrelaxed: the linker can't move code whose semihosting calls are aligned.
    Emulated("riscv32-virt", "riscv32-virt", ("-O2", "-mno-relax"), slow=True),
)


@cache
def _machine(target: Emulated) -> tempfile.TemporaryDirectory[str]:
    """Compile what all of a target's programs share: from the reset to main(), and calls to the host."""
    folder = tempfile.TemporaryDirectory(prefix=f"{target.name}-")
    names = emulator_board(target.board)["build"]["machine"]
    sources = [str(path) for name in names for path in sorted((EMULATOR / "machine" / name).glob("*.c"))]
    _compile([*target.compiler(), "-std=gnu11", "-Os", "-c", *sources], Path(folder.name))
    return folder


def _compile(argv: Sequence[str], folder: Path) -> None:
    subprocess.run(argv, cwd=folder, check=True, timeout=TIME_LIMIT)


def _run(argv: Sequence[str], given: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(argv, input=given, capture_output=True, timeout=TIME_LIMIT, check=False)
