from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from tests.decisions.given import WORDS, make
from tinypack.decisions import decide

CLIMATE = replace(WORDS, outputs=2, output_scale=0.1830000132322311, output_zero_point=17, labels=())
OUTPUTS = np.stack((np.arange(-128, 128), np.arange(127, -129, -1)), axis=1).astype(np.int8)


def test_values_are_single_products_of_float32() -> None:
    got = decide(make("regress", CLIMATE), OUTPUTS)
    exact = (OUTPUTS.astype(np.float32) - np.float32(17)) * np.float32(CLIMATE.output_scale)
    assert got["values"].dtype == np.float32 and (got["values"] == exact).all()


def test_names_and_units() -> None:
    decision = make("regress", CLIMATE, names=["temperature", "humidity"], units=["degC", "%"])
    got = decide(decision, OUTPUTS)
    assert got.dtype.names == ("temperature", "humidity")
    assert (got["humidity"] == got["temperature"][::-1]).all()
    assert [result.about for result in decision.results] == ["degC", "%"]


def test_one_value_is_no_array() -> None:
    (result,) = make("regress", replace(CLIMATE, outputs=1), units=["V"]).results
    assert (result.name, result.length, result.about) == ("value", 1, "V")


def test_units_of_values() -> None:
    (several,) = make("regress", CLIMATE, units=["m", "s"]).results
    (same,) = make("regress", CLIMATE, units=["m"]).results
    assert (several.about, same.about) == ("m, s", "m")


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "too few names": ({"names": ["temperature"]}, "names has 1 entries"),
    "twice the same": ({"names": ["a", "a"]}, "differ"),
    "too many units": ({"units": ["m", "s", "K"]}, "units has 3 entries"),
    "no C name": ({"names": ["Temperature", "b"]}, "C name"),
    "a word of C": ({"names": ["int", "b"]}, "C name"),
    "two lines": ({"units": ["a\nb"]}, "printable"),
    "not ASCII": ({"units": ["\N{DEGREE SIGN}C"]}, "ASCII"),
}


@pytest.mark.parametrize(("options", "reason"), BAD.values(), ids=BAD)
def test_bad_options(options: dict[str, Any], reason: str) -> None:
    with pytest.raises((ValueError, ValidationError), match=reason):
        make("regress", CLIMATE, **options)
