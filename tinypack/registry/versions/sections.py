"""Compares sections of tinypack.toml, [features] and [decision], as records hold them: with all defaults."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from tinypack import manifest
from tinypack.registry.versions.change import NOTHING, Change, Step


@dataclass(frozen=True)
class SectionRules:
    """Keys and the step of another value; `otherwise` is that of all others."""

    name: str
    otherwise: Step
    steps: Mapping[str, Step]


FEATURES = SectionRules(
    "features",
    Step.MAJOR,
    {
        # The record's stream has these as numbers of samples, however they are written.
        **dict.fromkeys(("sample_rate", "channels", "frame_length", "hop", "frames"), Step.NONE),
        "preset": Step.NONE,  # only names values of other keys
        **dict.fromkeys(("mean", "std"), Step.PATCH),  # they belong to the training data, as weights do
        "sensor": Step.PATCH,  # of the example sketch
    },
)
DECISION = SectionRules(
    "decision",
    Step.MINOR,
    {
        "type": Step.MAJOR,
        "units": Step.MAJOR,  # the same numbers mean something else
        "every": Step.NONE,  # the record's stream has it as a number of hops
        **dict.fromkeys(("threshold", "file"), Step.PATCH),  # they belong to the weights
    },
)


def section_changes(
    rules: SectionRules, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None
) -> Iterator[Change]:
    """Compare a section key by key; None: there is no such section."""
    before, after = _resolved(rules.name, old), _resolved(rules.name, new)
    if before.get("type") != after.get("type"):
        yield Change(Step.MAJOR, f"{rules.name}: type", _shown(before.get("type")), _shown(after.get("type")))
        return
    for key in {**before, **after}:
        a, b, step = before.get(key), after.get(key), rules.steps.get(key, rules.otherwise)
        if a != b and step != Step.NONE:
            yield Change(step, f"{rules.name}: {key}", _shown(a), _shown(b))


def _resolved(name: str, section: Mapping[str, Any] | None) -> dict[str, Any]:
    """Fill in what this tinypack knows as defaults: records of an older one may lack newer keys."""
    if section is None:
        return {}
    try:
        filled = _adapter(name).validate_python(dict(section))
    except (ValidationError, RecursionError):  # written by a newer tinypack
        return dict(section)
    return dict(filled.model_dump(mode="json"))


@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    return TypeAdapter({"features": manifest.Features, "decision": manifest.Decision}[name])


def _shown(value: Any) -> str:
    return NOTHING if value is None else json.dumps(value, ensure_ascii=False)
