from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tinypack.registry.client.install.sketchbook import libraries_folder

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="where Linux has its files")

CLI = """\
#!/bin/sh
{}
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user without Arduino tools."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/bin:/usr/bin")
    monkeypatch.delenv("ARDUINO_DIRECTORIES_USER", raising=False)
    (tmp_path / "bin").mkdir()
    return tmp_path


def settings(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True)
    path.write_text(text)


def command(home: Path, script: str) -> None:
    path = home / "bin" / "arduino-cli"
    path.write_text(CLI.format(script))
    path.chmod(0o755)


def test_the_usual_place(home: Path) -> None:
    assert libraries_folder() == home / "Arduino" / "libraries"


@pytest.mark.parametrize("folder", [".arduino15", ".arduinoIDE"])
def test_settings_files(folder: str, home: Path) -> None:
    settings(home / folder / "arduino-cli.yaml", f"directories:\n  user: {home}/book\n")
    assert libraries_folder() == home / "book" / "libraries"


@pytest.mark.parametrize(
    "text",
    ["directories: {user: relative}", "directories: [1]", "- 1", "{", "directories: {user: 7}", "", "\t\0", "&a [*a]"],
)
def test_nonsense_counts_as_nothing(text: str, home: Path) -> None:
    settings(home / ".arduino15" / "arduino-cli.yaml", text)
    assert libraries_folder() == home / "Arduino" / "libraries"


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("""echo '{"config": {"directories": {"user": "/srv/book"}}}'""", "/srv/book"),
        ("""echo '{"directories": {"user": "/srv/book"}}'""", "/srv/book"),
        ("""echo '{"config": {}}'""", "{}/file"),
        ("echo nonsense", "{}/file"),
        ("exit 3", "{}/file"),
    ],
)
def test_what_arduino_cli_says_comes_first(script: str, expected: str, home: Path) -> None:
    settings(home / ".arduino15" / "arduino-cli.yaml", f"directories: {{user: {home}/file}}")
    command(home, script)
    assert libraries_folder() == Path(expected.format(home)) / "libraries"


def test_the_variable_of_arduino_cli_comes_before_all(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARDUINO_DIRECTORIES_USER", "/srv/other")
    command(home, """echo '{"directories": {"user": "/srv/book"}}'""")
    assert libraries_folder() == Path("/srv/other/libraries")
