"""The CMSIS-Pack, read by its own description alone: the component and its template, built by hand and by CMake."""

from __future__ import annotations

import shutil
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.packages.conftest import Package
from tests.support.machine import need
from tests.support.models import INT8_MODELS
from tests.support.packages import archive, artifact, call
from tinypack.errors import TinypackError
from tinypack.formats.archive import pack
from tinypack.formats.unpack import read_archive
from tinypack.package import Artifact, Built
from tinypack.verify import cmsis_pack

pytestmark = pytest.mark.tools

NAME = "whole"
PDSC = f"tinypack.{NAME}.pdsc"
FLAGS = ("-std=c99", "-Wall", "-Wextra", "-Werror", "-Os")


def select(home: Path, project: Path) -> tuple[list[Path], set[Path]]:
    """Do as an IDE: take the component's files, copy its templates; give the sources and the folders of headers."""
    project.mkdir()
    sources: list[Path] = []
    folders = {project}
    for file in ElementTree.parse(home / PDSC).iterfind("components/component/files/file"):
        path = home / file.attrib["name"]
        if "attr" in file.attrib:
            path = Path(shutil.copy(path, project))
        if file.attrib["category"] == "source":
            sources.append(path)
        elif file.attrib["category"] == "header":
            folders.add(path.parent)
    return sources, folders


@pytest.mark.parametrize("model", INT8_MODELS)
def test_component_and_template_pass(model: str, package: Package, tmp_path: Path) -> None:
    need("gcc")
    home = tmp_path / "pack"
    with zipfile.ZipFile(archive(package(model, NAME), "cmsis-pack")) as file:
        file.extractall(home)
    sources, folders = select(home, tmp_path / "project")
    program = tmp_path / "selftest"
    call("gcc", *FLAGS, *(f"-I{folder}" for folder in folders), *sources, "-o", program)
    assert call(program).splitlines()[-1] == "PASS"


def test_file_name_is_by_the_description(package: Package) -> None:
    given = archive(package("hello_world_int8", NAME), "cmsis-pack")
    with zipfile.ZipFile(given) as file:
        root = ElementTree.fromstring(file.read(PDSC))
    release = root.find("releases/release")
    assert release is not None
    assert given.name == f"{root.findtext('vendor')}.{root.findtext('name')}.{release.get('version')}.pack"


@pytest.mark.parametrize("missing", [f'name="src/{NAME}/{NAME}_model.c"', f'name="template/{NAME}_selftest.h"'])
def test_verify_notices_a_file_that_is_not_listed(missing: str, package: Package, tmp_path: Path) -> None:
    need("cmake", "gcc")
    with pytest.raises(TinypackError) as caught:
        cmsis_pack.build(without(package("hello_world_int8", NAME), missing), "native", tmp_path, {"installed": ()})
    assert [problem.code for problem in caught.value.problems] == ["build-failed"]


def without(built: Built, words: str) -> Artifact:
    """Take the line with these words out of the description."""
    given = artifact(built, "cmsis-pack")
    files = read_archive(given.data)
    lines = files[PDSC].decode().splitlines(keepends=True)
    kept = [line for line in lines if words not in line]
    assert len(kept) == len(lines) - 1
    return replace(given, data=pack(given.filename, {**files, PDSC: "".join(kept).encode()}))
