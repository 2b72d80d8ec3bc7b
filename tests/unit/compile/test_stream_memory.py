"""Working memory of features and decisions in the arena, on the map of it."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from tests.unit.compile.test_emit_stream import CASES, HEAD, model
from tinypack.manifest import load_project
from tinypack.model_file import read_model
from tinypack.pack import compile_project


@pytest.mark.parametrize("name", ["image", "mfcc", "microfrontend"])
def test_working_memory_lies_beside_what_must_stay(name: str, tmp_path: Path) -> None:
    text, inputs = CASES[name]
    (tmp_path / "model.tflite").write_bytes(model(inputs, inputs if "anomaly" in text else 3, 1))
    (tmp_path / "tinypack.toml").write_text(HEAD + text)
    project = load_project(tmp_path)
    _, program, stream = compile_project(project, read_model(project.model_path))
    assert stream is not None
    memory = program.memory
    alive = {"input": memory.at(-1), "output": memory.at(len(memory.steps))}
    names = {block.name for blocks in alive.values() for block in blocks}
    assert ("features" in names, "decision" in names) == (stream.streaming, "anomaly" in text)
    assert max(block.end for block in memory.blocks) <= program.arena_bytes
    if stream.streaming:  # features wait elsewhere until the input is written
        alive["input"] = [block for block in alive["input"] if block.name != "features"]
    for blocks in alive.values():
        assert all(a.end <= b.offset or b.end <= a.offset for a, b in combinations(blocks, 2))
