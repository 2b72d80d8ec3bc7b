"""Stand-ins of sensors give a recording bit by bit, and lose of it what the clock says."""

from __future__ import annotations

import struct
import wave
from itertools import pairwise
from pathlib import Path

import pytest

from tests.emulated.conftest import Build, pio_run, run_elf
from tinypack.verify.tools import Done

pytestmark = pytest.mark.tools

BOARDS = ("native", "mps2-an386", "microbit", "riscv32-virt", "lx106-sim", "b-l475e-iot01a")
PICTURES = tuple(board for board in BOARDS if board != "microbit")  # its RAM is too small for one
EMULATED = ("mps2-an386", "microbit")
RATE = 16000
KEPT, BUFFER, DMA = 1024, 256, 1440  # samples: of the sketch, of the PDM driver, of the I2S driver


def noise(n: int, first: int = 0) -> list[int]:
    """The first sample is how long the sketch's loop() takes, in ms."""
    values = [(i * 40503 + i * i * 7919) % 65536 - 32768 for i in range(n)]
    return [first, *values[1:]]


def write_wav(path: Path, values: list[int], channels: int = 1, rate: int = RATE) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((channels, 2, rate, 0, "NONE", ""))
        file.writeframes(struct.pack(f"<{len(values)}h", *values))
    return path


def write_csv(path: Path, rows: list[tuple[float, ...]], rate: int = 100) -> Path:
    path.write_text(f"# rate: {rate}\n" + "".join(",".join(map(str, row)) + "\n" for row in rows))
    return path


def replay(build: Build, board: str, *args: str | Path) -> Done:
    done = run_elf(board, build("sensors", board), *args)
    assert done.code == 0, done.text + done.error_text
    return done


def numbers(done: Done) -> list[int]:
    return [int(line) for line in done.text.split()]


def table(done: Done) -> list[tuple[float, ...]]:
    return [tuple(float(cell) for cell in line.split(",")) for line in done.text.split()]


@pytest.mark.parametrize("wait", [(), ("--wait",)], ids=["clock", "wait"])
@pytest.mark.parametrize("board", BOARDS)
def test_a_microphone_gives_every_sample(build: Build, tmp_path: Path, board: str, wait: tuple[str, ...]) -> None:
    values = noise(3 * BUFFER + 100)
    done = replay(build, board, "--recording", write_wav(tmp_path / "a.wav", values), *wait)
    assert numbers(done) == values


@pytest.mark.parametrize("board", BOARDS)
def test_recordings_follow_each_other(build: Build, tmp_path: Path, board: str) -> None:
    parts = [write_wav(tmp_path / f"{i}.wav", noise(300 + i)) for i in range(2)]
    done = replay(build, board, *(f"--recording={part}" for part in parts))
    assert numbers(done) == [*noise(300), *noise(301)]


@pytest.mark.parametrize("board", BOARDS)
def test_an_i2s_microphone_gives_both_channels(build: Build, tmp_path: Path, board: str) -> None:
    values = noise(2 * 500)
    done = replay(build, board, "--recording", write_wav(tmp_path / "a.wav", values, channels=2), "--wait")
    assert numbers(done) == values


@pytest.mark.parametrize("board", EMULATED)
def test_a_slow_loop_loses_samples_by_the_clock(build: Build, tmp_path: Path, board: str) -> None:
    """The first buffer comes after 16 ms; then every 104 ms the sketch looks at those of 6.5 buffers' time."""
    buffers = 50
    values = noise(buffers * BUFFER, first=104)
    recording = write_wav(tmp_path / "a.wav", values)
    due = [1, *(min(int(1 + 6.5 * k), buffers) for k in range(1, 9))]
    samples = [BUFFER * (new - old) for old, new in zip([0, *due], due, strict=False)]
    expected = [
        (values[BUFFER * old], min(n, KEPT), max(n - KEPT, 0)) for old, n in zip([0, *due], samples, strict=False)
    ]
    assert table(replay(build, board, "--recording", recording)) == expected
    unhurried = table(replay(build, board, "--recording", recording, "--wait"))
    assert [row[1:] for row in unhurried] == [(BUFFER, 0)] * buffers


