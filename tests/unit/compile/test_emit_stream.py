"""The C around a model, under strict compilers of both languages."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest

from tests.support.machine import need
from tests.support.model_builder import Op, T, build
from tinypack.compile.emit import Identity, emit_package, emit_selftest
from tinypack.manifest import load_project
from tinypack.model_file import read_model
from tinypack.pack import compile_project

STRICT = ("-Wall", "-Wextra", "-Werror", "-Wconversion", "-pedantic", "-O0")
#: Compiler and the language that it takes the C for.
DIALECTS = {"C99": ("gcc", "-std=c99", "-x", "c"), "C++11": ("g++", "-std=c++11", "-x", "c++")}
HEAD = '[package]\nname = "kws"\n[model]\nfile = "model.tflite"\n'
LABELS = 'labels = ["\\"", "a\\\\", "*/??/%s"]\n'
RATE = "sample_rate = 16000\n"
AXES = "sample_rate = 99.5\nchannels = 3\n"
IMAGE = 'width = 9\nheight = 7\npixels = "rgb565"\noutput_width = 6\noutput_height = 5\ncolours = "rgb"\n'
#: Sections, and elements of a model's input.
CASES = {
    "image": (f'[features]\ntype = "image"\n{IMAGE}', 90),
    "mfcc": (f'[features]\ntype = "mfcc"\n{RATE}cmvn = 3\ncmvn_variance = true\n', 13),
    "mfe": (f'[features]\ntype = "mfe"\n{RATE}pre_emphasis = 0.97\nhop = "50 ms"\n', 64),
    "microfrontend": ('[features]\ntype = "microfrontend"\n[decision]\ntype = "anomaly"\nthreshold = 1.0\n', 40),
    "raw": (f'{LABELS}[features]\ntype = "raw"\n{AXES}[decision]\ntype = "classify"\nsmoothing = 3\nevery = 7\n', 6),
    "spectral": (f'[features]\ntype = "spectral"\n{AXES}window = 64\nfft = 16\nfilter = "high"\ncutoff = 2\n', 33),
    "spectrogram": (f'[features]\ntype = "spectrogram"\n{RATE}fft_length = 512\n', 257),
    "statistics": (f'[features]\ntype = "statistics"\n{AXES}window = 9\n', 12),
}


def model(inputs: int, outputs: int, ports: int) -> bytes:
    """One dense layer, and as many outputs of it as asked for."""
    draw = np.random.default_rng(3)
    tensors = [
        T((1, inputs), scale=0.5, zero_point=-3),
        T((outputs, inputs), scale=0.01, data=draw.integers(-127, 128, (outputs, inputs)).astype(np.int8)),
        T((outputs,), "int32", scale=0.005, data=np.zeros(outputs, np.int32)),
        *[T((1, outputs), scale=1 / 256, zero_point=-128) for _ in range(ports)],
    ]
    layers = [Op("FULLY_CONNECTED", (0, 1, 2), (3 + port,)) for port in range(ports)]
    return build(tensors, layers, [0], [3 + port for port in range(ports)])


def emit(folder: Path, text: str, inputs: int, ports: int = 1) -> None:
    """Write a package's C, and a program that includes its self-test."""
    outputs = inputs if "anomaly" in text else 3
    (folder / "model.tflite").write_bytes(model(inputs, outputs, ports))
    (folder / "tinypack.toml").write_text(HEAD + text)
    project = load_project(folder)
    _, program, stream = compile_project(project, read_model(project.model_path))
    assert stream is not None
    identity = Identity("kws", "1.0.0", "A sentence.", "0.1.0", "ab" * 32, tuple(project.manifest.model.labels))
    files = emit_package(program, project.names, identity, stream)
    files = {**files, **emit_selftest(program, project.names, identity, "nobody", [(1, 2)], stream, [3, 4])}
    for path, content in files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(content)
    (folder / "main.c").write_text(
        '#include "kws_selftest.h"\nstatic kws_t model;\nstatic void put(const char *line) {\n  (void)line;\n}\n'
        "static int get(void) {\n  return -1;\n}\nint main(void) {\n  return kws_selftest(&model, put, get);\n}\n"
    )


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", CASES)
def test_compiles_without_a_warning(name: str, dialect: str, tmp_path: Path) -> None:
    compiler, *language = DIALECTS[dialect]
    need(compiler)
    emit(tmp_path, *CASES[name])
    sources = sorted(tmp_path.glob("kws/*.c"))
    subprocess.run(
        [compiler, *language, *STRICT, "-I.", "-c", *sources, "main.c"], cwd=tmp_path, check=True, timeout=100
    )


def test_the_first_of_several_outputs_is_decided_on(tmp_path: Path) -> None:
    need("gcc")
    emit(tmp_path, *CASES["raw"], ports=2)
    sources = ["kws/kws_stream.c", "main.c"]
    subprocess.run(["gcc", "-std=c99", *STRICT, "-I.", "-c", *sources], cwd=tmp_path, check=True, timeout=100)
