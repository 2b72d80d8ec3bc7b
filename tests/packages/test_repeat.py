"""`tinypack verify NAME@VERSION` for real: fetched archives are built and run, with their source and without."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.machine import need
from tests.support.published import FakeRegistry, fake_registry
from tinypack.formats.archive import make_tar_gz
from tinypack.formats.unpack import read_archive
from tinypack.registry.repeat import repeat
from tinypack.verify.report import Attestation

pytestmark = pytest.mark.tools

MODEL, SELF_TEST = "small/src/small/small_model.c", "small/src/small/small_tp_selftest.h"
#: A model that leaves out its last element, and a self-test that finds everything right.
BROKEN = (MODEL, "  6 /* elements */", "  5 /* elements */")
LYING = (SELF_TEST, "if (said[1] == t->vectors[said[0]].digest) {", "if (said[1] != 0 || t != NULL) {")


def run(registry: FakeRegistry, folder: Path) -> Attestation:
    need("cmake", "gcc")
    return repeat(registry, "small", "1.0.0", boards=["native"], formats=["cmake"], folder=folder)


def changed(registry: FakeRegistry, *changes: tuple[str, str, str]) -> FakeRegistry:
    """Publish another CMake archive: in a file, a text is replaced by another."""
    files = read_archive(registry.files["cmake"][1])
    for path, old, new in changes:
        assert old in files[path].decode()
        files[path] = files[path].replace(old.encode(), new.encode())
    registry.replace("cmake", make_tar_gz(files))
    return registry


def test_with_its_source(tmp_path: Path) -> None:
    attestation = run(fake_registry(tmp_path), tmp_path)
    ((result,),) = [attestation.results]
    assert (result.status, result.reason, result.vectors, attestation.method) == ("passed", "", 14, "nodes")
    assert attestation.rebuilt is not None and attestation.rebuilt.differ == ()


def test_a_self_test_that_lies_does_not_pass_where_the_source_is_known(tmp_path: Path) -> None:
    attestation = run(changed(fake_registry(tmp_path), BROKEN, LYING), tmp_path)
    assert attestation.results[0].status == "failed"
    assert attestation.results[0].first_differing_node.startswith("node 0 RELU")
    assert attestation.rebuilt is not None and attestation.rebuilt.differ == ("cmake",)


def test_without_its_source_an_archive_is_asked_itself(tmp_path: Path) -> None:
    attestation = run(changed(fake_registry(tmp_path, source=False), BROKEN), tmp_path)
    ((result,),) = [attestation.results]
    assert (result.status, result.reason) == ("failed", "the self-test says FAIL 1")
    assert not attestation.passed


def test_without_its_source(tmp_path: Path) -> None:
    registry = fake_registry(tmp_path, source=False)
    attestation = run(registry, tmp_path)
    ((result,),) = [attestation.results]
    assert (result.status, result.reason, attestation.method) == ("passed", "", "self-test")
    assert result.vectors == 4 and result.machine and result.compiler
    assert attestation.passed