@pytest.mark.parametrize("board", EMULATED)
def test_a_full_driver_loses_the_oldest(build: Build, tmp_path: Path, board: str) -> None:
    """The sketch takes 32 frames every 200 ms."""
    values = noise(2 * 4 * RATE // 10, first=200)
    done = replay(build, board, "--recording", write_wav(tmp_path / "a.wav", values, channels=2))
    first, second = (values.index(int(row[0])) // 2 for row in table(done)[:2])
    assert first == 0
    assert 0 <= second - (32 + RATE // 5 - DMA) < 64


@pytest.mark.parametrize("board", BOARDS)
def test_an_imu_gives_every_sample(build: Build, tmp_path: Path, board: str) -> None:
    rows = [(0.0, -i / 8, 0.015625) for i in range(40)]
    assert table(replay(build, board, "--recording", write_csv(tmp_path / "a.csv", rows), "--wait")) == rows
    both = [(0.5, -float(i), 1.0, i / 4, 2.0, 3.0) for i in range(40)]
    done = replay(build, board, "--recording", write_csv(tmp_path / "b.csv", both))
    assert table(done) == [half for row in both for half in (row[:3], row[3:])]


@pytest.mark.parametrize("board", EMULATED)
def test_an_imu_of_one_reading_loses_by_the_clock(build: Build, tmp_path: Path, board: str) -> None:
    """One reading in each loop() of 35 ms, at 100 Hz: the newest; but with a FIFO none is lost."""
    rows = [(35.0, float(i), 0.0) for i in range(64)]
    got = [int(row[1]) for row in table(replay(build, board, "--recording", write_csv(tmp_path / "a.csv", rows)))]
    steps = [b - a for a, b in pairwise(got)]
    assert set(steps[1:-1]) == {3, 4}
    assert abs(sum(steps) / len(steps) - 3.5) < 0.2
    deep = [(*row, 0.0, 0.0, 0.0) for row in rows]
    done = replay(build, board, "--recording", write_csv(tmp_path / "b.csv", deep))
    assert [row[1] for row in table(done)][::2] == [row[1] for row in rows]


@pytest.mark.parametrize("wait", [(), ("--wait",)], ids=["clock", "wait"])
@pytest.mark.parametrize("board", BOARDS)
def test_analog_pins_give_channels(build: Build, tmp_path: Path, board: str, wait: tuple[str, ...]) -> None:
    rows = [(i, 1000 - i, 0, 0) for i in range(30)]
    got = table(replay(build, board, "--recording", write_csv(tmp_path / "a.csv", rows), *wait))
    assert got == [row[:2] for row in rows]


@pytest.mark.parametrize("board", EMULATED)
def test_a_timer_samples_while_the_sketch_computes(build: Build, tmp_path: Path, board: str) -> None:
    """Ten calls come late in each loop() of 35 ms. Of 300 Hz no period is a whole number of microseconds."""
    rate, values = 300, [35, *range(1000, 1599)]
    recording = write_csv(tmp_path / "a.csv", [(value, 0, 0, 0, 0) for value in values], rate)
    got = table(replay(build, board, "--recording", recording))
    assert [row[0] for row in got] == values
    since_first = [row[1] - got[0][1] for row in got]
    assert since_first == pytest.approx([i * 1e6 / rate for i in range(len(got))], abs=1)
    assert 0 <= got[0][1] - 1e6 / rate < 200


@pytest.mark.parametrize("board", BOARDS)
def test_a_timer_waits_for_the_sketch(build: Build, tmp_path: Path, board: str) -> None:
    rows = [(value, 0, 0, 0, 0) for value in range(100)]
    got = table(replay(build, board, "--recording", write_csv(tmp_path / "a.csv", rows), "--wait"))
    assert [row[0] for row in got] == [row[0] for row in rows]


def hashed(data: bytes) -> int:
    total = 0
    for byte in data:
        total = (total * 31 + byte) & 0xFFFFFFFF
    return total


@pytest.mark.parametrize("board", PICTURES)
def test_a_camera_gives_pictures(build: Build, tmp_path: Path, board: str) -> None:
    grey = [bytes((i * 7 + k) & 255 for i in range(160 * 120)) for k in range(2)]
    for k, pixels in enumerate(grey):
        (tmp_path / f"{k}.pgm").write_bytes(b"P5\n160 120\n255\n" + pixels)
    done = replay(build, board, *(f"--recording={tmp_path / f'{k}.pgm'}" for k in range(2)), "--rate", "20")
    assert numbers(done) == [hashed(pixels) for pixels in grey]


def test_a_camera_gives_colours(build: Build, tmp_path: Path) -> None:
    colours = bytes((i * 5 + i // 7) & 255 for i in range(3 * 160 * 120))
    (tmp_path / "a.ppm").write_bytes(b"P6 160 120 255\n" + colours)
    expected = bytearray()
    for i in range(0, len(colours), 3):
        r, g, b = colours[i : i + 3]
        expected += struct.pack(">H", r >> 3 << 11 | g >> 2 << 5 | b >> 3)
    assert numbers(replay(build, "native", "--recording", tmp_path / "a.ppm")) == [hashed(expected)]


@pytest.mark.parametrize("board", BOARDS)
def test_without_a_recording_the_input_is_serials(build: Build, board: str) -> None:
    done = run_elf(board, build("sensors", board), stdin=b"\x89TPR hello")
    assert b"none, then \x89TPR hello\r\n" in done.stdout
    assert "PDM: no recording" in done.text
    assert done.code == 65


@pytest.mark.parametrize(
    ("channels", "rate", "words"),
    [
        (1, 8000, "PDM: rate in Hz of the recording: 8000, of the sketch: 16000"),
        (2, 44100, "I2S: rate in Hz of the recording: 44100, of the sketch: 16000"),
        (15, 16000, "IMU: channels of the recording: 15, of the sketch: 9"),
        (10, 16000, "analogRead: channels of the recording: 10, of the sketch: 8"),
    ],
)
def test_what_does_not_go_together_is_said(build: Build, tmp_path: Path, channels: int, rate: int, words: str) -> None:
    recording = write_wav(tmp_path / "a.wav", noise(300 * channels), channels, rate)
    done = run_elf("native", build("sensors", "native"), "--recording", recording)
    assert words in done.text
    assert done.code == 65


def test_a_microphone_wants_integers(build: Build, tmp_path: Path) -> None:
    recording = write_csv(tmp_path / "a.csv", [(0.5,), (1.0,)], RATE)
    done = run_elf("native", build("sensors", "native"), "--recording", recording)
    assert "PDM: the recording's samples must be integers of 16 bits" in done.text
    assert done.code == 65


def test_platformio_replays(build: Build, tmp_path: Path, folder: Path) -> None:
    build("sensors", "native")
    parts = [str(write_wav(tmp_path / f"{i}.wav", noise(300))) for i in range(2)]
    done = pio_run(folder, "sensors", "native", "-t", "exec", TINYPACK_RECORDING=":".join(parts))
    assert done.ok, done.error_text
    assert "\n".join(map(str, noise(300) * 2)) in "\n".join(done.text.split())
