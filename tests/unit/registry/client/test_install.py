from __future__ import annotations

import gzip
import io
import os
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support.registry_packages import MadeUp
from tinypack.errors import TinypackError
from tinypack.formats.archive import make_tar_gz, make_zip
from tinypack.registry.client.choose import choose, renew
from tinypack.registry.client.install.install import Place, Put, folder_of, install
from tinypack.registry.client.install.marker import NAME, read_marker
from tinypack.registry.client.install.targets import ECOSYSTEMS
from tinypack.registry.client.lockfile import Lock, Target, read_lock
from tinypack.registry.client.resolve import parse_wanted

CODE = {"door-guard/src/door_guard.h": b"/* 1 */", "door-guard/README.md": b"read"}


class Project:
    """A folder with a lockfile, and a registry in memory that it installs from."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.registry: Any = MadeUp()
        root.mkdir()

    @property
    def lock(self) -> Lock:
        return read_lock(self.root / "tinypack.lock").of_registry("https://example.org/r", "")

    def install(self, *wanted: str, to: str = "cmake", into: Path | None = None, **given: Any) -> list[Put]:
        chosen = choose(self.registry, self.lock, map(parse_wanted, wanted))
        return install(self.registry, self.lock, chosen, Place(to, into), **given)

    def tree(self) -> dict[str, bytes]:
        """All that lies in the project and its neighbourhood."""
        found = {}
        for folder, folders, files in os.walk(self.root.parent):
            for name in (*folders, *files):
                path = Path(folder, name)
                relative = path.relative_to(self.root.parent).as_posix()
                found[relative] = path.read_bytes() if path.is_file() else b"a folder"
        return found


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    made = Project(tmp_path / "project")
    monkeypatch.chdir(made.root)
    monkeypatch.setenv("ARDUINO_DIRECTORIES_USER", str(tmp_path / "sketchbook"))
    return made


@pytest.mark.parametrize(
    ("to", "folder", "file", "words"),
    [
        ("arduino", "sketchbook/libraries/door_guard", "library.properties", "#include <door_guard.h>"),
        ("platformio", "project/lib/door-guard", "library.json", "#include <door_guard.h>"),
        ("zephyr", "project/modules/door-guard", "zephyr/module.yml", "CONFIG_TINYPACK_DOOR_GUARD=y"),
        ("cmake", "project/third_party/door-guard", "CMakeLists.txt", "add_subdirectory(third_party/door-guard)"),
    ],
)
def test_each_ecosystem_has_its_place(
    to: str, folder: str, file: str, words: str, project: Project, tmp_path: Path
) -> None:
    project.registry.add("door-guard", "1.0.0")
    (put,) = project.install("door-guard", to=to)
    assert (put.folder, put.changed, put.before) == (tmp_path / folder, True, "")
    assert words in put.next
    assert (put.folder / file).is_file()
    (locked,) = project.lock.packages.values()
    assert (locked.version, locked.range, locked.targets) == ("1.0.0", "^1.0.0", [Target(to=to)])
    assert folder_of(project.lock, "door-guard", locked.targets[0]) == put.folder
    before = project.tree()
    assert [put.changed for put in install(project.registry, project.lock, [locked], None)] == [False]
    assert project.tree() == before


def test_an_upgrade_replaces_the_folder(project: Project) -> None:
    project.registry.add_files("1.0.0", "cmake", "a.tar.gz", CODE)
    project.install("door-guard@^1")
    project.registry.add_files("1.1.0", "cmake", "a.tar.gz", {"door-guard/new.h": b"new"})
    (kept,) = project.install("door-guard")
    assert (kept.version, kept.changed) == ("1.0.0", False)
    (put,) = install(project.registry, project.lock, renew(project.registry, project.lock), None)
    assert (put.before, put.version, put.changed) == ("1.0.0", "1.1.0", True)
    assert names(put.folder) == [NAME, "new.h"]
    assert names(put.folder.parent) == ["door-guard"]


def test_an_upgrade_for_one_ecosystem_brings_the_others_along(project: Project) -> None:
    project.registry.add("door-guard", "1.0.0")
    for to in ("cmake", "zephyr"):
        project.install("door-guard@^1", to=to)
    project.registry.add("door-guard", "1.1.0")
    put = project.install("door-guard@1.1.0", to="cmake")
    assert {(each.to, each.version, each.changed) for each in put} == {
        ("cmake", "1.1.0", True),
        ("zephyr", "1.1.0", True),
    }


def test_a_place_inside_the_project_is_noted_another_is_not(project: Project, tmp_path: Path) -> None:
    project.registry.add_files("1.0.0", "cmake", "a.tar.gz", CODE)
    project.install("door-guard", into=Path("deep/er"))
    project.install("door-guard", into=tmp_path / "outside")
    assert project.lock.packages["door-guard"].targets == [Target(to="cmake", into="deep/er")]
    assert (tmp_path / "outside" / "door-guard" / "README.md").read_bytes() == b"read"


def test_a_yanked_version_installs_from_the_lockfile_alone(project: Project) -> None:
    project.registry.add_files("1.0.0", "cmake", "a.tar.gz", CODE)
    project.install("door-guard")
    project.registry.yank("door-guard", "1.0.0", "wrong labels")
    (put,) = project.install("door-guard@^1", into=Path("again"))
    assert put.changed
    (project.root / "tinypack.lock").unlink()
    with pytest.raises(TinypackError, match="wrong labels"):
        project.install("door-guard@1.0.0")


def test_frozen_takes_only_what_is_locked(project: Project) -> None:
    project.registry.add_files("1.0.0", "cmake", "a.tar.gz", CODE)
    with pytest.raises(TinypackError) as caught:
        choose(project.registry, project.lock, [parse_wanted("door-guard")], frozen=True)
    assert caught.value.problems[0].code == "bad-lockfile"
    project.install("door-guard")
    assert choose(project.registry, project.lock, [parse_wanted("door-guard@^1")], frozen=True)
    with pytest.raises(TinypackError, match="a version that fits"):
        choose(project.registry, project.lock, [parse_wanted("door-guard@^2")], frozen=True)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def refused(project: Project, words: str, attempt: Callable[[], object]) -> TinypackError:
    """Something must be refused, and change nothing on the disk."""
    before = project.tree()
    with pytest.raises(TinypackError, match=words) as caught:
        attempt()
    assert project.tree() == before
    return caught.value


def zip_bomb() -> bytes:
    """Files of zeros, more of them than may be."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for i in range(3):
            made.writestr(f"door-guard/{i}", bytes(1 << 20))
    return target.getvalue()


