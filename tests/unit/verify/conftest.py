from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.content import make_content
from tinypack.compile.sizes import table_bytes
from tinypack.formats import FORMATS, build_artifact
from tinypack.package import Built
from tinypack.verify.report import Result


@pytest.fixture
def built(tmp_path: Path) -> Built:
    """A small package in all formats, without a manifest file or an oracle."""
    content = make_content("small")
    artifacts = tuple(build_artifact(format, content) for format in FORMATS.values())
    sizes = {"table_bytes": table_bytes(content.program), "arena_bytes": content.program.arena_bytes}
    return Built(content, b"", artifacts, {"name": "small", "version": "0.1.0", **sizes}, tmp_path)


@pytest.fixture
def result() -> Result:
    return Result("small", "0.1.0", "ab" * 32, "cmake", "native", "not-run")


@pytest.fixture
def core(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A core folder of the test's own."""
    monkeypatch.setenv("TINYPACK_CORE_DIR", str(tmp_path / "core"))
    return tmp_path / "core"
