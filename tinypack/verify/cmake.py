"""Builds the self-test of a CMake archive with CMake, for native and emulated boards."""

from __future__ import annotations

import shutil
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tinypack.formats.unpack import read_archive
from tinypack.package import Artifact
from tinypack.verify.board_tools import program_version
from tinypack.verify.complaint import build_error
from tinypack.verify.core_dir import EMULATOR
from tinypack.verify.firmware import emulator_board
from tinypack.verify.tools import Done, require, run, which
from tinypack.verify.workfolder import write_changed

TIME_LIMIT = 600  # seconds
PACKAGE = "package"

#: What comes first in a project around a package: the emulated machine, which any test program needs.
MACHINE = """\
cmake_minimum_required(VERSION 3.16)
project(verify LANGUAGES C)
add_compile_definitions(${{VERIFY_DEFINES}})
add_library(machine OBJECT {sources})
target_compile_definitions(machine PRIVATE F_CPU={clock})
target_include_directories(machine PRIVATE {machine} {include})
"""

#: The package's own test program, by its own CMakeLists.txt.
LISTS = """\
set({macro}_TESTS ON CACHE BOOL "" FORCE)
add_subdirectory({package})
"""

#: What comes last: the machine goes into the test program.
LINK = """\
target_sources({target} PRIVATE $<TARGET_OBJECTS:machine>)
target_include_directories({target} PRIVATE {include})
target_compile_definitions({target} PRIVATE TINYPACK_EMULATOR)
set_target_properties({target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${{CMAKE_BINARY_DIR}})
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

    Raises: TinypackError (build-failed, does-not-fit, missing-tool)
    """
    name = next(iter(unpack(artifact, folder))).partition("/")[0]
    lists = LISTS.format(macro=name.replace("-", "_").upper(), package=f"{PACKAGE}/{name}")
    return build_lists(f"{name}-selftest", lists, artifact.filename, board, folder, variants)


def unpack(artifact: Artifact, folder: Path) -> dict[str, bytes]:
    """Unpack an archive where the project around it looks for it; give its files."""
    files = read_archive(artifact.data, artifact.filename)
    for path, data in files.items():
        write_changed(folder / PACKAGE / path, data)
    return files


def build_lists(
    target: str, lists: str, filename: str, board: str, folder: Path, variants: Mapping[str, Sequence[str]]
) -> dict[str, Path]:
    """Build a test program, the target that CMake text defines, for a board in each variant; give the ELF of each.

    Raises: TinypackError (build-failed, does-not-fit, missing-tool)
    """
    cmake = require("cmake", "cmake")
    data = emulator_board(board)["build"]
    project, toolchain = _project(data, target, lists).encode(), _toolchain(data).encode()
    write_changed(folder / "CMakeLists.txt", project)
    write_changed(folder / "toolchain.cmake", toolchain)
    # CMake keeps compiler and flags of its first run: others want another build folder.
    compiler = f"{data['toolchain']}gcc"
    key = zlib.crc32(project + toolchain + f"{which(compiler)} {program_version(compiler)}".encode())
    trees = {variant: folder / f"{variant}-{key:08x}" for variant in variants}
    for variant, defines in variants.items():
        kept = trees[variant].exists()
        done = _build_tree(cmake, folder, trees[variant], defines)
        if kept and not done.ok:  # what an earlier run left may be half-written
            done = _build_tree(cmake, folder, trees[variant], defines)
        if not done.ok:
            raise build_error(done, f"{filename} on {board}", "CMake must build it")
    return {variant: tree / target for variant, tree in trees.items()}


def _build_tree(cmake: Path, folder: Path, tree: Path, defines: Sequence[str]) -> Done:
    """Configure and build; a tree that fails is removed."""
    configure: list[str | Path] = [cmake, "-S", folder, "-B", tree, f"-DVERIFY_DEFINES={';'.join(defines)}"]
    configure += [f"-DCMAKE_TOOLCHAIN_FILE={folder / 'toolchain.cmake'}", "-DCMAKE_BUILD_TYPE=MinSizeRel"]
    done = run(configure, time_limit=TIME_LIMIT)
    if done.ok:
        done = run([cmake, "--build", tree, "--parallel", "2"], time_limit=TIME_LIMIT)
    if not done.ok:
        shutil.rmtree(tree, ignore_errors=True)
    return done


def _project(build: Mapping[str, Any], target: str, lists: str) -> str:
    machine = EMULATOR / "machine"
    folders = [machine, *(machine / part for part in build["machine"])]
    include = f'"{EMULATOR / "include"}"'
    first = MACHINE.format(
        sources=" ".join(f'"{path}"' for path in sorted(p for f in folders for p in f.glob("*.c"))),
        machine=f'"{machine}"',
        include=include,
        clock=build["f_cpu"],
    )
    return first + lists + LINK.format(target=target, include=include)


def _toolchain(build: Mapping[str, Any]) -> str:
    script = build.get("linker_script")
    link = [*build["link_flags"]]
    link += [f'\\"-T{EMULATOR / "machine" / script}\\"'] if script else []
    link += [f"-Wl,--defsym={name}={value}" for name, value in build["symbols"].items()]
    return TOOLCHAIN.format(
        system="set(CMAKE_SYSTEM_NAME Generic)" if build["toolchain"] else "",
        toolchain=build["toolchain"],
        cpu=" ".join(build["cpu_flags"]),
        link=" ".join(link),
    )
