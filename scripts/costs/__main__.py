"""Measure kernels on emulated boards and write tinypack/costs/*.toml: `make costs`, or families as arguments."""

from __future__ import annotations

import sys
from collections import defaultdict
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from scripts.costs.chains import chains
from scripts.costs.fit import Measured, fit
from scripts.costs.layers import layers
from scripts.costs.program import TARGETS, compiler, measure
from tinypack.costs import COMMAND, FOLDER

MOST_PROGRAMS = 40


def main() -> None:
    with TemporaryDirectory() as folder:
        programs, pipelines = list(layers()), list(chains(Path(folder)))
    for family in sys.argv[1:] or TARGETS:
        target = TARGETS[family]
        by_kernel: dict[str, list[Measured]] = defaultdict(list)
        # In parts: the smallest machine has 512 KB of flash.
        parts = [programs[i : i + MOST_PROGRAMS] for i in range(0, len(programs), MOST_PROGRAMS)]
        for call in (
            *chain.from_iterable(measure(target, part, []) for part in parts),
            *measure(target, [], pipelines),
        ):
            by_kernel[call.kernel].append(call)
        lines = [f"# Written by `{COMMAND}`: {compiler(target)} -Os. Instructions for each unit of work.\n"]
        for kernel, calls in sorted(by_kernel.items()):
            found = fit(calls)
            lines.append(f"\n[kernels.{kernel}] # {len(calls)} calls, the worst is {100 * found.error:.0f} % off\n")
            lines += [f"{driver} = {cost:.4g}\n" for driver, cost in found.costs.items()]
        (FOLDER / f"{family}.toml").write_text("".join(lines), "utf-8")
        print(f"{family}: {len(by_kernel)} kernels, {sum(map(len, by_kernel.values()))} calls")


if __name__ == "__main__":
    main()
