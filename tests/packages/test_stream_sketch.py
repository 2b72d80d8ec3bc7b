"""The sketch `Stream` of each sensor prints what Python computes of a recording, and compiles for real boards."""

from __future__ import annotations

import json
import sys
import wave
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from tests.support.machine import need, need_board
from tests.support.model_builder import T, single_op
from tests.support.models import model_bytes
from tests.support.packages import archive, unpack
from tests.support.timers import TIMERS
from tinypack import build_package
from tinypack.manifest import load_project
from tinypack.output import write_tree
from tinypack.pack import compile_project
from tinypack.package import Built
from tinypack.replay.lines import result_lines
from tinypack.stream_reference import replay_python, results
from tinypack.verify.core_dir import EMULATOR, pio
from tinypack.verify.tools import Done, run

pytestmark = pytest.mark.tools

INPUTS, CLASSES = 60, 3
LABELS = ["left", "right", "none"]
FLAGS = ("-std=gnu++11", "-fno-exceptions", "-fno-rtti", "-fno-threadsafe-statics", "-Wall", "-Wextra", "-Werror")
NATIVE = ("-DTINYPACK_EMULATOR", "-DARDUINO=10819")
CLASSIFY = f"labels = {json.dumps(LABELS)}\n"
REGRESS = '[decision]\ntype = "regress"\n'


@dataclass(frozen=True)
class Case:
    """`make` writes a recording; it gives the arguments of the runner, and the samples that the model must see."""

    features: str
    make: Callable[[Path], tuple[list[str], np.ndarray]]
    labels: str = CLASSIFY
    decision: str = ""


def noise(*shape: int) -> np.ndarray:
    return np.random.default_rng(5).integers(-32768, 32768, shape).astype(np.int16)


def sound(folder: Path) -> tuple[list[str], np.ndarray]:
    samples = noise(3000)
    write_wav(folder / "a.wav", samples)
    return ["a.wav"], samples


def write_wav(path: Path, samples: np.ndarray) -> None:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16000, 0, "NONE", ""))
        file.writeframes(samples.astype("<i2").tobytes())


def table(channels: int, scale: float, serial: bool = False) -> Callable[[Path], tuple[list[str], np.ndarray]]:
    """Readings in real units, exact in binary."""

    def make(folder: Path) -> tuple[list[str], np.ndarray]:
        samples = noise(90, channels) >> 4
        rows = "".join(",".join(repr(float(x) * scale) for x in row) + "\n" for row in samples)
        if scale == 1.0:
            rows = rows.replace(".0", "")
        (folder / "a.csv").write_text("# rate: 100\n" + rows)
        return ["a.csv", *(["--serial"] if serial else [])], samples

    return make


def pictures(width: int, height: int, serial: bool) -> Callable[[Path], tuple[list[str], np.ndarray]]:
    def make(folder: Path) -> tuple[list[str], np.ndarray]:
        pixels = noise(3, width * height).astype(np.uint8)
        for i, picture in enumerate(pixels):
            (folder / f"{i}.pgm").write_bytes(b"P5 %d %d 255\n" % (width, height) + picture.tobytes())
        more = [f"--recording={folder / f'{i}.pgm'}" for i in (1, 2)]
        return ["0.pgm", *more, *(["--serial"] if serial else [])], pixels

    return make


RAW = '[features]\ntype = "raw"\n'
STEP = 1 / 4096
IMAGE = '[features]\ntype = "image"\noutput_width = 10\noutput_height = 6\npixels = "grey"\ncolours = "grey"\n'
CASES = {
    "microphone": Case(RAW + 'sample_rate = 16000\nhop = 20\nsensor = "microphone"\n', sound),
    "microphone, regress": Case(
        RAW + 'sample_rate = 16000\nhop = 20\nsensor = "microphone"\n', sound, labels="", decision=REGRESS
    ),
    "imu": Case(RAW + f"sample_rate = 100\nchannels = 3\nhop = 2\nunit = {STEP}\n", table(3, STEP)),
    "imu of six axes": Case(RAW + f"sample_rate = 100\nchannels = 6\nunit = {STEP}\n", table(6, STEP)),
    "analog": Case(RAW + 'sample_rate = 100\nchannels = 2\nhop = 5\nsensor = "analog"\n', table(2, 1.0)),
    "serial": Case(
        RAW + f'sample_rate = 100\nchannels = 3\nhop = 2\nunit = {STEP}\nsensor = "serial"\n', table(3, STEP, True)
    ),
    "more than an IMU has": Case(RAW + f"sample_rate = 100\nchannels = 10\nunit = {STEP}\n", table(10, STEP, True)),
    "camera": Case(IMAGE + "width = 160\nheight = 120\n", pictures(160, 120, False)),
    "camera of no such size": Case(IMAGE + "width = 20\nheight = 12\n", pictures(20, 12, True)),
}