def tar_with(**fields: Any) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as made:
        made.addfile(tarfile.TarInfo("door-guard/a"))
        entry = tarfile.TarInfo("door-guard/x")
        for key, value in fields.items():
            setattr(entry, key, value)
        made.addfile(entry)
    return gzip.compress(target.getvalue())


ARCHIVES: Mapping[str, tuple[str, Callable[[], bytes]]] = {
    "traversal": ("path is relative", lambda: make_zip({"door-guard/../../x": b"x"})),
    "absolute": ("path is relative", lambda: make_zip({"/tmp/x": b"x"})),
    "a symbolic link": ("plain file", lambda: tar_with(type=b"2", linkname="/etc/passwd")),
    "a hard link": ("plain file", lambda: tar_with(type=b"1", linkname="door-guard/a")),
    "a device": ("plain file", lambda: tar_with(type=b"3")),
    "case": ("case does not count", lambda: make_zip({"door-guard/a": b"x", "door-guard/A": b"y"})),
    "zip bomb": ("bytes", zip_bomb),
    "tar bomb": ("too large|bytes", lambda: gzip.compress(bytes(12 << 20), 1)),
    "cut off": ("undamaged", lambda: make_tar_gz(CODE)[:-20]),
    "no archive": ("a .zip or a .tar.gz", lambda: b"nothing"),
    "two folders": ("one folder", lambda: make_zip({"a/x": b"x", "b/y": b"y"})),
    "no folder": ("one folder", lambda: make_zip({"x": b"x"})),
    "a marker": ("none that is called", lambda: make_zip({"door-guard/.tinypack.json": b"{}"})),
    "empty": ("one folder", lambda: make_tar_gz({})),
}


