"""A package's C for one target: compiled once, linked into three programs."""

from __future__ import annotations

import resource
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tinypack.compile.emit import ports
from tinypack.package import Content
from tinypack.profile.targets import Target
from tinypack.verify.complaint import build_error
from tinypack.verify.core_dir import EMULATOR
from tinypack.verify.firmware import emulator_board
from tinypack.verify.tools import run

#: -g1: line numbers, which tell layers apart; the code is the same with them.
FLAGS = ("-std=gnu11", "-g1", "-ffunction-sections", "-fdata-sections")
TIME_LIMIT = 300  # seconds
PACKAGE, PROGRAM, MACHINE = "package", "program", "machine"  # folders of objects
STATE = "state"  # the package's state in a program


@dataclass(frozen=True)
class Image:
    elf: Path
    map: Path


@dataclass(frozen=True)
class Programs:
    """The self-test, which runs; the least program that uses the model; and one that does nothing."""

    tested: Image
    least: Image
    empty: Image
    compile_seconds: float  # CPU time of the package's own sources
    source_count: int


def build(content: Content, target: Target, opt: str, folder: Path) -> Programs:
    """Compile a package and link it.

    Raises: TinypackError (build-failed, missing-tool)
    """
    compiler = _Compiler(target, opt, folder)
    for path, text in {**content.sources, **content.selftest}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    sources = [folder / path for path in content.sources if path.endswith(".c")]
    before = _cpu_seconds()
    package = [compiler.compile(PACKAGE, source) for source in sources]
    seconds = _cpu_seconds() - before
    (folder / MACHINE).mkdir()
    machine = [folder / MACHINE / name for name, _ in _machine(target, opt)]
    for name, data in _machine(target, opt):
        (folder / MACHINE / name).write_bytes(data)

    def program(name: str, text: str, *objects: Path) -> Image:
        (folder / f"{name}.c").write_text(text, encoding="utf-8")
        return compiler.link(name, [compiler.compile(PROGRAM, folder / f"{name}.c"), *objects, *machine])

    return Programs(
        tested=program(f"{content.names.prefix}_tested", _tested(content), *package),
        least=program("least", _least(content), *package),
        empty=program("empty", "int main(void) {\n  return 0;\n}\n"),
        compile_seconds=seconds,
        source_count=len(sources),
    )


@lru_cache(maxsize=32)
def _machine(target: Target, opt: str) -> tuple[tuple[str, bytes], ...]:
    """Compile what starts programs: the same for all packages."""
    with TemporaryDirectory(prefix="tinypack-") as folder:
        compiler = _Compiler(target, opt, Path(folder))
        objects = [compiler.compile(MACHINE, source) for source in compiler.machine_sources()]
        return tuple((path.name, path.read_bytes()) for path in objects)


class _Compiler:
    """The toolchain of a target's machine, for the target's processor."""

    def __init__(self, target: Target, opt: str, folder: Path) -> None:
        self.machine: Mapping[str, Any] = emulator_board(target.machine)["build"]
        self.about = f"{target.id} {opt}"
        self.folder = folder
        self.command = [f"{self.machine['toolchain']}gcc", opt, *target.cpu_flags, *FLAGS]

    def machine_sources(self) -> list[Path]:
        places = [EMULATOR / "machine" / part for part in (".", *self.machine["machine"])]
        return [path for place in places for path in sorted(place.glob("*.c"))]

    def compile(self, kind: str, source: Path) -> Path:
        (self.folder / kind).mkdir(exist_ok=True)
        made = self.folder / kind / f"{source.stem}.o"
        includes = [f"-I{place}" for place in (self.folder, EMULATOR / "include", EMULATOR / "machine")]
        defines = ["-DTINYPACK_EMULATOR", f"-DF_CPU={self.machine['f_cpu']}"]
        self._run([*defines, *includes, "-c", source, "-o", made], source.name)
        return made

    def link(self, name: str, objects: Sequence[Path]) -> Image:
        image = Image(self.folder / f"{name}.elf", self.folder / f"{name}.map")
        script = EMULATOR / "machine" / self.machine["linker_script"]
        symbols = [f"-Wl,--defsym={symbol}={value}" for symbol, value in self.machine["symbols"].items()]
        options = ["-Wl,--gc-sections", f"-Wl,-Map={image.map}", *self.machine["link_flags"], f"-T{script}", *symbols]
        relative = [path.relative_to(self.folder) for path in objects]  # a map's lines show where each section is from
        self._run([*options, *relative, "-lm", "-o", image.elf], image.elf.name)
        return image

    def _run(self, arguments: Sequence[str | Path], what: str) -> None:
        done = run([*self.command, *arguments], time_limit=TIME_LIMIT, cwd=self.folder)
        if not done.ok:
            raise build_error(done, f"{what} for {self.about}", f"{self.command[0]} must build it")


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _tested(content: Content) -> str:
    prefix = content.names.prefix
    return f"""\
#include <string.h>
#include "machine.h"
#include "{prefix}_selftest.h"

static {prefix}_t {STATE};

static void put(const char *line) {{
  machine_write(line, strlen(line));
  machine_write("\\n", 1);
}}

static int get(void) {{
  return -1;
}}

int main(void) {{
  return {prefix}_selftest(&{STATE}, put, get);
}}
"""


def _least(content: Content) -> str:
    """Write inputs, infer, read outputs: what no program can do without."""
    prefix, program = content.names.prefix, content.program
    kinds = {"INPUT": ("input", program.inputs), "OUTPUT": ("output", program.outputs)}
    getters = [
        f"{prefix}_{name}{port.suffix}"
        for kind, (name, tensors) in kinds.items()
        for port in ports(kind, tensors, program)
    ]
    used = "".join(f"  used = {getter}(&{STATE});\n" for getter in getters)
    return f"""\
#include "{prefix}.h"

static {prefix}_t {STATE};
static const void *volatile used;

int main(void) {{
  int rc = {prefix}_init(&{STATE});
{used}\
  return rc != 0 ? rc : {prefix}_invoke(&{STATE});
}}
"""
