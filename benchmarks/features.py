"""Measure feature extraction on an emulated Cortex-M4F: instructions, flash, RAM.

python benchmarks/features.py [--stages] [flags of gcc instead of -O2]

The last step is the model's input quantisation. Flash is what a program grows by: code, tables, what they need of
libgcc. RAM is the extractor's state and scratch memory, without the rings of samples and of features, and the stack.
Every feature is compared with NumPy's.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

import tinypack
from tinypack.compile.chain import chain_text
from tinypack.compile.ctext import array
from tinypack.compile.emit import kernel_sources
from tinypack.compile.tables import Tables
from tinypack.features import EXTRACTORS
from tinypack.features.extractor import FrontEnd
from tinypack.features.model_input import model_chain
from tinypack.features.protocol import Chain
from tinypack.verify.firmware import read_firmware

EMULATOR = Path(tinypack.__file__).parent / "emulator"
BOARD = "mps2-an386"
FRAMES = 8
SCALE, ZERO_POINT = 0.1, 3  # of the model's input
SECTIONS: dict[str, dict[str, Any]] = {
    "mfcc, 13 of 32 filters, 256 points, 20 ms": {
        "type": "mfcc",
        "preset": "edge-impulse",
        "cmvn": 0,
        "cmvn_variance": False,
    },
    "the same with cmvn over 101 frames": {"type": "mfcc", "preset": "edge-impulse"},
    "mfcc, tf-signal": {"type": "mfcc", "preset": "tf-signal"},
    "mfcc, python-speech-features": {"type": "mfcc", "preset": "python-speech-features"},
    "mfe, edge-impulse": {"type": "mfe", "preset": "edge-impulse"},
    "mfe, librosa": {"type": "mfe", "preset": "librosa"},
    "spectrogram, edge-impulse": {"type": "spectrogram", "preset": "edge-impulse"},
    "microfrontend": {"type": "microfrontend"},
}


@dataclass(frozen=True)
class Row:
    stages: list[tuple[str, int]]  # instructions a frame
    second: int  # instructions
    flash: int  # bytes
    ram: int


def main() -> None:
    flags = [word for word in sys.argv[1:] if word != "--stages"] or ["-O2"]
    print(f"{BOARD}, {' '.join(flags)}, mean of {FRAMES} frames\n")
    print("| features | instructions a frame | a second | flash B | RAM B |\n|---|---:|---:|---:|---:|")
    for name, section in SECTIONS.items():
        row = measure(section, flags)
        print(f"| {name} | {sum(n for _, n in row.stages):,} | {row.second:,} | {row.flash:,} | {row.ram:,} |")
        if "--stages" in sys.argv:
            print("\n".join(f"| - {stage} | {n:,} | | | |" for stage, n in row.stages))


def measure(section: dict[str, Any], flags: Sequence[str]) -> Row:
    extractor = EXTRACTORS[section["type"]]
    options = extractor.Options.model_validate(section)
    front = extractor.front_end(options)
    chain = model_chain(front, options, SCALE, ZERO_POINT)
    with TemporaryDirectory() as folder:
        tables = Tables()
        given = {"samples": f"(sound + frame * {front.hop * front.channels})", chain.output: "features"}
        text = chain_text(chain, "c", tables, given)
        state = "".join(f"  {field.ctype} {field.name}[{field.length}];\n" for field in text.fields)
        definitions = "".join(f"{table}\n" for table in tables.text)
        definitions += f"static struct {{\n{state}  char none;\n}} state, *self = &state;\n"
        scratch = (
            f"static uint64_t memory[{text.scratch.size // 8 + 1}];\nstatic uint8_t *scratch = (uint8_t *)memory;\n"
        )
        definitions += scratch
        calls = "".join(f"    bench_begin();\n    {call.text}\n    bench_end();\n" for call in text.calls)
        kernels = sorted({step.block.KERNEL for step in chain.steps})
        whole = _build(Path(folder), "whole", kernels, _main(front, chain, kernels, definitions, calls), flags)
        empty = _build(Path(folder), "empty", kernels, _main(front, chain, kernels, "", ""), flags)
        counts = _counts(whole)
        flash = read_firmware(whole, "main.c").flash_bytes - read_firmware(empty, "main.c").flash_bytes
    each = np.array(counts).reshape(FRAMES, -1).mean(axis=0)
    ram = text.scratch.size + sum(a.nbytes for step in chain.steps for a in step.block.state)
    stages = [(step.block.BRIEF, round(n)) for step, n in zip(chain.steps, each.tolist(), strict=True)]
    return Row(stages, round(each.sum() * front.rate / front.hop), flash, ram)


def _sound(front: FrontEnd) -> np.ndarray:
    """Make a sweep with noise that swells."""
    t = np.arange((front.frame + (FRAMES - 1) * front.hop) * front.channels)
    noise = np.random.default_rng(7).normal(0, 300, len(t))
    return np.round(t * 2 * np.sin(t * (0.02 + t * 4e-5)) + noise).astype(np.int16)


def _main(front: FrontEnd, chain: Chain, kernels: Sequence[str], definitions: str, calls: str) -> str:
    sound = _sound(front)
    starts = np.arange(FRAMES)[:, np.newaxis] * front.hop * front.channels
    frames = sound[starts + np.arange(front.samples.length)]
    features = chain.apply({"samples": frames[np.newaxis]}, chain.start(1))[0]
    expected = features if calls else np.zeros_like(features)
    length = features.shape[1]
    return "".join(
        (
            "#include <stdlib.h>\n#include <string.h>\n#include <tinypack_emulator.h>\n",
            *(f'#include "tp_{kernel}.h"\n' for kernel in kernels),
            f"{array('int16_t', 'sound', sound)}\n{array('int8_t', 'expected', expected.ravel())}\n",
            f"static int8_t features[{length}];\n",
            f"static const void *volatile kept[] = {{sound, expected, features}};\n{definitions}",
            "void setup(void) {}\nint main(void) {\n",
            f"  for (int frame = 0; frame < {FRAMES}; frame++) {{\n{calls}",
            f"    if (memcmp(features, expected + frame * {length}, {length}) != 0) exit(1);\n  }}\n",
            "  exit(kept[0] == NULL || kept[1] == NULL || kept[2] == NULL);\n}\n",
        )
    )


def _build(folder: Path, name: str, kernels: Sequence[str], main_c: str, flags: Sequence[str]) -> Path:
    sources = {**kernel_sources(kernels), "main.c": main_c}
    (folder / name).mkdir()
    for file, content in sources.items():
        (folder / name / file).write_text(content)
    build = json.loads((EMULATOR / "boards" / f"{BOARD}.json").read_text("utf-8"))["build"]
    machines = [EMULATOR / "machine" / part for part in (".", *build["machine"])]
    command = [
        *(f"{build['toolchain']}gcc", "-std=gnu11", *flags, "-ffunction-sections", "-fdata-sections"),
        *("-Wl,--gc-sections", *build["cpu_flags"], *build["link_flags"]),
        f"-T{EMULATOR / 'machine' / build['linker_script']}",
        *(f"-Wl,--defsym={symbol}={value}" for symbol, value in build["symbols"].items()),
        *(f"-DF_CPU={build['f_cpu']}", f"-I{EMULATOR / 'include'}", f"-I{EMULATOR / 'machine'}", "-I."),
        *(file for file in sources if file.endswith(".c")),
        *(str(path) for place in machines for path in sorted(place.glob("*.c"))),
        *("-o", "program.elf"),
    ]
    subprocess.run(command, cwd=folder / name, check=True)
    return folder / name / "program.elf"


def _counts(elf: Path) -> list[int]:
    """Run a program; give the instructions between each pair of marks."""
    run = [sys.executable, EMULATOR / "builder" / "run.py", "--board", EMULATOR / "boards" / f"{BOARD}.json"]
    subprocess.run([*run, "--elf", elf, "--count", "counts"], cwd=elf.parent, check=True)
    return [int(line) for line in (elf.parent / "counts").read_text().split()]


if __name__ == "__main__":
    main()
