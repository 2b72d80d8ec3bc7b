from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.content import make_content
from tinypack.compile.sizes import table_bytes
from tinypack.formats import FORMATS, build_artifact
from tinypack.package import Built
from tinypack.verify.report import Attestation, Result


@pytest.fixture
def built(tmp_path: Path) -> Built:
    """A small package in all formats, without a manifest file or an oracle."""
    content = make_content("small")
    artifacts = tuple(build_artifact(format, content) for format in FORMATS.values())
    sizes = {
        "table_bytes": table_bytes(content.program),
        "arena_bytes": content.program.arena_bytes,
        "ram_bytes": content.ram_bytes,
    }
    return Built(content, b"", artifacts, {"name": "small", "version": "0.1.0", **sizes}, tmp_path)


@pytest.fixture
def result() -> Result:
    return Result("small", "0.1.0", "ab" * 32, "cmake", "native", "not-run")


@pytest.fixture
def core(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A core folder of the test's own."""
    monkeypatch.setenv("TINYPACK_CORE_DIR", str(tmp_path / "core"))
    return tmp_path / "core"


@pytest.fixture
def attestations() -> list[Attestation]:
    """Two packages, in two formats on two boards; one has failed, and its messages hold what pages may not."""
    found = []
    for name in ("one", "two"):
        record = {"name": name, "version": "0.1.0", "oracle": "an oracle 1", "model": {"sha256": "ab"}, "artifacts": []}
        good = Result(name, "0.1.0", "cd", "cmake", "native", "passed", vectors=14, built_by="CMake", seconds=1.5)
        figures = {"flash_bytes": 5000, "ram_bytes": 448, "stack_bytes": 64, "instructions": 1_234_567}
        machine = {"machine": "a machine", "compiler": "a compiler"}
        results = [
            good,
            replace(good, board="m4", **figures, **machine),
            replace(good, format="zephyr", status="not-run", reason="no <workspace> & \x1b", vectors=0, seconds=0.0),
            replace(good, format="zephyr", board="m4", **{**figures, "flash_bytes": 6000}),
        ]
        found.append(Attestation(record, results, Path(f"{name}.attestation.json")))
    node = 'node 3 ADD "a<b>&\x07"'
    reason = f"1 difference\nin {node} ]]>"
    bad = replace(found[1].results[1], status="failed", reason=reason, first_differing_node=node)
    found[1].results[1] = bad  # type: ignore[index]
    return found
