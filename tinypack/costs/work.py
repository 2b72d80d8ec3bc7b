"""How much there is to do in a kernel call, as its parameters and arrays say: what costs are fitted to."""

from __future__ import annotations

from collections.abc import Mapping
from math import log2

import numpy as np

from tinypack.compile.program import Program, Step
from tinypack.features.protocol import Block
from tinypack.ops.protocol import Call, Table

#: What is counted, in the order in which a fit prefers it.
DRIVERS = {
    "mac": "multiply-accumulates, or what else a block's `work` counts",
    "table": "elements of constant tables",
    "output": "elements written",
    "input": "elements read",
    "level": "elements read times the binary logarithm of their number",
    "row": "rows of filters that lie inside the input",
    "edge": "taps of filters that lie partly outside",
    "padding": "weights of those that lie outside",
    "single": "taps that are gathered one by one",
    "call": "1",
}

AXES = (("h", "top"), ("w", "left"))  # and the side where padding begins

Work = Mapping[str, float]  # keys of DRIVERS; what is absent is 0


def block_work(block: Block) -> Work:
    """Count a block's work for one frame: what it says itself, or all that may matter."""
    read, written = (sum(array.length for array in arrays) for arrays in (block.inputs, block.outputs))
    own: int | None = getattr(block, "work", None)
    if own is not None:
        return {"mac": own, "output": written, "call": 1}
    return {
        "table": sum(value.values.size for _, value in block.params() if isinstance(value, Table)),
        "output": written,
        "input": read,
        "level": read * log2(max(read, 1)),
        "call": 1,
    }


def step_work(step: Step, program: Program) -> list[Work]:
    """Count the work of each of a node's calls."""
    macs = step.macs / len(step.calls)
    return [_call_work(call, macs, program) for call in step.calls]


def _call_work(call: Call, macs: float, program: Program) -> Work:
    tensors = program.graph.tensors
    written = tensors[call.output].elements
    fields = {name: value for name, value in call.params if isinstance(value, int)}
    if "taps" in fields:
        return {"output": written, "call": 1, **_gathered_work(fields)}
    if "filter_h" in fields:
        return {"output": written, **_window_work(fields)}
    read = sum(tensors[source].elements for source in call.inputs if isinstance(source, int))
    tables = sum(value.values.size for _, value in call.params if isinstance(value, Table))
    return {"mac": macs, "table": tables, "output": written, "input": read, "call": 1}


def _gathered_work(fields: Mapping[str, int]) -> dict[str, float]:
    """Count for kernels that gather windows, padding included, before they multiply."""
    places, filter_h = fields["out_h"] * fields["out_w"], fields["filter_h"]
    run = fields["filter_w"] * fields["in_depth"]
    tops, lefts = (np.count_nonzero(_taps_inside(fields, *a) == fields[f"filter_{a[0]}"]) for a in AXES)
    whole = tops * lefts
    # Beside the fours of a row; all of a row that lies partly outside, unless whole fours do.
    beside, broken = max(0, run - fields["fours"]), fields["out_h"] * (fields["out_w"] - lefts)
    single = places * beside + (broken * (run - beside) if run % 4 else 0)
    return {
        "mac": float(places * fields["out_depth"] * fields["taps"]),
        "input": float(places * fields["taps"]),
        "row": float(places * filter_h),
        "edge": float((places - whole) * filter_h),
        "single": float(single * filter_h),
    }


def _window_work(fields: Mapping[str, int]) -> dict[str, float]:
    """Count exactly for kernels whose window slides and leaves out the padding; taps of a pool count as `mac`."""
    rows, columns = (_taps_inside(fields, *axis) for axis in AXES)
    filter_h, filter_w, depth = fields["filter_h"], fields["filter_w"], fields.get("group_depth", 1)
    whole = np.count_nonzero(rows == filter_h) * np.count_nonzero(columns == filter_w)
    places, taps = len(rows) * len(columns), filter_h * filter_w
    planes = fields["batches"] * fields.get("out_depth", fields.get("depth", 1))
    inside = rows.sum() * columns.sum()
    return {
        "mac": float(planes * depth * inside),
        "row": float(planes * rows.sum() * len(columns)),
        "edge": float(planes * (places - whole) * taps),
        "padding": float(planes * depth * (places * taps - inside)),
    }


def _taps_inside(fields: Mapping[str, int], axis: str, before: str) -> np.ndarray:
    """Count the taps inside the input for each output position along an axis."""
    origins = np.arange(fields[f"out_{axis}"]) * fields[f"stride_{axis}"] - fields[f"pad_{before}"]
    taps = np.arange(fields[f"filter_{axis}"]) * fields.get(f"dilation_{axis}", 1)
    places = origins[:, np.newaxis] + taps
    inside: np.ndarray = ((places >= 0) & (places < fields[f"in_{axis}"])).sum(axis=1)
    return inside
