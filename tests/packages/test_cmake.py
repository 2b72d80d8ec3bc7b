"""The CMake package as its README says: installed and found, or as a folder of a larger project."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.packages.conftest import Package
from tests.support.machine import need
from tests.support.packages import call, unpack

pytestmark = pytest.mark.tools

NAME = "other-sine"
TARGET = f"{NAME}::{NAME}"
FLAGS = "-DCMAKE_C_FLAGS=-Wall -Wextra -Werror"
HEADER = "cmake_minimum_required(VERSION 3.16)\nproject(user LANGUAGES C CXX)\n"
PROGRAM = f"add_executable(user main.c sketch.cpp)\ntarget_link_libraries(user PRIVATE {TARGET})\n"
MAIN = """\
#include <other_sine.h>

int from_cpp(void);
static other_sine_t model;

int main(void) {
  if (other_sine_init(&model) != OTHER_SINE_OK) return 1;
  *other_sine_input(&model) = other_sine_quantize(1.5707963f);
  if (other_sine_invoke(&model) != OTHER_SINE_OK) return 2;
  const float sine = other_sine_dequantize(*other_sine_output(&model));
  return sine > 0.9f && sine < 1.1f ? from_cpp() : 3;
}
"""
SKETCH = """\
#include <other_sine.h>

extern "C" int from_cpp(void) {
  static Other_Sine model;
  return model.begin() || model.invoke();
}
"""


@pytest.fixture
def source(package: Package, tmp_path: Path) -> Path:
    need("cmake", "ctest", "gcc", "g++")
    return unpack(package("hello_world_int8", NAME), "cmake", tmp_path / "unpacked")


def user(folder: Path, find: str) -> Path:
    """Write a project that uses the package."""
    files: Mapping[str, str] = {"CMakeLists.txt": HEADER + find + PROGRAM, "main.c": MAIN, "sketch.cpp": SKETCH}
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


def test_installed_and_found(source: Path, tmp_path: Path) -> None:
    build, prefix = tmp_path / "build", tmp_path / "installed"
    call("cmake", "-S", source, "-B", build, FLAGS)
    call("cmake", "--build", build)
    assert "100% tests passed, 0 tests failed out of 1" in call("ctest", "--test-dir", build)
    call("cmake", "--install", build, "--prefix", prefix)
    headers = sorted(path.relative_to(prefix).as_posix() for path in prefix.rglob("*.h"))
    assert headers == ["include/other_sine.h"]

    project = user(tmp_path / "user", f"find_package({NAME} 1.0 CONFIG REQUIRED)\n")
    call("cmake", "-S", project, "-B", project / "build", FLAGS, f"-DCMAKE_PREFIX_PATH={prefix}")
    call("cmake", "--build", project / "build")
    call(project / "build" / "user")

    too_new = user(tmp_path / "too-new", f"find_package({NAME} 2.0 CONFIG REQUIRED)\n")
    call("cmake", "-S", too_new, "-B", too_new / "build", f"-DCMAKE_PREFIX_PATH={prefix}", code=1)


def test_as_a_folder_of_a_project(source: Path, tmp_path: Path) -> None:
    project = user(tmp_path / "user", f"add_subdirectory({source} {NAME})\n")
    call("cmake", "-S", project, "-B", project / "build", FLAGS)
    call("cmake", "--build", project / "build")
    call(project / "build" / "user")
    # Someone else's tests are none of ours unless they ask for them.
    assert not list(project.rglob(f"{NAME}-selftest*"))


def test_a_unity_build_of_the_project_leaves_the_library_out(package: Package, tmp_path: Path) -> None:
    """Its kernels have static functions of the same names."""
    need("cmake", "gcc", "g++")
    source = unpack(package("kws_ref_model", "whole"), "cmake", tmp_path / "unpacked")
    (tmp_path / "CMakeLists.txt").write_text(f"{HEADER}add_subdirectory({source} whole)\n")
    call("cmake", "-S", tmp_path, "-B", tmp_path / "build", FLAGS, "-DCMAKE_UNITY_BUILD=ON")
    call("cmake", "--build", tmp_path / "build")
