"""Run a program of this platform and exit as it does.

    python run.py --board boards/mps2-an386.json --elf firmware.elf [--count FILE [--profile FILE [--within FUNCTION]]]
        [--recording FILE]...

Exit codes: the program's own; 65 if a recording can't be read, or its sensor doesn't go together with it; 70 if it
crashed; 124 if it ran past TINYPACK_TIME_LIMIT (seconds, default 120); 69 if something is missing to run it.
The standard input is the program's, its output goes to the standard output, every byte as it is (`pio run -t exec`
calls this, but PlatformIO passes on text only).
--count writes the numbers of instructions executed between bench_begin() and bench_end(), one a line; --profile how
often each of them was, told apart by the instructions of a function --within which it happened: see count/count.c.
--flash adds to that what a real board, whose caches it describes, would have waited for.
--recording takes the place of the standard input: the program's sensors replay it, by the emulated clock, or with --wait
as the sketch asks for it, as always on a board that has no such clock. --serial sends it to
Serial instead, as rows of text. recording.py says what files there are.
Needs no package but Python's own, so that PlatformIO's Python can run it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, Any

from recording import BadRecording, read_recordings, serial, stream

HOME = Path(__file__).resolve().parent.parent
UNFIT, UNAVAILABLE, CRASHED, TIMED_OUT = 65, 69, 70, 124


class CannotRun(Exception):
    """Something that the run needs is missing; the text says what."""


def time_limit() -> float:
    text = os.environ.get("TINYPACK_TIME_LIMIT", "120")
    try:
        limit = float(text)
    except ValueError:
        limit = 0.0
    if not 0 < limit < float("inf"):
        raise CannotRun(f"TINYPACK_TIME_LIMIT must be a number of seconds above 0, not {text!r}")
    return limit


def symbols(toolchain: str, elf: Path) -> dict[str, tuple[int, int]]:
    """Read the symbols of a program that have a size: name -> address and size."""
    listing = subprocess.run([f"{toolchain}nm", "-S", str(elf)], capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in listing.splitlines()]
    return {row[3]: (int(row[0], 16) & ~1, int(row[1], 16)) for row in rows if len(row) == 4}


def places(toolchain: str, elf: Path, within: str) -> dict[str, int]:
    """Find what the plug-in tells apart: its arguments begin, size and end, and within and within_size."""
    found = symbols(toolchain, elf)
    if not {"bench_begin", "bench_end"} <= found.keys():
        raise CannotRun(f"{elf} never calls bench_begin() and bench_end(): there is nothing to count")
    if within and within not in found:
        raise CannotRun(f"{elf} has no function {within}")
    (begin, size), (end, _) = found["bench_begin"], found["bench_end"]
    inner, inner_size = found.get(within, (0, 0))
    return {"begin": begin, "size": size, "end": end, "within": inner, "within_size": inner_size}


def core() -> Path:
    """Say where PlatformIO keeps what it installs."""
    return Path(os.environ.get("PLATFORMIO_CORE_DIR") or Path.home() / ".platformio")


def emulator(board: dict[str, Any]) -> list[str]:
    """Give the command but for the program to run. A board may want an emulator of another Debian suite than the
    machine's: `tinypack doctor --fix` unpacks it beside; elsewhere the machine's own may be new enough."""
    name, *rest = board["emulation"]["command"]
    beside = core() / "beside" / board["emulation"].get("suite", "") / "usr" / "bin" / name
    return [str(beside) if beside.is_file() else name, *rest]


def plugin(qemu: str) -> Path:
    """Compile the counting plug-in for a QEMU unless this very source was compiled before."""
    said = subprocess.run([qemu, "--version"], capture_output=True, text=True, check=True).stdout
    interface = 2 if int(re.findall(r"version (\d+)", said)[0]) >= 9 else 1
    files = sorted((HOME / "count").glob("*.[ch]"))
    cache = core() / "tinypack-emulator"
    key = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]
    made = cache / f"count{interface}-{key}.so"
    if not made.exists():
        cache.mkdir(parents=True, exist_ok=True)
        options = ["-O2", "-shared", "-fPIC", f"-DINTERFACE={interface}"]
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            fresh = Path(folder) / made.name
            sources = [str(file) for file in files if file.suffix == ".c"]
            subprocess.run(["gcc", *options, "-o", str(fresh), *sources], check=True)
            os.replace(fresh, made)  # whole or not at all, for runs side by side
    return made


def count_arguments(board: dict[str, Any], elf: Path, options: argparse.Namespace) -> list[str]:
    """Make the arguments that have the emulator count."""
    if "count" not in board["emulation"]:
        raise CannotRun(f"{board['name']} can't count instructions")
    found = places(board["build"]["toolchain"], elf, options.within)
    settings: dict[str, object] = {name: hex(value) for name, value in found.items()}
    settings |= {"out": options.count.resolve()}
    settings |= {"profile": options.profile.resolve()} if options.profile else {}
    if options.flash:
        memory = board["build"]["symbols"]
        settings |= {"flash": memory["machine_flash_origin"], "flash_bytes": memory["machine_flash_bytes"]}
        settings |= dict(zip(("line_bytes", "data_lines", "code_lines"), options.flash.split(":"), strict=True))
    parts = [plugin(emulator(board)[0]), *(f"{name}={value}" for name, value in settings.items())]
    option = ",".join(str(part).replace(",", ",,") for part in parts)
    return [part.format(plugin=option) for part in board["emulation"]["count"]]


def replayed(board: dict[str, Any], options: argparse.Namespace) -> IO[bytes] | None:
    """Give the recording as a file to read as standard input, if there is one."""
    if options.recording is None:
        return None
    recording = read_recordings(options.recording, options.rate)
    waits = options.wait or "machine_timer_hz" not in board["build"]["symbols"]
    file = tempfile.TemporaryFile()
    file.write(serial(recording) if options.serial else stream(recording, waits))
    file.seek(0)
    return file


def run(argv: list[str], console: str, stdin: IO[bytes] | None) -> int:
    """Run a command with our streams, for a limited time, and give the exit code."""
    if shutil.which(argv[0]) is None:
        raise CannotRun(f"{argv[0]} not found: `tinypack doctor` says what brings it")
    limit = time_limit()
    streams: dict[str, Any] = {console: sys.stdout, "stdin": stdin}
    with subprocess.Popen(argv, **streams) as process:
        try:
            code = process.wait(limit)
        except subprocess.TimeoutExpired:
            process.kill()
            print(f"hang: stopped after {limit:g} s", file=sys.stderr)
            return TIMED_OUT
        except BaseException:
            process.kill()
            raise
    return CRASHED if code < 0 else code  # a signal that the program could not catch


def main() -> int:
    parser = argparse.ArgumentParser(description="Run a program of this platform and exit as it does.")
    parser.add_argument("--board", type=Path, required=True, metavar="JSON")
    parser.add_argument("--elf", type=Path, required=True)
    parser.add_argument("--count", type=Path, metavar="FILE")
    parser.add_argument("--profile", type=Path, metavar="FILE", help="with --count")
    parser.add_argument("--within", default="", metavar="FUNCTION", help="whose instructions --profile tells apart")
    lines = "of a real board, for --profile: bytes of a line of flash, lines of data and of code that caches hold"
    parser.add_argument("--flash", default="", metavar="BYTES:LINES:LINES", help=lines)
    parser.add_argument("--recording", type=Path, action="append", metavar="FILE", help="WAV, CSV, BMP, PGM or PPM")
    parser.add_argument("--rate", type=float, metavar="HZ", help="of recordings that don't state theirs")
    parser.add_argument("--wait", action="store_true", help="let the sensor wait for the sketch")
    parser.add_argument("--serial", action="store_true", help="send it to Serial: rows of text, or bytes of pictures")
    options = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGTERM):  # run() then stops the program before we end
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    elf = options.elf.resolve()
    try:
        board = json.loads(options.board.read_text(encoding="utf-8"))
        if not elf.is_file():
            raise CannotRun(f"{elf} does not exist")
        argv = [part.format(elf=elf, **board["build"]["symbols"]) for part in emulator(board)]
        if options.count is not None:
            argv += count_arguments(board, elf, options)
        return run(argv, board["emulation"]["console"], replayed(board, options))
    except BadRecording as error:
        print(f"error: {error}", file=sys.stderr)
        return UNFIT
    except (CannotRun, OSError, ValueError, subprocess.CalledProcessError) as error:
        print(f"error: {error}", file=sys.stderr)
        return UNAVAILABLE


if __name__ == "__main__":
    sys.exit(main())
