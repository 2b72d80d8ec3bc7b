"""How many instructions kernels take, estimated without compiler or emulator: for `inspect` and `build`.

One TOML file a family of cores, written by `make costs` from measurements on emulated boards: instructions for each
unit of work (`work.DRIVERS`), by kernel.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from tinypack.compile.program import Program
from tinypack.costs.work import Work, block_work, step_work
from tinypack.features.protocol import Chain

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FOLDER = Path(__file__).parent
COMMAND = "make costs"
STATED_ERROR = 0.20  # of a whole model's or front end's estimate; tests hold it

#: Core, as boards name it -> the family whose costs it has. LX7 multiplies in fewer instructions than LX106: an upper
#: bound. A host's instructions are nobody's limit: Cortex-M4's stand for them.
FAMILIES = {
    "cortex-m0": "armv6-m",
    "cortex-m0plus": "armv6-m",
    "cortex-m4": "armv7e-m",
    "cortex-m7": "armv7e-m",
    "cortex-m55": "armv8.1-m",
    "rv32imc": "rv32imc",
    "lx106": "xtensa",
    "lx7": "xtensa",
    "native": "armv7e-m",
}


@cache
def load_costs(family: str) -> Mapping[str, Work]:
    """Load a family's instructions per unit of work, by kernel."""
    costs: Mapping[str, Work] = tomllib.loads((FOLDER / f"{family}.toml").read_text("utf-8"))["kernels"]
    return costs


def instructions(kernel: str, work: Work, core: str) -> float:
    """Estimate the instructions of one kernel call.

    Raises: KeyError if the kernel was never measured: a test holds that all are
    """
    return sum(cost * work.get(driver, 0) for driver, cost in load_costs(FAMILIES[core])[kernel].items())


def program_instructions(program: Program, core: str) -> int:
    """Estimate the instructions of one inference."""
    calls = (
        (call.kernel, work)
        for step in program.steps
        for call, work in zip(step.calls, step_work(step, program), strict=True)
    )
    return round(sum(instructions(kernel, work, core) for kernel, work in calls))


def chain_instructions(chain: Chain, core: str) -> int:
    """Estimate the instructions of one frame."""
    blocks = (step.block for step in chain.steps)
    return round(sum(instructions(block.KERNEL, block_work(block), core) for block in blocks))
