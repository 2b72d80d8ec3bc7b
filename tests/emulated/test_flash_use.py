"""What the emulator's counter says of flash: the caches of a real board, followed while the program runs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from tests.support.content import CLASSES, INPUTS, make_content
from tests.support.machine import need_board
from tinypack.boards import Flash
from tinypack.profile.build import Programs, build
from tinypack.profile.counts import Executions, FlashUse, run_counted
from tinypack.profile.cycles import estimate
from tinypack.profile.targets import chosen_targets

pytestmark = pytest.mark.tools

BOARD = "mps2-an386"
LINE = 8  # bytes
ALL = 4096  # lines: more than the program has


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programs]:
    need_board(BOARD)
    yield build(make_content("kws"), chosen_targets([BOARD])[0], "-O2", tmp_path_factory.mktemp("flash"))


@cache
def executions(programs: Programs, flash: Flash | None) -> Executions:
    return run_counted(programs.tested.elf, BOARD, flash=flash).parts[0].executions


@cache
def uses(programs: Programs, data_lines: int, code_lines: int) -> FlashUse:
    flash = Flash(wait_states=1, line_bytes=LINE, data_lines=data_lines, code_lines=code_lines)
    return sum(executions(programs, flash).flash.values(), FlashUse(0, 0, 0))


def test_without_caches_all_is_waited_for(programs: Programs) -> None:
    plain = executions(programs, None)
    use = uses(programs, 0, 0)
    assert plain.flash == {}
    assert use.data_lines == use.reads > CLASSES * INPUTS / 4
    assert use.code_lines >= plain.total


def test_caches_that_hold_all_read_each_line_once(programs: Programs) -> None:
    use = uses(programs, ALL, ALL)
    assert CLASSES * INPUTS / LINE <= use.data_lines < 2 * CLASSES * INPUTS / LINE + 100
    assert 0 < use.code_lines < executions(programs, None).total / 2


def test_a_small_cache_reads_more_than_a_large_one(programs: Programs) -> None:
    lines = [uses(programs, count, count) for count in (0, 2, ALL)]
    assert lines[0].data_lines >= lines[1].data_lines >= lines[2].data_lines
    assert lines[0].code_lines > lines[1].code_lines > lines[2].code_lines
    assert len({use.reads for use in lines}) == 1


def test_an_estimate_is_above_the_count(programs: Programs) -> None:
    flash = Flash(wait_states=5, line_bytes=LINE, data_lines=32, code_lines=128)
    counted = executions(programs, flash)
    found = estimate(programs.tested.elf, counted, "cortex-m4", flash)
    assert found.by_address.keys() == counted.by_address.keys()
    assert counted.total < found.total - found.waiting_total < 2 * counted.total
    assert found.waiting_total > 0
