"""What tests do where a tool is missing: skip, or fail if TINYPACK_REQUIRE_TOOLS asks for it.

It is 1 where `make setup` ran, and all where `make setup-all` did.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest

from tinypack.boards import DEFAULT
from tinypack.verify.beside import beside
from tinypack.verify.board_tools import board_tools


def required(groups: Sequence[str] = ("1", "all")) -> bool:
    """Tell whether a lack fails the tests."""
    return os.environ.get("TINYPACK_REQUIRE_TOOLS") in groups


def need(*programs: str) -> None:
    """Go on only if all programs are on the PATH."""
    missing = _absent(programs)
    if missing:
        lack(missing)


def need_extra(*programs: str) -> None:
    """Go on only if all programs are on the PATH, where `make setup-all` brings them."""
    missing = _absent(programs)
    if missing:
        lack_extra(missing)


def need_board(board: str) -> None:
    """Go on only if an emulated board can run here: the default ones by `make setup`, others by `make setup-all`."""
    missing = ", ".join(tool.name for tool in board_tools(board) if tool.probe() is None)
    if missing:
        (lack if board in DEFAULT else lack_extra)(missing)


@contextmanager
def own_core(folder: Path) -> Iterator[None]:
    """Have a core folder of one's own, but for what `make setup-all` has unpacked in the machine's."""
    unpacked = beside("")
    folder.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TINYPACK_CORE_DIR", str(folder))
        beside("").symlink_to(unpacked)
        yield


def lack(what: str) -> NoReturn:
    """End the test because something that `make setup` brings is not on this machine."""
    _end(what, required())


def lack_extra(what: str) -> NoReturn:
    """End the test because something that only `make setup-all` brings is not on this machine."""
    _end(what, required(("all",)))


def _absent(programs: Sequence[str]) -> str:
    return ", ".join(program for program in programs if shutil.which(program) is None)


def _end(what: str, failed: bool) -> NoReturn:
    if failed:
        pytest.fail(f"missing: {what}")
    pytest.skip(f"missing: {what}")