def model() -> bytes:
    draw = np.random.default_rng(3)
    inputs = [
        T((1, INPUTS), scale=256.0, zero_point=0),
        T((CLASSES, INPUTS), scale=0.01, data=draw.integers(-127, 128, (CLASSES, INPUTS)).astype(np.int8)),
        T((CLASSES,), "int32", scale=2.56, data=np.zeros(CLASSES, np.int32)),
    ]
    return single_op("FULLY_CONNECTED", inputs, T((1, CLASSES), scale=1 / 256, zero_point=-128))


def build(folder: Path, case: Case, data: bytes) -> tuple[Built, Path]:
    """Build the package; give the folder of its Arduino library, too."""
    home = folder / "project"
    home.mkdir()
    (home / "model.tflite").write_bytes(data)
    head = '[package]\nname = "kws"\nversion = "1.0.0"\nlicense = "MIT"\n[model]\nfile = "model.tflite"\n'
    (home / "tinypack.toml").write_text(head + case.labels + case.features + case.decision)
    built = build_package(home, formats=["arduino"])
    return built, unpack(built, "arduino", folder / "library")


def compile_native(library: Path, program: Path) -> None:
    need("g++", "gcc")
    folders = [
        f"-I{path}" for path in (*(EMULATOR / name for name in ("arduino", "include", "machine")), library / "src")
    ]
    objects = []
    for source in [*sorted((library / "src").rglob("*.c")), EMULATOR / "machine" / "native" / "native.c"]:
        objects.append(program.parent / f"{len(objects)}.o")
        check(run(["gcc", "-O1", *NATIVE, *folders, "-c", source, "-o", objects[-1]], time_limit=60.0))
    core = sorted((EMULATOR / "arduino").rglob("*.cpp"))
    sketch = library / "examples" / "Stream" / "Stream.ino"
    options = [*FLAGS, "-O1", *NATIVE, *folders, *core, *objects, "-include", "Arduino.h", "-x", "c++", sketch]
    check(run(["g++", *options, "-o", program], time_limit=120.0))


def check(done: Done) -> None:
    assert done.ok, done.error_text


def expected(built: Built, samples: np.ndarray, data: bytes) -> list[str]:
    """Write results as the sketch does: the label last, scores in parts of one."""
    project = load_project(built.folder.parent)
    graph, _, stream = compile_project(project, data)
    assert stream is not None
    rows = results(stream, replay_python(stream, data, graph, samples))
    return result_lines(stream.decision.results, rows, stream.streaming)


def replay(board: str, elf: Path, *args: str | Path) -> list[str]:
    """Give the lines that a program prints."""
    runner = [sys.executable, EMULATOR / "builder" / "run.py", "--board", EMULATOR / "boards" / f"{board}.json"]
    done = run([*runner, "--elf", elf, *args], time_limit=60.0)
    assert done.code == 0, done.text + done.error_text
    return done.text.splitlines()


@pytest.mark.parametrize("name", CASES)
def test_the_sketch_prints_what_python_computes(tmp_path: Path, name: str) -> None:
    case = CASES[name]
    built, library = build(tmp_path, case, model())
    compile_native(library, tmp_path / "program")
    (recording, *more), samples = case.make(tmp_path)
    lines = replay("native", tmp_path / "program", "--recording", tmp_path / recording, *more)
    wanted = expected(built, samples, model())
    assert len(wanted) >= 3
    assert lines == wanted


SPEECH = (
    '[features]\ntype = "raw"\nsample_rate = 16000\nhop = 40\nsensor = "microphone"\n[decision]\ntype = "regress"\n'
)


@pytest.mark.parametrize(("board", "every"), [("mps2-an386", "20 ms"), ("microbit", "100 ms")])
def test_an_overrun_shows_by_the_clock(tmp_path: Path, board: str, every: str) -> None:
    """An inference of micro_speech takes longer than the time between two."""
    need_board(board)
    case = Case(f'{SPEECH}every = "{every}"\n', sound, labels="")
    built, _ = build(tmp_path, case, model_bytes("micro_speech_quantized"))
    source = tmp_path / "library" / "kws" / "examples" / "Stream" / "Stream.ino"
    write_tree(tmp_path / "src", {"Stream.ino": source.read_bytes()})
    (tmp_path / "platformio.ini").write_text(
        f"[env:{board}]\nplatform = symlink://{EMULATOR}\nframework = arduino\nboard = {board}\n"
        f"lib_deps = file://{archive(built, 'arduino')}\n"
    )
    done = pio(["run", "-d", tmp_path], time_limit=200)
    assert done.ok, done.error_text
    assert "warning" not in done.error_text, done.error_text
    elf = tmp_path / ".pio" / "build" / board / "firmware.elf"
    samples = noise(16000)
    write_wav(tmp_path / "a.wav", samples)
    wanted = expected(built, samples, model_bytes("micro_speech_quantized"))
    assert replay(board, elf, "--recording", tmp_path / "a.wav", "--wait") == wanted
    lines = replay(board, elf, "--recording", tmp_path / "a.wav")
    assert lines[0] == wanted[0]
    lost = [int(line.removeprefix("lost=")) for line in lines if line.startswith("lost=")]
    assert lost == sorted(set(lost))
    assert 16000 // 4 < lost[-1] < 16000


