"""Counts by layer are whole: they sum up to what is counted without telling layers apart, by us and by others."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

import pytest

from tests.emulated.test_measure import YARDSTICK
from tests.support.content import CLASSES, INPUTS, make_content
from tests.support.machine import need_board
from tinypack.errors import TinypackError
from tinypack.package import Content
from tinypack.profile.build import Programs, build
from tinypack.profile.cores import known_cores
from tinypack.profile.counts import run_counted
from tinypack.profile.layers import split_layers
from tinypack.profile.measure import OPTS, profile_content
from tinypack.profile.targets import EACH_CORE, MACHINES, Target, chosen_targets
from tinypack.verify.firmware import run_firmware
from tinypack.verify.tools import run

pytestmark = pytest.mark.tools

LAYERS = 3  # alike: of the same shapes, with other weights


@pytest.fixture(scope="module")
def content() -> Content:
    return make_content("kws", ports=LAYERS)


@pytest.fixture(scope="module")
def target() -> Target:
    need_board("mps2-an386")
    return chosen_targets(["mps2-an386"])[0]


@pytest.fixture(scope="module")
def programs(content: Content, target: Target, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programs]:
    yield build(content, target, "-O2", tmp_path_factory.mktemp("profile"))


def test_counts_agree(content: Content, target: Target, programs: Programs) -> None:
    elf = programs.tested.elf
    counted = run_counted(elf, target.machine, "kws_invoke")
    (part,) = counted.parts
    _, totals = run_firmware(target.machine, elf, b"", 60, True)
    assert totals == [part.total]
    layers = split_layers(part, elf, content)
    assert sum(layer.instructions for layer in layers) == part.total
    if not YARDSTICK.is_file():
        pytest.skip(f"no {YARDSTICK}")
    done = run([sys.executable, YARDSTICK, "--engine", "qemu", elf], time_limit=120.0)
    assert [int(n) for n in re.findall(r"instructions\[\d+\]=(\d+)", done.text)] == totals


@pytest.mark.parametrize(("name", "opt"), [(name, OPTS[i % 2]) for i, name in enumerate(EACH_CORE)])
def test_layers_flash_and_ram_are_split(content: Content, name: str, opt: str) -> None:
    need_board(MACHINES.get(name, name))
    profile = profile_content(content, chosen_targets([name])[0], opt)
    *layers, around = profile.layers
    counts = [layer.instructions for layer in layers]
    assert [layer.node for layer in profile.layers] == [*range(LAYERS), None]
    assert min(counts) > layers[0].macs
    assert max(counts) - min(counts) <= 0.1 * min(counts)
    assert around.instructions < 40
    assert sum(counts) + around.instructions == sum(profile.functions.values()) == profile.instructions
    assert profile.flash.weights >= LAYERS * CLASSES * (INPUTS + 4)
    assert min(profile.flash.tables, profile.flash.kernels, profile.flash.glue) > 0
    assert profile.ram.state >= profile.ram.arena > 0
    assert 0 < profile.ram.stack < 512
    assert profile.compile_seconds > 0
    assert (profile.cycles is None) == (profile.target.core not in known_cores())
    assert profile.cycles is None or 0.4 < profile.cycles / profile.instructions < 4


def test_code_of_a_cortex_m0_is_counted_by_a_cortex_m4(content: Content) -> None:
    for board in ("mps2-an386", "microbit"):
        need_board(board)
    found = [profile_content(content, target, "-Os") for target in chosen_targets(["cortex-m0", "microbit"])]
    assert found[0].instructions == found[1].instructions
    assert found[0].ram == found[1].ram


def test_wrong_answers_have_no_figures(content: Content, target: Target) -> None:
    name = "kws_selftest.h"
    wrong = re.sub(r"(\{ 0x[0-9a-f]+u, 0x)[0-9a-f]{8}", r"\g<1>01234567", content.selftest[name])
    broken = Content(**{**vars(content), "selftest": {name: wrong}})
    with pytest.raises(TinypackError, match="vector 0 wrong") as raised:
        profile_content(broken, target, "-O2")
    assert [problem.code for problem in raised.value.problems] == ["run-failed"]
