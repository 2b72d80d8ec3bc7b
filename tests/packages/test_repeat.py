"""`tinypack verify NAME@VERSION` for real: fetched archives are built and run, with their source and without."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.support.machine import need
from tests.support.published import FakeRegistry, fake_registry, write_small
from tests.support.registry import empty_registry
from tinypack.cli.verify_command import command
from tinypack.formats.archive import make_tar_gz
from tinypack.formats.unpack import read_archive
from tinypack.registry.publishing.publish import publish
from tinypack.registry.repeat import repeat
from tinypack.registry.trust.head import Head
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


def test_from_a_registry_and_back_into_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What somebody published unverified is verified by somebody else, and the registry says so."""
    need("cmake", "gcc", "arm-none-eabi-gcc")
    monkeypatch.setenv("TINYPACK_KEYS", str(tmp_path / "keys"))
    monkeypatch.setenv("TINYPACK_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    registry = empty_registry(tmp_path)
    publish(write_small(tmp_path / "project"), registry.url, registry.keys, unverified=True, include_source=True)
    words = ["small@1.0.0", "--registry", registry.url, "-b", "native", "-b", "nano33ble", "-f", "cmake"]
    done = CliRunner().invoke(command, [*words, "--submit", "--by", "Grace"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert "the archives have the same bytes" in done.stdout
    assert done.stderr.endswith("attestation of small 1.0.0: published\n")
    index = Head.read(registry.store).index("small")
    assert index is not None
    (line,) = index.lines
    (signed,) = line.attestations
    assert (signed.body.by, signed.body.passed) == ("Grace", True)
    native, real = line.boards["native"], line.boards["nano33ble"]
    assert (native.status, native.vectors, native.formats) == ("verified", 14, ["cmake"])
    assert native.machine and native.compiler and native.kernel_variant == "portable"
    # Nothing ran there, and nobody tried the others.
    assert (real.status, real.formats, real.machine) == ("compiled", [], "") and "-mcpu=cortex-m4" in real.flags
    assert line.boards["pico"].status == "untested"


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