#: What the cores of real boards declare of what the sketches use of them.
ESP32 = """
typedef int i2s_mode_t; typedef int esp_err_t;
enum { ESP_OK = 0, pdPASS = 1, I2S_MODE_MASTER, I2S_MODE_RX, I2S_BITS_PER_SAMPLE_32BIT, I2S_CHANNEL_FMT_ONLY_LEFT,
  I2S_CHANNEL_FMT_RIGHT_LEFT, I2S_COMM_FORMAT_STAND_I2S, I2S_PIN_NO_CHANGE = -1, I2S_NUM_0 = 0 };
#define portMAX_DELAY 0xffffffffu
struct i2s_config_t { int mode; uint32_t sample_rate; int bits_per_sample, channel_format, communication_format,
  intr_alloc_flags, dma_buf_count, dma_buf_len; };
struct i2s_pin_config_t { int mck_io_num, bck_io_num, ws_io_num, data_out_num, data_in_num; };
esp_err_t i2s_driver_install(int, const i2s_config_t *, int, void *);
esp_err_t i2s_set_pin(int, const i2s_pin_config_t *);
esp_err_t i2s_read(int, void *, size_t, size_t *, uint32_t);
"""
TASKS = "int xTaskCreate(void (*)(void *), const char *, uint32_t, void *, unsigned, void *);\nenum { pdPASS = 1 };\n"
#: What real boards define, and what stands in for headers that the emulator has not.
REAL = {
    "Nano 33 BLE": (("-DARDUINO_ARDUINO_NANO33BLE",), {}),
    "Nano 33 BLE Rev2": (("-DARDUINO_ARDUINO_NANO33BLE", "-DNANO_REV2"), {}),
    "ESP32, core 3": (("-DESP32", "-DESP_ARDUINO_VERSION_MAJOR=3", "-include", "tasks.h"), {"tasks.h": TASKS}),
    "ESP32, core 2": (
        ("-DESP32", "-DESP_ARDUINO_VERSION_MAJOR=2", "-include", "tasks.h"),
        {"tasks.h": TASKS.split("enum")[0], "driver/i2s.h": ESP32},
    ),
    "another": ((), {}),
}


@pytest.mark.parametrize("name", CASES)
def test_the_sketch_compiles_for_real_boards(tmp_path: Path, name: str) -> None:
    need("g++")
    _, library = build(tmp_path, CASES[name], model())
    for i, (flags, headers) in enumerate(REAL.values()):
        check_syntax(library, tmp_path / str(i), headers, flags)


def test_the_analog_sketch_polls_where_it_knows_no_timer(tmp_path: Path) -> None:
    built, library = build(tmp_path, CASES["analog"], model())
    header = library / "examples" / "Stream" / "sampling.h"
    header.write_text(header.read_text().replace("#if defined(TINYPACK_EMULATOR)", "#if 0"))
    compile_native(library, tmp_path / "program")
    (recording, *_), samples = CASES["analog"].make(tmp_path)
    lines = replay("native", tmp_path / "program", "--recording", tmp_path / recording)
    assert lines == expected(built, samples, model())


def test_the_analog_sketch_samples_by_timers_of_real_boards(tmp_path: Path) -> None:
    need("g++")
    _, library = build(tmp_path, CASES["analog"], model())
    for core, (define, header, text) in TIMERS.items():
        check_syntax(library, tmp_path / core, {header: text}, (f"-D{define}",))


def check_syntax(library: Path, fakes: Path, headers: dict[str, str], flags: tuple[str, ...]) -> None:
    for path, text in headers.items():
        (fakes / path).parent.mkdir(parents=True, exist_ok=True)
        (fakes / path).write_text(text)
    folders = [f"-I{path}" for path in (fakes, EMULATOR / "arduino", library / "src")]
    sketch = library / "examples" / "Stream" / "Stream.ino"
    options = [*FLAGS, *folders, "-include", "Arduino.h", *flags, "-fsyntax-only", "-x", "c++", sketch]
    check(run(["g++", *options], time_limit=60.0))
