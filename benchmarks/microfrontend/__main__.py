"""Count instructions of the audio front end for a frame, beside plain C of the same bits: Cortex-M4F, gcc -O2.

python -m benchmarks.microfrontend [flags of gcc instead of -O2]
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

import tinypack
from tinypack.compile.chain import chain_text
from tinypack.compile.ctext import array
from tinypack.compile.emit import kernel_sources
from tinypack.compile.tables import Tables
from tinypack.features.extractor import FrontEnd
from tinypack.features.microfrontend import Options, front_end
from tinypack.features.signal.filter_bank import SignalFilterBank
from tinypack.features.signal.log import bulge
from tinypack.features.signal.pcan import SignalPcan
from tinypack.features.signal.rfft import half_turns, turns
from tinypack.features.signal.window import SignalWindow

HERE = Path(__file__).parent
EMULATOR = Path(tinypack.__file__).parent / "emulator"
BOARD = "mps2-an386"
FRAMES = 8
PLAIN = (
    "plain_window(sound + frame * HOP, windowed)",
    "bits = plain_scale(windowed, scaled)",
    "plain_rfft(scaled, spectrum)",
    "plain_energy(spectrum, energy)",
    "plain_filter_bank(energy, sums)",
    "plain_square_root(sums, bits, magnitudes)",
    "plain_noise_reduction(estimate, magnitudes, signal)",
    "plain_pcan(estimate, signal, levelled)",
    "plain_log(levelled, logs)",
    "plain_rescale(logs, features)",
)


def main() -> None:
    flags = sys.argv[1:] or ["-O2"]
    front = front_end(Options(type="microfrontend"))
    steps = front.chain.steps
    with TemporaryDirectory() as folder:
        counts = np.array(_counts(_sources(front), Path(folder), flags)).reshape(FRAMES, 2, len(PLAIN))
    ours, plain = counts.mean(axis=0).round().astype(int)
    print(f"Instructions a frame, {BOARD}, {' '.join(flags)}, mean of {FRAMES} frames\n")
    print("| stage | tinypack | plain C | ratio |\n|---|---:|---:|---:|")
    rows = [(step.block.BRIEF, a, b) for step, a, b in zip(steps, ours, plain, strict=True)]
    for name, a, b in [*rows, ("all", ours.sum(), plain.sum())]:
        print(f"| {name} | {a:,} | {b:,} | {a / b:.2f} |")


def _sound(front: FrontEnd) -> np.ndarray:
    """Make a sweep with noise that swells."""
    t = np.arange(front.frame + (FRAMES - 1) * front.hop)
    noise = np.random.default_rng(7).normal(0, 300, len(t))
    return np.round(t * 2 * np.sin(t * (0.02 + t * 4e-5)) + noise).astype(np.int16)


def _sources(front: FrontEnd) -> dict[str, str]:
    chain, sound, tables = front.chain, _sound(front), Tables()
    cut = np.lib.stride_tricks.sliding_window_view(sound, front.frame)[:: front.hop]
    expected = chain.apply({"samples": cut[np.newaxis]}, chain.start(1))[0]
    text = chain_text(chain, "ours", tables, {"samples": "(sound + frame * HOP)", chain.output: "features"})
    kernels = sorted({step.block.KERNEL for step in chain.steps})
    state = "".join(f"  {field.ctype} {field.name}[{field.length}];\n" for field in text.fields)
    check = "    if (memcmp(features, expected + frame * CHANNELS, CHANNELS) != 0) exit(1);\n"
    size = max(sum(a.nbytes for a in chain.arrays.values()), 8)
    main_c = [
        '#include <stdlib.h>\n#include <string.h>\n#include <tinypack_emulator.h>\n#include "plain.h"\n',
        *(f'#include "tp_{kernel}.h"\n' for kernel in kernels),
        f"#define HOP {front.hop}\n#define CHANNELS {front.shape[0]}\n",
        *(f"{table}\n" for table in tables.text),
        *(f"{table}\n" for table in _plain_tables(front)),
        f"{array('int16_t', 'sound', sound)}\n{array('int8_t', 'expected', expected.reshape(-1))}\n",
        f"static struct {{\n{state}}} state, *self = &state;\nstatic uint64_t memory[{size // 8 + 1}];\n",
        f"static int16_t windowed[{front.frame}], scaled[{front.frame}], logs[CHANNELS];\n",
        "static complex16 spectrum[257];\nstatic uint32_t energy[257], magnitudes[CHANNELS], estimate[CHANNELS];\n",
        "static uint32_t signal[CHANNELS], levelled[CHANNELS];\nstatic uint64_t sums[CHANNELS];\n",
        "static int8_t features[CHANNELS];\n",
        "void setup(void) {}\nint main(void) {\n  int bits;\n  uint8_t *const scratch = (uint8_t *)memory;\n",
        f"  for (int frame = 0; frame < {FRAMES}; frame++) {{\n",
        *(f"    bench_begin();\n    {call.text}\n    bench_end();\n" for call in text.calls),
        check,
        *(f"    bench_begin();\n    {call};\n    bench_end();\n" for call in PLAIN),
        check,
        "  }\n  exit(0);\n}\n",
    ]
    plain = {name: (HERE / name).read_text("utf-8") for name in ("plain.h", "plain.c")}
    return {**kernel_sources(kernels), **plain, "main.c": "".join(main_c)}


def _plain_tables(front: FrontEnd) -> Iterator[str]:
    """Write the same numbers as plain C has them."""
    blocks = {type(step.block): step.block for step in front.chain.steps}
    bank, window, pcan = blocks[SignalFilterBank], blocks[SignalWindow], blocks[SignalPcan]
    assert isinstance(bank, SignalFilterBank) and isinstance(window, SignalWindow) and isinstance(pcan, SignalPcan)
    points, last = 2 * (bank.bins - 1), bank.slopes[-1]
    yield from (
        _table("int16_t", "window", window.weights),
        _table("int16_t", "weights", [w for slope in bank.slopes for w in slope.falling]),
        _table("int16_t", "unweights", [w for slope in bank.slopes for w in slope.rising]),
        _table("uint16_t", "starts", [slope.start for slope in bank.slopes]),
        _table("uint16_t", "widths", [len(slope.rising) for slope in bank.slopes]),
        _table("int16_t", "gain", pcan.gain),
        _table("uint16_t", "log_table", bulge()),
        f"const complex16 twiddles[] = {{{_pairs(turns(points // 2))}}};",
        f"const complex16 split_twiddles[] = {{{_pairs(half_turns(points // 2))}}};",
        f"const int samples = {front.frame}, points = {points}, channels = {bank.channels};",
        f"const int first_bin = {bank.slopes[0].start}, end_bin = {last.start + len(last.rising)};",
    )


def _table(ctype: str, name: str, values: object) -> str:
    return array(ctype, name, np.array(values)).replace("static const", "const", 1)


def _pairs(values: np.ndarray) -> str:
    return ", ".join(f"{{{re}, {im}}}" for re, im in values.tolist())


def _counts(sources: dict[str, str], folder: Path, flags: list[str]) -> list[int]:
    for name, content in sources.items():
        (folder / name).write_text(content)
    board = EMULATOR / "boards" / f"{BOARD}.json"
    build = json.loads(board.read_text("utf-8"))["build"]
    machines = [EMULATOR / "machine" / name for name in (".", *build["machine"])]
    command = [
        *(f"{build['toolchain']}gcc", "-std=gnu11", *flags, "-ffunction-sections", "-Wl,--gc-sections"),
        *(*build["cpu_flags"], *build["link_flags"], f"-T{EMULATOR / 'machine' / build['linker_script']}"),
        *(f"-Wl,--defsym={name}={value}" for name, value in build["symbols"].items()),
        *(f"-DF_CPU={build['f_cpu']}", f"-I{EMULATOR / 'include'}", f"-I{EMULATOR / 'machine'}", "-I."),
        *(name for name in sources if name.endswith(".c")),
        *(str(path) for place in machines for path in sorted(place.glob("*.c"))),
        *("-o", "program.elf"),
    ]
    subprocess.run(command, cwd=folder, check=True)
    run = [sys.executable, EMULATOR / "builder" / "run.py", "--board", board, "--elf", "program.elf"]
    subprocess.run([*run, "--count", "counts"], cwd=folder, check=True)
    return [int(line) for line in (folder / "counts").read_text().split()]


if __name__ == "__main__":
    main()
