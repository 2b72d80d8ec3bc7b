"""One archive for a real board: its C is compiled for that core. Nothing runs, and nothing is proven but that.

The board's own Arduino core is left out, and nothing is linked: users' build systems bring both.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from elftools.elf.elffile import ELFFile

from tinypack.boards import Board, Cpu
from tinypack.errors import TinypackError
from tinypack.formats.unpack import read_archive
from tinypack.names import Names
from tinypack.package import Artifact
from tinypack.verify.board_tools import Tool, compiler_tools
from tinypack.verify.complaint import build_error
from tinypack.verify.firmware import ALLOCATED, split_producer
from tinypack.verify.report import Result
from tinypack.verify.tools import run

BUILT_BY = "the compiler alone"
REASON = "compiled, not run: nothing emulates a real board"
TIME_LIMIT = 300  # seconds
NO_BYTES = "SHT_NOBITS"  # in an ELF: memory that starts as zeros
RECORD = ".GCC.command.line"
#: As build systems of such boards have them.
FLAGS = ("-c", "-Os", "-ffunction-sections", "-fdata-sections", "-frecord-gcc-switches")


@dataclass(frozen=True)
class Core:
    """How C is compiled for a family of cores; `flags` come from what a board's file says of its own."""

    compiler: str
    flags: Callable[[Cpu], list[str]]


@dataclass(frozen=True)
class Objects:
    """What came of a package's sources."""

    compiler: str
    flags: str
    kernel_variant: str
    bytes: int  # of code and tables


def _arm(cpu: Cpu) -> list[str]:
    fpu = [f"-mfpu={cpu.fpu}", "-mfloat-abi=hard"] if cpu.fpu else ["-mfloat-abi=soft"]
    return [f"-mcpu={cpu.core}", "-mthumb", *fpu]


def _riscv(cpu: Cpu) -> list[str]:
    return [f"-march={cpu.core}", "-mabi=ilp32", "--specs=picolibc.specs"]


#: What the name of a core begins with -> how it is compiled for. Other cores' compilers are no Debian packages.
CORES: Mapping[str, Core] = {
    "cortex-m": Core("arm-none-eabi-gcc", _arm),
    "rv32": Core("riscv64-unknown-elf-gcc", _riscv),
}


def missing(board: Board) -> str:
    """Say why nothing can be compiled for a real board here; "" if it can."""
    if _core_of(board.cpu) is None:
        return f"a real board: nothing emulates it, and no compiler is known for its core {board.cpu.core}"
    absent = [tool.name for tool in tools(board) if tool.probe() is None]
    remedy = f"`tinypack doctor --board {board.id} --fix` brings it"
    return f"missing: {', '.join(absent)} ({remedy})" if absent else ""


def tools(board: Board) -> list[Tool]:
    """Say what compiling for a real board needs; nothing where no compiler is known."""
    core = _core_of(board.cpu)
    return compiler_tools(core.compiler, core.flags(board.cpu)) if core else []


def check(artifact: Artifact, board: Board, names: Names, result: Result) -> Result:
    """Fill in a result: "compiled" if the package's own sources compile."""
    start = time.monotonic()
    files = read_archive(artifact.data, artifact.filename)
    header = f"{names.prefix}.h"
    home = next((path[: -len(header)] for path in files if path == header or path.endswith(f"/{header}")), None)
    if home is None:
        return replace(result, status="failed", reason=f"the archive lacks {header}")
    sources = tuple(sorted((path[len(home) :], data) for path, data in files.items() if path.startswith(home)))
    try:
        objects = _compile(sources, board.id, names, board.cpu)
    except TinypackError as error:
        return replace(result, status="failed", reason=str(error), seconds=time.monotonic() - start)
    return replace(
        result,
        status="compiled",
        reason=REASON,
        compiler=objects.compiler,
        flags=objects.flags,
        kernel_variant=objects.kernel_variant,
        object_bytes=objects.bytes,
        seconds=time.monotonic() - start,
    )


@lru_cache(maxsize=8)  # most formats hold the same files
def _compile(files: tuple[tuple[str, bytes], ...], board: str, names: Names, cpu: Cpu) -> Objects:
    """Compile all sources among files.

    Raises: TinypackError (build-failed, missing-tool)
    """
    core = _core_of(cpu)
    assert core is not None
    flags = core.flags(cpu)
    with tempfile.TemporaryDirectory(prefix="tinypack-") as name:
        folder = Path(name)
        for path, data in files:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        sources = sorted(folder.rglob("*.c"))
        done = run([core.compiler, *flags, *FLAGS, f"-I{folder}", *sources], time_limit=TIME_LIMIT, cwd=folder)
        if not done.ok:
            raise build_error(done, f"{names.prefix} for {board}", f"{core.compiler} must compile it")
        said, size = "", 0
        for made in sorted(folder.glob("*.o")):
            with made.open("rb") as file:
                parsed = ELFFile(file)
                size += _kept(parsed)
                said = _recorded(parsed) or said
        return Objects(*split_producer(said), _variant([core.compiler, *flags], folder, names), size)


def _recorded(parsed: ELFFile) -> str:
    """Read what GCC recorded of itself and its flags."""
    section = parsed.get_section_by_name(RECORD)
    return section.data().rstrip(b"\0").replace(b"\0", b" ").decode(errors="replace") if section else ""


def _kept(parsed: ELFFile) -> int:
    """Count the bytes of an object that go into flash."""
    sections = (section for section in parsed.iter_sections() if section["sh_flags"] & ALLOCATED)
    return sum(section["sh_size"] for section in sections if section["sh_type"] != NO_BYTES)


def _variant(compiler: list[str], folder: Path, names: Names) -> str:
    """Say which kernels the compiler's macros choose."""
    common = folder / names.prefix / f"{names.prefix}_tp_common.h"
    text = f"{names.macro}_TP_KERNEL_VARIANT\n".encode()
    done = run([*compiler, "-E", "-P", "-include", common, "-x", "c", "-"], time_limit=TIME_LIMIT, stdin=text)
    return (done.text.split() or [""])[-1].strip('"') if done.ok else ""


def _core_of(cpu: Cpu) -> Core | None:
    return next((core for begins, core in CORES.items() if cpu.core.startswith(begins)), None)
