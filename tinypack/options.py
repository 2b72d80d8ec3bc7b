"""What sections of tinypack.toml have in common: strict keys, rules of our own, durations, presets."""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

DURATION = r"\d+(\.\d+)? (ms|s)"
SECONDS = {"ms": 1e-3, "s": 1.0}
LONGEST = 1e12  # of any unit


def broken(rule: str, hint: str = "", code: str = "bad-manifest") -> PydanticCustomError:
    """Make the error that a validator raises: the rule that the user reads, and the remedy."""
    return PydanticCustomError("tinypack", "{rule}", {"code": code, "rule": rule, "hint": hint})


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def _duration(value: object) -> int | str:
    number: float = -1
    if isinstance(value, int) and not isinstance(value, bool):
        number = value
    elif isinstance(value, str) and re.fullmatch(DURATION, value):
        number = float(value.split()[0])
    if number < 0:
        raise broken('a duration is a whole number, or text such as "30 ms" or "1.5 s"')
    if number > LONGEST:
        raise broken(f"a duration's number is at most {LONGEST:g}")
    return value  # type: ignore[return-value]


#: A number of samples (of results, in a decision), or text such as "30 ms".
Duration = Annotated[
    int | str,
    PlainValidator(_duration),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": f"^{DURATION}$"}]}),
]


def seconds(duration: str) -> float:
    """Give a duration in text as seconds."""
    number, unit = duration.split()
    return float(number) * SECONDS[unit]


def samples(duration: Duration, rate: float) -> int:
    """Give a duration as a number of samples, rounded to the nearest.

    Units: rate in Hz
    """
    return duration if isinstance(duration, int) else round(seconds(duration) * rate)


class PresetSection(Section):
    """A section whose `preset` names defaults; keys that are given go before them."""

    PRESETS: ClassVar[dict[str, dict[str, Any]]] = {}

    preset: str = Field("", description="Defaults named after what people trained with.")

    @model_validator(mode="before")
    @classmethod
    def _fill(cls, data: Any) -> Any:
        if not isinstance(data, dict) or not isinstance(data.get("preset", ""), str):
            return data
        name = data.get("preset", "")
        if name and name not in cls.PRESETS:
            known = ", ".join(cls.PRESETS) or "none here"
            raise broken(f"a preset is one of: {known}")
        return {**cls.PRESETS.get(name, {}), **data}
