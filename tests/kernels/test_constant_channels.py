"""Networks of which the compiler leaves channels out: what is left of each node is what the oracle has there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.kernels.harness import Case, check
from tests.kernels.rows import Random
from tests.kernels.targets import Target
from tests.support.constant_channels import CASES
from tests.support.nets import Net, Stuck

DRAWN = 16
KINDS = ("low", "high", "zeros")
PADDINGS = ("SAME", "VALID")


def drawn(seed: int) -> bytes:
    """Draw a chain of layers of which about half of the channels never change."""
    draw = Random(seed)
    net = Net(seed, (1, draw.randint(6, 9), draw.randint(6, 9), draw.randint(1, 6)), draw.zero_point())
    x = _conv(net, draw, 0)
    for _ in range(draw.randint(1, 3)):
        x = draw.choice((_conv, _depthwise, _pool))(net, draw, x)
    if draw.random() < 0.5:
        depth = draw.randint(8, 20)
        x = net.dense(x, depth, stuck=_stuck(draw, depth), zero_point=draw.zero_point())
        x = net.dense(x, draw.randint(1, 5), activation="NONE")
    else:
        x = net.conv(x, draw.randint(1, 9), 1, activation="NONE")
    return net.built(x)


def _conv(net: Net, draw: Random, x: int) -> int:
    depth = draw.randint(8, 20)
    return net.conv(x, depth, draw.choice((1, 1, 2)), _stuck(draw, depth), **_options(draw))


def _depthwise(net: Net, draw: Random, x: int) -> int:
    depth = net.tensors[x].shape[3]
    return net.depthwise(x, draw.choice((1, 2)), _stuck(draw, depth), **_options(draw))


def _pool(net: Net, draw: Random, x: int) -> int:
    largest = min(net.tensors[x].shape[1:3])
    return net.pool(draw.choice(("AVERAGE_POOL_2D", "MAX_POOL_2D")), x, min(2, largest), activation="NONE")


def _stuck(draw: Random, depth: int) -> Stuck:
    chosen = [draw.choice(("", "", "", "low", *KINDS)) for _ in range(depth)]
    return Stuck(**{kind: [i for i, of in enumerate(chosen) if of == kind] for kind in KINDS})


def _options(draw: Random) -> dict[str, Any]:
    return {
        "padding": draw.choice(PADDINGS),
        "activation": draw.choice(("NONE", "RELU", "RELU6")),
        "zero_point": draw.choice((-128, -128, draw.zero_point())),
    }


def test_against_the_oracle(tmp_path: Path, target: Target) -> None:
    made = [Case(case.name, case.make()[0]) for case in CASES]
    check([*made, *(Case(f"drawn {seed}", drawn(seed)) for seed in range(DRAWN))], tmp_path, target)
