"""`regress`: the model's output as numbers with units."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from tinypack.decisions.protocol import Decision, DecisionOptions, Given, Result
from tinypack.decisions.score import Score
from tinypack.features.protocol import Array, Chain
from tinypack.names import reserved
from tinypack.options import broken

NAME = "regress"
BRIEF = "The output as numbers, with names and units."

#: Members that each result has, or that are read as text.
TAKEN = ("time_ms", "label")


def _member(value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,31}", value) or value.endswith("_t") or value in reserved():
        raise broken("the name of a value is a C name of a-z, 0-9 and _, and no word of C or C++, nor ends in _t")
    if value in TAKEN:
        raise broken(f"the name of a value is no member that results have: {', '.join(TAKEN)}")
    return value


def _unit(value: str) -> str:
    if not (value.isascii() and value.isprintable()) or len(value) > 20:
        raise broken("a unit is up to 20 printable ASCII characters", 'such as "degC", "um/s" or "ohm"')
    return value


class Options(DecisionOptions):
    """Keys of [decision] type = "regress"."""

    type: Literal["regress"]
    names: list[Annotated[str, AfterValidator(_member)]] = Field(
        default=[], description="A name for each value (default: all in `values`, a single one in `value`)."
    )
    units: list[Annotated[str, AfterValidator(_unit)]] = Field(
        default=[], description="The unit of all values, or one each."
    )


def decision(options: Options, given: Given) -> Decision:
    """Design it: differences from the zero point, exact, which the result multiplies by the scale."""
    if options.names and len(options.names) != given.outputs:
        raise ValueError(f"names has {len(options.names)} entries; the model gives {given.outputs} values")
    if len(set(options.names)) != len(options.names):
        raise ValueError("names must differ from each other")
    if len(options.units) not in (0, 1, given.outputs):
        raise ValueError(f"units has {len(options.units)} entries; the model gives {given.outputs} values")
    block = Score(given.outputs, 1, 0, given.output_zero_point)
    chain = Chain({"output": Array("int8_t", given.outputs)}, (), "output").then(block, "verdict")
    units = options.units * given.outputs if len(options.units) == 1 else options.units or [""] * given.outputs
    scale = given.output_scale
    if not options.names:
        about = ", ".join(dict.fromkeys(units)) if len(set(units)) == 1 else ", ".join(units)
        name = "value" if given.outputs == 1 else "values"
        return Decision(chain, (Result(name, "real", about, 0, given.outputs, scale=scale),))
    named = zip(options.names, units, strict=True)
    return Decision(chain, tuple(Result(name, "real", unit, i, scale=scale) for i, (name, unit) in enumerate(named)))
