"""The ESP-IDF component: packed by the real component manager, built by CMake with stand-ins for its functions."""

from __future__ import annotations

import shutil
import sys
import sysconfig
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from tests.packages.conftest import Package
from tests.support.machine import lack, need
from tests.support.packages import artifact, call, unpack
from tinypack.errors import TinypackError
from tinypack.formats.archive import pack
from tinypack.formats.unpack import read_archive
from tinypack.package import Built
from tinypack.verify import esp_idf

pytestmark = pytest.mark.tools

NAME = "other-sine"
LISTS = f"{NAME}/CMakeLists.txt"
#: A project that fails where a real one would: unknown words, absent files, a component that nobody registers.
PROJECT = """\
cmake_minimum_required(VERSION 3.16)
set(CMAKE_C_STANDARD 17)
project(strict LANGUAGES C)
function(idf_component_register)
  cmake_parse_arguments(PARSE_ARGV 0 c "" "" "SRCS;INCLUDE_DIRS;PRIV_INCLUDE_DIRS;REQUIRES;PRIV_REQUIRES")
  if(c_UNPARSED_ARGUMENTS OR c_REQUIRES OR c_PRIV_REQUIRES)
    message(FATAL_ERROR "${ARGN}")
  endif()
  foreach(folder IN LISTS c_INCLUDE_DIRS)
    if(NOT IS_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}/${folder}")
      message(FATAL_ERROR "no folder ${folder}")
    endif()
  endforeach()
  get_filename_component(name ${CMAKE_CURRENT_SOURCE_DIR} NAME)
  add_library(${name} STATIC ${c_SRCS})
  target_include_directories(${name} PUBLIC ${c_INCLUDE_DIRS})
  target_compile_options(${name} PRIVATE -Wall -Wextra -Werror -Wno-unused-parameter)
endfunction()
add_subdirectory(@HOME@ component)
add_subdirectory(@HOME@/examples/selftest/main main)
target_link_libraries(main PUBLIC @NAME@)
add_executable(app start.c)
target_link_libraries(app PRIVATE main)
"""


@pytest.fixture
def built(package: Package) -> Built:
    return package("hello_world_int8", NAME)


def compote() -> Path:
    """Find the component manager's program beside Python, or on the PATH."""
    found = shutil.which("compote", path=sysconfig.get_path("scripts")) or shutil.which("compote")
    return Path(found) if found else lack(f"compote ({sys.executable} -m pip install idf-component-manager)")


def test_component_manager_packs_it_whole(built: Built, tmp_path: Path) -> None:
    program = compote()
    home = unpack(built, "esp-idf", tmp_path)
    given = {path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()}
    offline = {"IDF_COMPONENT_CACHE_PATH": str(tmp_path / "cache"), "http_proxy": "http://127.0.0.1:9"}
    call(program, "component", "pack", "--name", NAME, "--dest-dir", tmp_path / "out", cwd=home, **offline)
    with tarfile.open(tmp_path / "out" / f"{NAME}_1.0.0.tgz") as archive:
        kept = {Path(entry.name).as_posix() for entry in archive if entry.isfile()}
    assert kept == given


def test_component_manager_refuses_what_the_rules_refuse(built: Built, tmp_path: Path) -> None:
    program = compote()
    home = unpack(built, "esp-idf", tmp_path)
    manifest = home / "idf_component.yml"
    manifest.write_text(manifest.read_text().replace('"tinyml"', '"ml"'))
    call(program, "component", "pack", "--name", NAME, cwd=home, code=2)


def test_project_builds_and_passes(built: Built, tmp_path: Path) -> None:
    need("cmake", "gcc")
    home = unpack(built, "esp-idf", tmp_path)
    project = tmp_path / "project"
    project.mkdir()
    (project / "CMakeLists.txt").write_text(PROJECT.replace("@HOME@", str(home)).replace("@NAME@", NAME))
    (project / "start.c").write_bytes(esp_idf.MAIN)
    call("cmake", "-S", project, "-B", project / "build")
    call("cmake", "--build", project / "build")
    assert call(project / "build" / "app").splitlines()[-1] == "PASS"


@pytest.mark.parametrize(
    ("old", "new"), [('"src/other_sine/other_sine_model.c"', ""), ("  INCLUDE_DIRS", "  SOURCES"), ('"src"', '"."')]
)
def test_verify_notices_a_wrong_list(built: Built, old: str, new: str, tmp_path: Path) -> None:
    need("cmake", "gcc")
    given = artifact(built, "esp-idf")
    files = read_archive(given.data)
    files[LISTS] = files[LISTS].replace(old.encode(), new.encode())
    spoiled = replace(given, data=pack(given.filename, files))
    assert spoiled.data != given.data
    with pytest.raises(TinypackError) as caught:
        esp_idf.build(spoiled, "native", tmp_path, {"installed": ()})
    assert [problem.code for problem in caught.value.problems] == ["build-failed"]
