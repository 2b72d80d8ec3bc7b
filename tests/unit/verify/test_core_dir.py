from __future__ import annotations

import json
import shlex
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from tinypack.errors import TinypackError
from tinypack.verify import core_dir
from tinypack.verify.tools import run


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TINYPACK_CORE_DIR", str(tmp_path / "core"))
    return tmp_path / "core"


def files(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in (folder / "packages" / "tool-scons").iterdir()}


def test_the_folder_is_in_the_cache_unless_another_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("TINYPACK_CORE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert core_dir.core_dir() == tmp_path / "tinypack" / "platformio"
    monkeypatch.setenv("TINYPACK_CORE_DIR", str(tmp_path / "own"))
    assert core_dir.core_dir() == tmp_path / "own"


def test_the_package_states_the_version_that_is_asked_for() -> None:
    made = core_dir.tool_scons("~4.41101.0")
    assert json.loads(made["package.json"])["version"] == "4.41101.0"
    state = json.loads(made[".piopm"])
    assert (state["version"], state["spec"]["owner"]) == ("4.41101.0", "platformio")


def test_a_damaged_folder_is_mended_and_a_good_one_left_alone(folder: Path) -> None:
    assert core_dir.make_core_dir() == folder
    script = folder / "packages" / "tool-scons" / "scons.py"
    good = files(folder)
    script.write_text("broken")
    untouched = (script.parent / ".piopm").stat().st_mtime_ns
    core_dir.make_core_dir()
    assert files(folder) == good
    assert (script.parent / ".piopm").stat().st_mtime_ns == untouched


def test_processes_side_by_side_leave_whole_files(folder: Path) -> None:
    code = "from tinypack.verify.core_dir import make_core_dir\nfor _ in range(20): make_core_dir()"
    env = {"TINYPACK_CORE_DIR": str(folder)}
    with ThreadPoolExecutor(4) as pool:
        runs = [pool.submit(run, [sys.executable, "-c", code], time_limit=60.0, env=env) for _ in range(4)]
    assert all(each.result().ok for each in runs)
    assert sorted(files(folder)) == [".piopm", "package.json", "scons.py"]


def test_the_command_prints_what_a_shell_can_load(folder: Path) -> None:
    odd = folder.parent / "a b'c"
    env = {"TINYPACK_CORE_DIR": str(odd)}
    done = run([sys.executable, "-m", "tinypack.verify.core_dir"], time_limit=60.0, env=env)
    lines = [shlex.split(line) for line in done.text.splitlines()]
    assert ["export", f"PLATFORMIO_CORE_DIR={odd}"] in lines
    assert (odd / "packages" / "tool-scons" / "scons.py").is_file()


def test_all_missing_packages_are_named_at_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(core_dir, "version", none)
    with pytest.raises(TinypackError) as caught:
        core_dir.make_core_dir()
    assert [problem.where for problem in caught.value.problems] == ["platformio", "SCons"]
    assert not folder.exists()


def test_an_unwritable_place_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("TINYPACK_CORE_DIR", str(tmp_path / "file" / "core"))
    with pytest.raises(TinypackError) as caught:
        core_dir.make_core_dir()
    assert caught.value.problems[0].code == "io"