@pytest.mark.parametrize("case", ARCHIVES)
def test_a_hostile_archive_is_refused(case: str, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tinypack.formats.unpack.MOST_BYTES", 2 << 20)
    words, make = ARCHIVES[case]
    project.registry.publish("door-guard", "1.0.0", {"cmake": ("x.tar.gz", make())})
    error = refused(project, words, lambda: project.install("door-guard"))
    assert {problem.code for problem in error.problems} == {"bad-archive"}


def test_several_packages_come_all_or_none(project: Project) -> None:
    project.registry.add_files("1.0.0", "cmake", "a.tar.gz", CODE)
    project.registry.publish("other", "1.0.0", {"cmake": ("x.tar.gz", b"broken")})
    refused(project, "undamaged|.zip", lambda: project.install("door-guard", "other"))
    refused(project, "an archive for zephyr", lambda: project.install("door-guard", to="zephyr"))


class Obstacle:
    """What may lie in a package's way: how it is made, and what is said."""

    def __init__(self, words: str, make: Callable[[Path], object], forced: bool) -> None:
        self.words, self.make, self.forced = words, make, forced


def make_file(path: Path, data: bytes = b"mine") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def make_link(path: Path, to: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(to)


OBSTACLES = {
    "a foreign folder": Obstacle("another's folder", lambda r: make_file(r / "third_party/door-guard/x"), True),
    "a file": Obstacle("a folder is needed", lambda r: make_file(r / "third_party/door-guard"), False),
    "a file above": Obstacle("a folder is needed", lambda r: make_file(r / "third_party"), False),
    "a link": Obstacle("no link", lambda r: make_link(r / "third_party/door-guard", "/tmp"), False),
    "a dangling link": Obstacle("no link", lambda r: make_link(r / "third_party/door-guard", "nowhere"), False),
    "a link above": Obstacle("no link", lambda r: make_link(r / "third_party", ".."), False),
    "another case": Obstacle("more than case", lambda r: (r / "third_party/Door-Guard").mkdir(parents=True), False),
}


@pytest.mark.parametrize("case", OBSTACLES)
def test_what_is_in_the_way_is_refused(case: str, project: Project) -> None:
    obstacle = OBSTACLES[case]
    project.registry.add_files("1.0.0", "cmake", "a.tar.gz", CODE)
    obstacle.make(project.root)
    refused(project, obstacle.words, lambda: project.install("door-guard"))
    if obstacle.forced:
        project.install("door-guard", force=True)
        assert (project.root / "third_party/door-guard/README.md").read_bytes() == b"read"
    else:
        refused(project, obstacle.words, lambda: project.install("door-guard", force=True))


@pytest.mark.parametrize(
    ("words", "change"),
    [
        ("README.md was changed", lambda f: (f / "README.md").write_bytes(b"mine")),
        ("README.md is missing", lambda f: (f / "README.md").unlink()),
        ("x was added", lambda f: (f / "src/x").write_bytes(b"mine")),
        ("README.md was changed", lambda f: ((f / "README.md").unlink(), (f / "README.md").symlink_to("src"))),
        ("another's folder", lambda f: (f / NAME).write_bytes(b"[]")),
    ],
)
def test_what_the_user_changed_is_not_replaced(words: str, change: Callable[[Path], object], project: Project) -> None:
    project.registry.add_files("1.0.0", "cmake", "a.tar.gz", CODE)
    (put,) = project.install("door-guard")
    change(put.folder)
    project.registry.add_files("1.1.0", "cmake", "a.tar.gz", {"door-guard/new": b"new"})
    refused(project, words, lambda: project.install("door-guard@1.1.0"))
    (put,) = project.install("door-guard@1.1.0", force=True)
    assert names(put.folder) == [NAME, "new"]


def test_what_file_managers_leave_is_no_change(project: Project) -> None:
    project.registry.add_files("1.0.0", "cmake", "a.tar.gz", CODE)
    (put,) = project.install("door-guard")
    (put.folder / "src" / ".DS_Store").write_bytes(b"x")
    (put,) = project.install("door-guard")
    assert not put.changed


def test_the_same_files_without_a_marker_are_taken_over(project: Project) -> None:
    project.registry.add_files("1.0.0", "cmake", "a.tar.gz", CODE)
    for name, data in CODE.items():
        make_file(project.root / "third_party" / name, data)
    (put,) = project.install("door-guard")
    assert put.changed and (put.folder / NAME).is_file()


@pytest.mark.parametrize("failing", ["lock", "second"])
def test_a_failure_on_the_way_puts_everything_back(
    failing: str, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.registry.add_files("1.0.0", "cmake", "a.tar.gz", CODE)
    project.install("door-guard")
    project.registry.add_files("1.1.0", "cmake", "a.tar.gz", {"door-guard/new": b"new"})
    project.registry.publish("other", "1.0.0", {"cmake": ("x.tar.gz", make_tar_gz({"other/x": b"x"}))})
    wanted = ("door-guard@1.1.0", "other")
    if failing == "lock":

        def fail(lock: Lock) -> None:
            raise KeyboardInterrupt

        before = project.tree()
        with pytest.raises(KeyboardInterrupt):
            project.install(*wanted, finish=fail)
        assert project.tree() == before
    else:
        rename = Path.rename

        def stubborn(path: Path, to: Path) -> Path:
            if Path(to).name == "other":
                raise OSError(28, "No space left on device")
            return rename(path, to)

        monkeypatch.setattr(Path, "rename", stubborn)
        refused(project, "No space left", lambda: project.install(*wanted))


def test_a_lockfile_with_an_unknown_target_is_refused(project: Project) -> None:
    project.registry.add_files("1.0.0", "cmake", "a.tar.gz", CODE)
    (locked,) = choose(project.registry, project.lock, [parse_wanted("door-guard")])
    strange = locked.put(Target(to="elsewhere"))
    refused(project, ", ".join(ECOSYSTEMS), lambda: install(project.registry, project.lock, [strange], None))
    refused(project, "where packages go", lambda: install(project.registry, project.lock, [locked], None))


def test_a_place_that_is_the_usual_one_is_noted_as_such(project: Project) -> None:
    project.registry.add_files("1.0.0", "cmake", "a.tar.gz", CODE)
    project.install("door-guard", into=Path("third_party"))
    assert project.lock.packages["door-guard"].targets == [Target(to="cmake")]


def test_a_folder_that_may_not_be_read_is_an_error(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.registry.add_files("1.0.0", "cmake", "a.tar.gz", CODE)
    (put,) = project.install("door-guard")

    def closed(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", closed)
    with pytest.raises(TinypackError, match="Permission denied") as caught:
        project.install("door-guard")
    assert (caught.value.problems[0].code, caught.value.problems[0].where) == ("io", f"{put.folder}")


def test_a_marker_that_never_ends_is_none(tmp_path: Path) -> None:
    """It came with somebody's project."""
    os.mkfifo(tmp_path / ".tinypack.json")
    assert read_marker(tmp_path) is None
