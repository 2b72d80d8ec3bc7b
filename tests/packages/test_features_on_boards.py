"""Each extractor and each decision in a package of its own: its self-test of the stream passes on emulated boards."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest

from tests.support.machine import lack, need
from tests.support.model_builder import T, single_op
from tinypack import verify_package
from tinypack.boards import board, load_boards
from tinypack.features import EXTRACTORS
from tinypack.manifest import load_project, parse_manifest
from tinypack.model_file import read_model
from tinypack.pack import make_content
from tinypack.verify.emulated import missing

pytestmark = pytest.mark.tools

CLASSES = 3
AUDIO = "sample_rate = 16000\nframes = 4\n"
CLASSIFY = '[decision]\ntype = "classify"\nevery = 2\nsmoothing = 2\nthreshold = 0.4\n'
ANOMALY = '[decision]\ntype = "anomaly"\nthreshold = 10.0\n'
REGRESS = '[decision]\ntype = "regress"\n'
IMAGE = 'width = 20\nheight = 16\npixels = "rgb565"\noutput_width = 12\noutput_height = 12\ncolours = "rgb"\n'
VIBRATION = 'sample_rate = 200\nchannels = 2\nwindow = 64\nhop = 32\nunit = 0.001\npreset = "edge-impulse"\n'
#: extractor -> its options, elements of the model's input, decision
CASES = {
    "image": (IMAGE, 432, CLASSIFY.replace("every = 2\n", "")),
    "mfcc": (AUDIO + 'preset = "tf-signal"\n', 40, CLASSIFY),
    "mfe": (AUDIO + 'preset = "edge-impulse"\n', 160, ANOMALY),
    "microfrontend": ("frames = 3\n", 120, CLASSIFY),
    "raw": ("sample_rate = 100\nchannels = 3\nhop = 4\nunit = 0.01\nframes = 5\n", 60, ANOMALY),
    "spectral": (VIBRATION, 0, REGRESS),
    "spectrogram": (AUDIO + "fft_length = 256\nframe_length = 256\nhop = 128\n", 4 * 129, REGRESS),
    "statistics": (VIBRATION, 0, REGRESS),
}
QUICK = ("image", "mfcc", "microfrontend", "spectral")  # between them, all kinds of kernels; others are slow tests
BOARDS = [each.id for each in load_boards().values() if each.emulated]


def project(folder: Path, name: str) -> Path:
    options, inputs, decision = CASES[name]
    head = '[package]\nname = "kws"\n[model]\nfile = "model.tflite"\n'
    text = head + f'[features]\ntype = "{name}"\n{options}{decision}'
    features = parse_manifest(text, folder).features
    assert features is not None
    inputs = inputs or EXTRACTORS[name].front_end(features).features.length
    outputs = inputs if "anomaly" in decision else CLASSES
    draw = np.random.default_rng(3)
    tensors = [
        T((1, inputs), scale=0.5, zero_point=-3),
        T((outputs, inputs), scale=0.01, data=draw.integers(-127, 128, (outputs, inputs)).astype(np.int8)),
        T((outputs,), "int32", scale=0.005, data=np.zeros(outputs, np.int32)),
    ]
    model = single_op("FULLY_CONNECTED", tensors, T((1, outputs), scale=1 / 256, zero_point=-128))
    (folder / "model.tflite").write_bytes(model)
    (folder / "tinypack.toml").write_text(text)
    return folder


def test_every_extractor_has_a_case() -> None:
    assert CASES.keys() == EXTRACTORS.keys()


@pytest.mark.parametrize("name", QUICK)
def test_on_a_cortex_m4f(name: str, tmp_path: Path) -> None:
    need("arm-none-eabi-gcc", "qemu-system-arm")
    attestation = verify_package(project(tmp_path, name), None, ["mps2-an386"], ["cmake"], vectors=1)
    assert attestation.passed, [result.reason for result in attestation.results]


@pytest.mark.parametrize("name", ["mfcc", "mfe", "microfrontend", "spectrogram"])
def test_audio_needs_no_libm(name: str, tmp_path: Path) -> None:
    """Nor a C library, but for two functions that every one has; the compiler's own helpers begin with __."""
    need("arm-none-eabi-gcc", "arm-none-eabi-nm")
    loaded = load_project(project(tmp_path, name))
    content = make_content(loaded, read_model(loaded.model_path))
    for path, text in content.sources.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    units = [path for path in content.sources if path.endswith(".c")]
    flags = ("-mcpu=cortex-m0", "-mthumb", "-std=c99", "-Os", "-r", "-nostdlib", "-o", "package.o")
    subprocess.run(["arm-none-eabi-gcc", *flags, *units], cwd=tmp_path, check=True, timeout=120)
    listing = subprocess.run(["arm-none-eabi-nm", "-u", "package.o"], cwd=tmp_path, capture_output=True, text=True)
    wanted = {line.split()[-1] for line in listing.stdout.splitlines()}
    assert {name for name in wanted if not name.startswith("__")} == {"memcpy", "memset"}


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_on_every_board(name: str, tmp_path: Path) -> None:
    for reason in filter(None, (missing(board(each)) for each in BOARDS)):
        lack(reason)
    attestation = verify_package(project(tmp_path, name), None, BOARDS, ["cmake"], vectors=1)
    found = {result.board: result.status for result in attestation.results}
    assert found == dict.fromkeys(BOARDS, "passed"), [result.reason for result in attestation.results]
