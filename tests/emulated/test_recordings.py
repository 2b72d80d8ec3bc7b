"""Files of recordings become what stand-ins of sensors read, or are refused with the reason."""

from __future__ import annotations

import importlib.util
import struct
import sys
import wave
from pathlib import Path
from types import ModuleType

import pytest
from PIL import Image

from tests.emulated.conftest import EMULATOR
from tinypack.verify.tools import run


def load() -> ModuleType:
    """The runner's module: PlatformIO's Python runs it from its folder, outside the package."""
    spec = importlib.util.spec_from_file_location("recording", EMULATOR / "builder" / "recording.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


recording = load()


def write_wav(path: Path, data: bytes, channels: int = 1, width: int = 2, rate: int = 16000) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((channels, width, rate, 0, "NONE", ""))
        file.writeframes(data)
    return path


def read(*paths: Path, rate: float | None = None):  # type: ignore[no-untyped-def]
    return recording.read_recordings(paths, rate)


@pytest.mark.parametrize(("width", "data"), [(2, b"\x01\x00\xff\x7f\x00\x80"), (1, b"\x80\x00\xff")])
@pytest.mark.parametrize("channels", [1, 3])
def test_wav(tmp_path: Path, width: int, data: bytes, channels: int) -> None:
    found = read(write_wav(tmp_path / "a.wav", data, channels, width, 8000))
    expected = [1, 32767, -32768] if width == 2 else [0, -32768, 32512]
    assert struct.unpack("<3h", found.data) == tuple(expected)
    assert (found.format, found.channels, found.rate, found.frames) == (
        recording.INT16,
        channels,
        8000.0,
        3 // channels,
    )


def test_the_stream_of_a_wav(tmp_path: Path) -> None:
    found = read(write_wav(tmp_path / "a.wav", b"\x01\x00\x02\x00\x03\x00\x04\x00", 2))
    for waits in (False, True):
        head = b"\x89TPREC1\n" + struct.pack("<BBHIIHH", 1, waits, 2, 16_000_000, 2, 1, 1)
        assert recording.stream(found, waits) == head + found.data


#: text -> rate, channels, values
TABLES = {
    "header": ("# rate: 100\nx,y\n1,2\n3,-4\n", 100.0, 2, [1, 2, 3, -4]),
    "no header": ("# rate: 62.5 Hz\n1,2\n", 62.5, 2, [1, 2]),
    "seconds": ("time,x\n0.00,7\n0.02,8\n0.04,9\n", 50.0, 1, [7, 8, 9]),
    "milliseconds": ("time_ms,x\n5,7\n15,8\n25,9\n", 100.0, 1, [7, 8, 9]),
    "jitter": ("t,x\n0,7\n0.011,8\n0.019,8\n0.03,9\n", 100.0, 1, [7, 8, 8, 9]),
    "real": ("# rate: 10\n0.5,-1\n1e-3,2\n", 10.0, 2, [0.5, -1.0, 0.001, 2.0]),
    "more than 16 bits": ("# rate: 10\n32768\n0\n", 10.0, 1, [32768.0, 0.0]),
    "semicolons": ("# rate: 10\na;b\n1;2\n", 10.0, 2, [1, 2]),
    "tabs, spaces, byte order mark, empty line": ("\ufeff# rate: 10\r\n 1\t2\r\n\r\n3\t 4\r\n", 10.0, 2, [1, 2, 3, 4]),
}


@pytest.mark.parametrize("name", TABLES)
def test_csv(tmp_path: Path, name: str) -> None:
    text, rate, channels, values = TABLES[name]
    (tmp_path / "a.csv").write_bytes(text.encode())
    found = read(tmp_path / "a.csv")
    whole = all(isinstance(value, int) for value in values)
    assert (found.rate, found.channels) == (rate, channels)
    assert found.format == (recording.INT16 if whole else recording.FLOAT32)
    assert found.data == struct.pack(f"<{len(values)}{'h' if whole else 'f'}", *values)


def test_a_rate_from_outside(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("1\n2\n")
    assert read(tmp_path / "a.csv", rate=25.0).rate == 25.0


def test_integers_become_real_beside_real_numbers(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("# rate: 10\n1\n")
    (tmp_path / "b.csv").write_text("# rate: 10\n0.5\n")
    assert read(tmp_path / "a.csv", tmp_path / "b.csv").data == struct.pack("<2f", 1.0, 0.5)


def test_what_serial_is_given(tmp_path: Path) -> None:
    assert recording.serial(read(write_wav(tmp_path / "a.wav", b"\x01\x00\xfe\xff", 2))) == b"1,-2\n"
    (tmp_path / "a.csv").write_text("# rate: 10\n0.5,2\n-1,0.25\n")
    assert recording.serial(read(tmp_path / "a.csv")) == b"0.5,2.0\n-1.0,0.25\n"
    assert recording.serial(read(picture(tmp_path, "L", "a.bmp"))) == bytes(6 * 4)


@pytest.mark.parametrize("size", [(5, 3), (8, 2)])
@pytest.mark.parametrize(("mode", "channels"), [("L", 1), ("RGB", 3), ("P", 3)])
@pytest.mark.parametrize("ending", ["bmp", "netpbm"])
def test_pictures(tmp_path: Path, ending: str, mode: str, channels: int, size: tuple[int, int]) -> None:
    pixels = bytes((i * 37 + 11) & 255 for i in range(size[0] * size[1] * 3))
    image = Image.frombytes("RGB", size, pixels).convert(mode)
    if ending == "netpbm":
        image = image.convert("L" if channels == 1 else "RGB")
    path = tmp_path / f"a.{ending if ending == 'bmp' else 'pgm' if channels == 1 else 'ppm'}"
    image.save(path)
    found = read(path)
    assert (found.format, found.channels, found.width, found.height) == (recording.PIXELS, channels, *size)
    assert found.data == image.convert("L" if channels == 1 else "RGB").tobytes()


def cut(path: Path, last: int) -> Path:
    path.write_bytes(path.read_bytes()[:last])
    return path


def text(folder: Path, content: str, name: str = "a.csv") -> Path:
    (folder / name).write_text(content)
    return folder / name


def picture(folder: Path, mode: str, name: str) -> Path:
    Image.new(mode, (6, 4)).save(folder / name)
    return folder / name


def without_palette(path: Path) -> Path:
    data = bytearray(path.read_bytes())
    data[10:14] = struct.pack("<I", 54)
    path.write_bytes(data)
    return path


SOUND = bytes(range(100))
#: what is wrong -> how it is made, and what is said
DEFECTS = {
    "kind": (lambda f: [text(f, "", "a.mp3")], "a recording is one of .wav, .csv"),
    "missing": (lambda f: [f / "none.wav"], "No such file"),
    "no wav": (lambda f: [text(f, "hello, world", "a.wav")], "RIFF"),
    "empty wav": (lambda f: [text(f, "", "a.wav")], "ends too early"),
    "short wav": (lambda f: [cut(write_wav(f / "a.wav", SOUND), 60)], "truncated: 8 of 50 samples are there"),
    "no sound": (lambda f: [write_wav(f / "a.wav", b"")], "holds no samples"),
    "24 bits": (lambda f: [write_wav(f / "a.wav", SOUND[:99], width=3)], "24 bits, but must have 8 or 16"),
    "two rates": (
        lambda f: [write_wav(f / "a.wav", SOUND), write_wav(f / "b.wav", SOUND, rate=8000)],
        "rate 8000.0 differs from 16000.0",
    ),
    "two widths": (
        lambda f: [write_wav(f / "a.wav", SOUND), write_wav(f / "b.wav", SOUND, channels=2)],
        "channels 2 differs from 1",
    ),
    "no rate": (lambda f: [text(f, "1,2\n")], "its rate is not known: state it by --rate"),
    "words": (lambda f: [text(f, "# rate: 10\na,b\n1,2\n1,x\n")], "a.csv:4: a row must be 2 numbers"),
    "ragged": (lambda f: [text(f, "# rate: 10\n1,2\n1\n")], "a.csv:3: a row must be 2 numbers"),
    "infinite": (lambda f: [text(f, "# rate: 10\n1\ninf\n")], "a.csv:3: a row must be 1 numbers"),
    "beyond float32": (lambda f: [text(f, "# rate: 10\n1\n1e39\n")], "a.csv:3: a row must be 1 numbers"),
    "two points": (lambda f: [text(f, "# rate: 1.2.3\n1\n")], "its rate is not known"),
    "head only": (lambda f: [text(f, "# rate: 10\na,b\n")], "holds no samples"),
    "no rows": (lambda f: [text(f, "\n")], "holds no samples"),
    "time only": (lambda f: [text(f, "time\n0\n1\n")], "holds no samples"),
    "no text": (lambda f: [cut(write_wav(f / "a.csv", b"\xff" * 9), 50)], "a.csv: "),
    "no time": (lambda f: [text(f, "# rate: 0\n1\n")], "is not between"),
    "16 colours": (lambda f: [picture(f, "1", "a.bmp")], "not a BMP of 8 or 24 bits"),
    "short bmp": (lambda f: [cut(picture(f, "RGB", "a.bmp"), 100)], "truncated"),
    "shorter bmp": (lambda f: [cut(picture(f, "RGB", "a.bmp"), 20)], "a.bmp: "),
    "short palette": (lambda f: [cut(picture(f, "L", "a.bmp"), 90)], "truncated"),
    "no palette": (lambda f: [without_palette(picture(f, "L", "a.bmp"))], "palette ends too early"),
    "short ppm": (lambda f: [cut(picture(f, "RGB", "a.ppm"), 40)], "truncated"),
    "no ppm": (lambda f: [text(f, "P3 1 1 255 1 2 3", "a.ppm")], "not a binary PGM or PPM"),
    "sizes": (
        lambda f: [text(f, "P5 1 1 255 x", "a.pgm"), text(f, "P5 1 2 255 xy", "b.pgm")],
        "height 2 differs from 1",
    ),
}


@pytest.mark.parametrize("name", DEFECTS)
def test_what_can_not_be_replayed_is_refused(tmp_path: Path, name: str) -> None:
    make, words = DEFECTS[name]
    with pytest.raises(recording.BadRecording) as caught:
        read(*make(tmp_path))
    assert words in str(caught.value)


def test_a_wav_of_another_rate_than_stated(tmp_path: Path) -> None:
    with pytest.raises(recording.BadRecording, match="its rate is 16000 Hz, not 8000 Hz"):
        read(write_wav(tmp_path / "a.wav", SOUND), rate=8000.0)


@pytest.mark.tools
def test_the_runner_says_what_is_wrong(tmp_path: Path) -> None:
    runner = [sys.executable, EMULATOR / "builder" / "run.py", "--board", EMULATOR / "boards" / "native.json"]
    done = run([*runner, "--elf", sys.executable, "--recording", text(tmp_path, "1\n")], time_limit=30.0)
    assert done.code == 65
    assert done.error_text.startswith(f"error: {tmp_path / 'a.csv'}: its rate is not known")
