"""Networks with channels that never change, and how many channels of which tensors may be left."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from tests.support.model_builder import T
from tests.support.nets import NONE, SMALL, Net, Stuck

#: Of twelve channels; what is left is a multiple of four.
LOW, HIGH, ZEROS = Stuck(low=(0, 2, 3, 7, 9)), Stuck(high=(1, 2, 3, 4)), Stuck(zeros=(0, 5, 6, 11))
SHAPE = (1, 6, 5, 4)

#: Model, and channels of tensors, by key: those that differ from the model's, and some that must not.
Made = tuple[bytes, Mapping[int, int]]


@dataclass(frozen=True)
class Case:
    name: str
    make: Callable[[], Made]


def straight(stuck: Stuck, left: int, taps: int = 1, padding: str = "VALID", zero_point: int = -128) -> Made:
    """A layer with such channels, and a convolution that reads them."""
    net = Net(1, SHAPE)
    x = net.conv(0, 12, 3, stuck, padding="SAME", activation="NONE", zero_point=zero_point)
    net.conv(x, 6, taps, padding=padding)
    return net.built(), {x: left}


def separate(stuck: Stuck, left: int, padding: str = "SAME", own: Stuck = NONE) -> Made:
    net = Net(2, SHAPE)
    x = net.conv(0, 12, 1, stuck)
    y = net.depthwise(x, stuck=own, padding=padding)
    net.conv(y, 8)
    return net.built(), {x: left, y: left}


def pooled(op: str) -> Made:
    net = Net(3, (1, 9, 9, 4))
    x = net.conv(0, 12, 3, HIGH, padding="SAME", stride_h=2, stride_w=2)
    y = net.pool(op, x, 2)
    net.conv(y, 4)
    return net.built(), {x: 8, y: 8}


def averaged(axes: tuple[int, ...], keep_dims: bool, left: int) -> Made:
    """A mean over pixels keeps channels apart, in another scale as well; one over channels reads them all."""
    net = Net(15, (1, 4, 4, 4))
    x = net.conv(0, 12, 1, HIGH)
    net.tensors += [T((len(axes),), "int32", data=axes)]
    shape = [1 if i in axes else n for i, n in enumerate((1, 4, 4, 12)) if keep_dims or i not in axes]
    net.tensors.append(T(shape, scale=0.06, zero_point=-3))
    y = net.put("MEAN", [x, x + 1], keep_dims=keep_dims)
    z = net.view("RESHAPE", y, (1, 12 if 3 not in axes else 16))
    net.dense(z, 4)
    return net.built(), {x: left, y: left if 3 not in axes else 4, z: left if 3 not in axes else 16}


def flattened(op: str) -> Made:
    """Four pixels of twelve channels become 48 columns; eight are the least that dense layers take at once."""
    net = Net(4, (1, 2, 2, 8))
    x = net.conv(0, 12, 1, LOW)
    shape = {"RESHAPE": (1, 48), "EXPAND_DIMS": (1, 1, 2, 2, 12), "SQUEEZE": (2, 2, 12)}[op]
    constants = [T((), "int32", data=1)] if op == "EXPAND_DIMS" else []
    options = {"squeeze_dims": (0,)} if op == "SQUEEZE" else {}
    y = net.view(op, x, shape, *constants, **options)
    net.dense(y, 5, inner=48)
    return net.built(), {x: 8, y: 32 if op == "RESHAPE" else 8}


def seen_as_other_channels() -> Made:
    """Of twelve channels that are six in a view, only one goes in both of its places."""
    net = Net(5, (1, 2, 2, 8))
    x = net.conv(0, 12, 1, LOW)
    y = net.view("RESHAPE", x, (1, 4, 2, 6))
    net.conv(y, 4)
    return net.built(), {x: 12, y: 6}


def two_readers(second: Stuck) -> Made:
    """Another convolution reads the same channels; with padding it can't do without those that aren't zero."""
    net = Net(6, SHAPE)
    x = net.conv(0, 12, 1, second)
    y = net.conv(x, 4, 1, activation="NONE")
    z = net.conv(x, 4, 3, padding="SAME", activation="NONE")
    net.like("ADD", [y, z], (1, 6, 5, 4), activation="NONE")
    return net.built(), {x: 8 if second is LOW else 12}


def residual() -> Made:
    """What an addition reads or gives stays whole."""
    net = Net(7, SHAPE)
    x = net.conv(0, 12, 1, LOW)
    y = net.conv(x, 12, 1, LOW)
    z = net.like("ADD", [x, y], (1, 6, 5, 12), activation="NONE")
    net.conv(z, 4)
    return net.built(), {x: 12, y: 12, z: 12}


def outputs() -> Made:
    net = Net(8, SHAPE)
    x = net.conv(0, 12, 1, LOW)
    y = net.depthwise(x)
    z = net.conv(y, 12, 1, LOW)
    return net.built(y, z), {x: 12, y: 12, z: 12}


def grouped() -> Made:
    """A convolution of two groups and a depthwise one with two filters a channel read all that there is."""
    net = Net(9, SHAPE)
    x = net.conv(0, 12, 1, LOW)
    y = net.conv(x, 12, 1, LOW, groups=2)
    z = net.conv(y, 12, 1, LOW)
    net.depthwise(z, multiplier=2)
    return net.built(), {x: 12, y: 12, z: 12}


def by_ranges() -> Made:
    """A channel that changes only if others did: its weights read nothing but those."""
    net = Net(10, SHAPE)
    x = net.conv(0, 12, 1, Stuck(low=range(4)))
    y = net.conv(x, 12, 1)
    weights = net.tensors[net.ops[-1].inputs[1]].data
    weights[:6, :, :, 4:] = 0
    net.conv(y, 4)
    return net.built(), {x: 8, y: 8}


def nobody_reads() -> Made:
    """Channels that change, but whose weights are zero."""
    net = Net(11, SHAPE)
    x = net.conv(0, 12, 1)
    net.conv(x, 6, 3, padding="SAME")
    net.tensors[net.ops[-1].inputs[1]].data[..., 4:9] = 0
    return net.built(), {x: 8}


def all_constant() -> Made:
    net = Net(12, SHAPE)
    x = net.conv(0, 12, 1, Stuck(high=range(12)))
    net.conv(x, 4)
    return net.built(), {x: 4}


def without_bias() -> Made:
    """A layer gets the bias that it has not."""
    net = Net(14, SHAPE)
    x = net.conv(0, 12, 1, HIGH)
    net.conv(x, 4)
    op = net.ops[-1]
    net.ops[-1] = replace(op, inputs=(*op.inputs[:2], -1))
    return net.built(), {x: 8}


def huge_bias() -> Made:
    """A bias that has no room for more keeps the channels."""
    net = Net(13, SHAPE)
    x = net.conv(0, 12, 1, HIGH)
    net.conv(x, 4)
    weights, bias = (net.tensors[key].data for key in net.ops[-1].inputs[1:])
    weights[0], bias[0] = -SMALL, np.iinfo(np.int32).max - 100
    return net.built(), {x: 12}


CASES = (
    Case("low, 1x1", lambda: straight(LOW, 8)),
    Case("high, 1x1", lambda: straight(HIGH, 8)),
    Case("zeros, 1x1", lambda: straight(ZEROS, 8)),
    Case("low, padded", lambda: straight(LOW, 8, 3, "SAME")),
    Case("low is not the zero point, padded", lambda: straight(LOW, 12, 3, "SAME", 5)),
    Case("high, inside", lambda: straight(HIGH, 8, 3)),
    Case("high, padded", lambda: straight(HIGH, 12, 3, "SAME")),
    Case("high is the zero point, padded", lambda: straight(HIGH, 8, 3, "SAME", 127)),
    Case("depthwise", lambda: separate(LOW, 8)),
    Case("depthwise, high, padded", lambda: separate(HIGH, 12)),
    Case("depthwise, high, inside", lambda: separate(HIGH, 8, "VALID")),
    Case("depthwise has its own", lambda: separate(NONE, 8, own=HIGH)),
    Case("average", lambda: pooled("AVERAGE_POOL_2D")),
    Case("largest", lambda: pooled("MAX_POOL_2D")),
    Case("mean", lambda: averaged((1, 2), True, 8)),
    Case("mean without dimensions", lambda: averaged((1, 2), False, 8)),
    Case("mean of channels", lambda: averaged((3,), False, 12)),
    *(Case(op.lower(), partial(flattened, op)) for op in ("RESHAPE", "EXPAND_DIMS", "SQUEEZE")),
    Case("other channels", seen_as_other_channels),
    Case("two readers", lambda: two_readers(LOW)),
    Case("two readers, high", lambda: two_readers(HIGH)),
    Case("residual", residual),
    Case("outputs", outputs),
    Case("groups", grouped),
    Case("by ranges", by_ranges),
    Case("nobody reads", nobody_reads),
    Case("all constant", all_constant),
    Case("without bias", without_bias),
    Case("huge bias", huge_bias),
)
