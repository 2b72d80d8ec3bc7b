"""What `make bench` says of figures that are made up."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.models.compare import BASELINES, LIMITS, Measured, comparisons
from tests.support.profiles import BOARD, make_profile
from tinypack.boards import Flash
from tinypack.profile.page import Cell
from tinypack.profile.targets import EACH_CORE

KWS = "kws_ref_model"
REAL = replace(BOARD, id="nucleo_l4r5zi", flash=Flash(wait_states=5, line_bytes=8, data_lines=32, code_lines=128))


def rows(*measured: Measured) -> dict[str, list[list[Cell]]]:
    return {table.title: [list(row) for row in table.rows] for table in comparisons(measured)}


def test_limits_are_of_models_and_targets_that_are_measured() -> None:
    assert set(LIMITS) <= set(BASELINES)
    places = {f"{target} {opt}" for target in EACH_CORE for opt in ("-O2", "-Os")}
    assert {place for limits in LIMITS.values() for place in limits} - {"flash", "ram", "ram_saved"} <= places


def test_figures_stand_beside_limits_and_other_engines() -> None:
    found = rows(Measured(KWS, make_profile(convolution=3_499_979)))
    assert found["Instructions"] == [
        [
            *(Cell(KWS), Cell("mps2-an386 -O2"), Cell("3,500,000"), Cell("1400.00")),
            *(Cell("3.8 M", True), Cell("3.2 M", False), Cell("7.7 M"), Cell("45 %")),
        ]
    ]
    flash, ram = found["Flash"][0], found["RAM"][0]
    assert flash[-5:] == [Cell("1,010"), Cell("9,216", True), Cell("52,272"), Cell("2 %"), Cell("0.25", True)]
    assert ram[-4:] == [Cell("644"), Cell("15,360", True), Cell("24,352"), Cell("3 %")]


def test_other_engines_figures_are_of_their_board_and_optimisation() -> None:
    small = make_profile(opt="-Os", convolution=9_300_000)
    other = make_profile(target=replace(BOARD, id="mps2-an500", machine="mps2-an500"))
    found = rows(Measured(KWS, small), Measured(KWS, other))["Instructions"]
    assert found[0][-2:] == [Cell("9.23 M"), Cell("101 %", False)]
    assert found[1][-4:] == [Cell("")] * 4


def test_published_times_compare_with_estimates_that_have_flash_in_them() -> None:
    found = rows(Measured(KWS, make_profile(target=REAL)), Measured(KWS, make_profile()))
    assert [row[1].text for row in found["Instructions"]] == ["mps2-an386 -O2"]
    real, emulated = found["Cycles"]
    assert real[-3:] == [Cell("5.184 M"), Cell("0 %"), Cell("X-CUBE-AI 9.0, v1.2")]
    assert emulated[-3:] == [Cell("5.184 M"), Cell(""), Cell("X-CUBE-AI 9.0, v1.2")]


def test_options_stand_beside_the_package_as_it_is() -> None:
    measured = [Measured("vww_96_int8", make_profile(), options) for options in ("", "optimise = size", "save_ram")]
    other = Measured("vww_96_int8", make_profile(opt="-Os"))
    found = rows(*measured, other)
    assert len(found["Instructions"]) == 2
    assert [row[1].text for row in found["Options of [model]"]] == ["as it is", "optimise = size", "save_ram"]
    assert [row[-1] for row in found["Options of [model]"]] == [Cell(""), Cell(""), Cell("31,744", True)]
    assert "Options of [model]" not in rows(other)
