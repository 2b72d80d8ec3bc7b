"""Builds the example of an ESP-IDF component with CMake, where a stand-in takes the place of ESP-IDF's own functions.

The component's and the example's CMakeLists.txt are taken as they are, so that their lists of files are tried too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tinypack.package import Artifact
from tinypack.verify.cmake import PACKAGE, build_lists, unpack
from tinypack.verify.workfolder import write_changed

BUILT_BY = "CMake, with a stand-in for ESP-IDF"
TARGET = "selftest"
#: ESP-IDF calls app_main from a task of its own.
MAIN = b"void app_main(void);\n\nint main(void) {\n  app_main();\n  return 0;\n}\n"

LISTS = """\
function(idf_component_register)
  cmake_parse_arguments(PARSE_ARGV 0 given "" "" "SRCS;INCLUDE_DIRS")
  if(given_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "idf_component_register: ${{given_UNPARSED_ARGUMENTS}}")
  endif()
  list(TRANSFORM given_SRCS PREPEND "${{CMAKE_CURRENT_SOURCE_DIR}}/")
  list(TRANSFORM given_INCLUDE_DIRS PREPEND "${{CMAKE_CURRENT_SOURCE_DIR}}/")
  target_sources({target} PRIVATE ${{given_SRCS}})
  target_include_directories({target} PRIVATE ${{given_INCLUDE_DIRS}})
endfunction()
add_executable({target} main.c)
add_subdirectory({component} component)
add_subdirectory({component}/examples/selftest/main main)
"""


def build(artifact: Artifact, board: str, folder: Path, variants: Mapping[str, Sequence[str]]) -> dict[str, Path]:
    """Build the archive's own example in each variant, a name with its defines; give the ELF of each.

    Raises: TinypackError (build-failed, does-not-fit, missing-tool)
    """
    name = next(iter(unpack(artifact, folder))).partition("/")[0]
    write_changed(folder / "main.c", MAIN)
    lists = LISTS.format(target=TARGET, component=f"{PACKAGE}/{name}")
    return build_lists(TARGET, lists, artifact.filename, board, folder, variants)
