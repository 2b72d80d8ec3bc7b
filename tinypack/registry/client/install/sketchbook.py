"""Where the Arduino IDE and arduino-cli look for libraries on this machine."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tinypack.errors import TinypackError
from tinypack.verify.tools import run, which

TIME_LIMIT = 20.0  # seconds that arduino-cli has to answer
MOST_BYTES = 1 << 20  # of a settings file


def libraries_folder() -> Path:
    """Find the folder `libraries` of the user's sketchbook, whether or not it is there.

    What arduino-cli says holds before the settings files of the IDE and of arduino-cli, these before the usual place.
    """
    return next(_sketchbooks()) / "libraries"


def _sketchbooks() -> Iterator[Path]:
    named = (os.environ.get("ARDUINO_DIRECTORIES_USER"), _asked(), *map(_set, _settings_files()))
    for folder in named:
        if folder and Path(folder).expanduser().is_absolute():
            yield Path(folder).expanduser()
    yield Path.home() / "Arduino" if sys.platform.startswith("linux") else Path.home() / "Documents" / "Arduino"


def _asked() -> str:
    """Ask arduino-cli; it says only what was set."""
    tool = which("arduino-cli")
    if tool is None:
        return ""
    try:
        done = run([tool, "config", "dump", "--format", "json"], time_limit=TIME_LIMIT)
        return _user_folder(json.loads(done.stdout)) if done.ok else ""
    except (TinypackError, ValueError):
        return ""


def _settings_files() -> list[Path]:
    home = Path.home()
    data = {"darwin": home / "Library" / "Arduino15", "win32": Path(os.environ.get("LOCALAPPDATA", home)) / "Arduino15"}
    folders = (home / ".arduinoIDE", data.get(sys.platform, home / ".arduino15"))
    return [folder / "arduino-cli.yaml" for folder in folders]


def _set(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return _user_folder(yaml.safe_load(file.read(MOST_BYTES)))
    except (OSError, yaml.YAMLError, ValueError, RecursionError):
        return ""


def _user_folder(settings: Any) -> str:
    """Read `directories.user`; arduino-cli 1 puts all below `config`."""
    if isinstance(settings, dict):
        found = settings.get("config", settings)
        folders = found.get("directories") if isinstance(found, dict) else None
        folder = folders.get("user") if isinstance(folders, dict) else None
        return folder if isinstance(folder, str) else ""
    return ""
