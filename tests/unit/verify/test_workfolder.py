from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from tinypack.verify.together import Stopped
from tinypack.verify.workfolder import KEPT, work_folder, write_changed


def test_the_same_name_gives_the_same_folder_with_all_in_it(core: Path) -> None:
    with work_folder("a") as first:
        (first / "built").touch()
    with work_folder("a") as second, work_folder("b") as other:
        assert (second / "built").exists()
        assert other != second
        assert core in other.parents


def test_one_at_a_time(core: Path) -> None:
    inside, most = 0, 0

    def work() -> None:
        nonlocal inside, most
        with work_folder("a"):
            inside += 1
            most = max(most, inside)
            time.sleep(0.05)
            inside -= 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


def test_what_nobody_used_for_long_is_dropped(core: Path) -> None:
    for name, age in (("old", KEPT + 60), ("new", KEPT - 60)):
        with work_folder(name) as folder:
            (folder / "built").touch()
        used = time.time() - age
        os.utime(folder / ".used", (used, used))
    with work_folder("other") as folder:
        assert sorted(path.name for path in folder.parent.iterdir() if path.is_dir()) == ["new", "other"]


def test_use_is_noted(core: Path) -> None:
    with work_folder("a") as folder:
        pass
    os.utime(folder / ".used", (1, 1))
    with work_folder("a"):
        assert time.time() - (folder / ".used").stat().st_mtime < 60


def test_a_file_is_written_only_if_it_changes(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file"
    write_changed(path, b"one")
    os.utime(path, (1, 1))
    write_changed(path, b"one")
    assert path.stat().st_mtime == 1
    write_changed(path, b"two")
    assert path.stat().st_mtime > 1
    assert path.read_bytes() == b"two"


@pytest.mark.parametrize("error", [Stopped, KeyboardInterrupt, OSError])
def test_work_that_is_broken_off_leaves_nothing(error: type[BaseException], core: Path) -> None:
    with pytest.raises(error), work_folder("a") as folder:
        (folder / "half.o").touch()
        raise error
    with work_folder("a") as again:
        assert not (again / "half.o").exists()
