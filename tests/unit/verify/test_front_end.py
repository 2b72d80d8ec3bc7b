from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.support.fused_model import FEATURES, fused
from tinypack.compile.stream import Stream
from tinypack.features.protocol import Block
from tinypack.features.signal.log import SignalLog
from tinypack.features.signal.pcan import SignalPcan
from tinypack.features.signal.spectral_subtraction import SignalSpectralSubtraction, Smoothing
from tinypack.manifest import load_project
from tinypack.pack import compile_project
from tinypack.verify import front_end, package
from tinypack.verify.front_end import front_end_differences
from tinypack.verify.reference import Reference

MANIFEST = '[package]\nname = "words"\n[model]\nfile = "model.tflite"\n[features]\ntype = "tflite"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tinypack.toml").write_text(MANIFEST)
    (tmp_path / "model.tflite").write_bytes(fused())
    return tmp_path


@pytest.fixture
def stream(folder: Path) -> Stream:
    found = compile_project(load_project(folder), fused())[2]
    assert found is not None
    return found


def exchanged(stream: Stream, block: Block) -> Stream:
    """Put a block in the place of the one of its kind."""
    kind = type(block)
    steps = tuple(replace(s, block=block) if isinstance(s.block, kind) else s for s in stream.chain.steps)
    return replace(stream, chain=replace(stream.chain, steps=steps))


def test_imported_blocks_do_not_differ(stream: Stream) -> None:
    assert front_end_differences(fused(), stream, FEATURES) == []


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        (SignalLog, {"correction_bits": 4}),
        (SignalSpectralSubtraction, {"floor": 4000}),
        (SignalSpectralSubtraction, {"even": Smoothing(420, 15964)}),
        (SignalPcan, {"snr_shift": 7}),
    ],
)
def test_frames_that_differ_are_named(kind: type[Any], changes: dict[str, Any], stream: Stream) -> None:
    (block,) = (step.block for step in stream.chain.steps if isinstance(step.block, kind))
    found = front_end_differences(fused(), exchanged(stream, replace(block, **changes)), FEATURES)
    assert len(found) > 5
    assert found[0].startswith("features of frame ")


def test_other_oracles_know_no_signal_operators(stream: Stream, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front_end, "oracle_name", lambda: "ai-edge-litert 2.0")
    assert front_end_differences(b"", stream, FEATURES) == []


def test_verify_asks(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    references: list[Reference] = []
    asked: list[tuple[bytes, int]] = []

    def differ(model: bytes, stream: Stream, features: int) -> list[str]:
        asked.append((model, features))
        return ["features of frame 7 (in Python)"]

    monkeypatch.setattr(package, "front_end_differences", differ)
    monkeypatch.setattr(package, "run_matrix", lambda built, boards, reference, say: references.append(reference) or [])
    package.verify_package(folder, folder / "out", ["native"], ["cmake"], vectors=0)
    assert asked == [(fused(), FEATURES)]
    assert [reference.wrong for reference in references] == [("features of frame 7 (in Python)",)]
