"""A profile without a compiler or an emulator."""

from __future__ import annotations

from tinypack.profile.counts import Executions
from tinypack.profile.flash import Flash, Ram
from tinypack.profile.layers import Layer
from tinypack.profile.measure import Profile
from tinypack.profile.targets import Target

BOARD = Target("mps2-an386", "a Cortex-M4", "mps2-an386", ("-mcpu=cortex-m4",), "cortex-m4", 20_000)


def make_profile(package: str = "kws", target: Target = BOARD, opt: str = "-O2", convolution: int = 3_000) -> Profile:
    """Make a profile of two layers; `convolution` instructions are of the first, 21 of all else."""
    layers = (
        Layer(0, "CONV_2D", "<first> & $", (1, 5, 5, 8), 2_000, Executions({16: convolution}), 2 * convolution, 2_500),
        Layer(2, "SOFTMAX", "last", (1, 4), 0, Executions({32: 20})),
        Layer(None, "", "around the calls", (), 0, Executions({8: 1})),
    )
    return Profile(
        package=package,
        target=target,
        opt=opt,
        compiler="GNU C11 12.2.1",
        kernel_variant="arm_dsp",
        instructions=convolution + 21,
        layers=layers,
        functions={"kws_tp_conv_2d_s8": convolution, "kws_tp_softmax_s8": 20, "kws_invoke": 1},
        flash=Flash(weights=400, tables=60, kernels=900, library=0, glue=40, startup=1_600),
        weight_bytes=390,
        ram=Ram(arena=500, state=512, static=4, stack=128),
        compile_seconds=0.25,
        source_count=3,
    )
