"""Builds the self-test of a CMake archive with CMake, for native and emulated boards."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tinypack.errors import TinypackError
from tinypack.formats.unpack import read_archive
from tinypack.package import Artifact
from tinypack.verify.firmware import EMULATOR, emulator_board
from tinypack.verify.tools import require, run
from tinypack.verify.workfolder import write_changed

TIME_LIMIT = 600  # seconds
PACKAGE = "package"

#: A project around the package: what the emulated machine needs is linked into the package's own test program.
PROJECT = """\
cmake_minimum_required(VERSION 3.16)
project(verify LANGUAGES C)
add_compile_definitions(${{VERIFY_DEFINES}})
set({macro}_TESTS ON CACHE BOOL "" FORCE)
add_library(machine OBJECT {sources})
target_compile_definitions(machine PRIVATE F_CPU={clock})
target_include_directories(machine PRIVATE {machine} {include})
add_subdirectory({package})
target_sources({name}-selftest PRIVATE $<TARGET_OBJECTS:machine>)
target_include_directories({name}-selftest PRIVATE {include})
target_compile_definitions({name}-selftest PRIVATE TINYPACK_EMULATOR)
"""

TOOLCHAIN = """\
{system}
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_C_COMPILER {toolchain}gcc)
set(CMAKE_C_FLAGS_INIT "{cpu} -g -ffunction-sections -fdata-sections -Wall -Wextra -Werror")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-Wl,--gc-sections {link}")
"""


def build(artifact: Artifact, board: str, folder: Path, variants: Mapping[str, Sequence[str]]) -> dict[str, Path]:
    """Build the archive's own test program in each variant, a name with its defines; give the ELF of each.

    Raises: TinypackError (build-failed, missing-tool)
    """
    cmake = require("cmake", "cmake")
    files = read_archive(artifact.data, artifact.filename)
    for path, data in files.items():
        write_changed(folder / PACKAGE / path, data)
    name = next(iter(files)).partition("/")[0]
    data = emulator_board(board)["build"]
    project, toolchain = _project(data, name).encode(), _toolchain(data).encode()
    write_changed(folder / "CMakeLists.txt", project)
    write_changed(folder / "toolchain.cmake", toolchain)
    # CMake keeps the flags of its first run: another toolchain file wants another build folder.
    trees = {variant: folder / f"{variant}-{zlib.crc32(project + toolchain):08x}" for variant in variants}
    for variant, defines in variants.items():
        configure: list[str | Path] = [cmake, "-S", folder, "-B", trees[variant]]
        configure += [f"-DCMAKE_TOOLCHAIN_FILE={folder / 'toolchain.cmake'}", "-DCMAKE_BUILD_TYPE=MinSizeRel"]
        configure += [f"-DVERIFY_DEFINES={';'.join(defines)}"]
        compile_all: list[str | Path] = [cmake, "--build", trees[variant], "--parallel", "2"]
        for argv in (configure, compile_all):
            done = run(argv, time_limit=TIME_LIMIT)
            if not done.ok:
                said = "\n".join((done.text + done.error_text).strip().splitlines()[-12:])
                where = f"{artifact.filename} on {board}"
                raise TinypackError.one("build-failed", where, "CMake must build it", said or f"exit {done.code}")
    return {variant: tree / PACKAGE / name / f"{name}-selftest" for variant, tree in trees.items()}


def _project(build: Mapping[str, Any], name: str) -> str:
    machine = EMULATOR / "machine"
    folders = [machine, *(machine / part for part in build["machine"])]
    return PROJECT.format(
        macro=name.replace("-", "_").upper(),
        name=name,
        package=f"{PACKAGE}/{name}",
        sources=" ".join(f'"{path}"' for path in sorted(p for f in folders for p in f.glob("*.c"))),
        machine=f'"{machine}"',
        include=f'"{EMULATOR / "include"}"',
        clock=build["f_cpu"],
    )


def _toolchain(build: Mapping[str, Any]) -> str:
    script = build.get("linker_script")
    link = [*build["cpu_flags"], *build["link_flags"]]
    link += [f"-Wl,-T,{EMULATOR / 'machine' / script}"] if script else []
    link += [f"-Wl,--defsym={name}={value}" for name, value in build["symbols"].items()]
    return TOOLCHAIN.format(
        system="set(CMAKE_SYSTEM_NAME Generic)" if build["toolchain"] else "",
        toolchain=build["toolchain"],
        cpu=" ".join(build["cpu_flags"]),
        link=" ".join(link),
    )
