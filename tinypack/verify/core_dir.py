"""PlatformIO's core folder, made so that builds need no registry.

PlatformIO fetches one package for any build: `tool-scons`. Here it is a stand-in of three files that runs the SCons
of PlatformIO's own Python, in a folder of tinypack's own, `~/.cache/tinypack/platformio` unless TINYPACK_CORE_DIR
names another.

tinypack itself always uses that folder. A user who has PlatformIO already keeps his own: his `pio` uses it as long as
he does not load the lines that `python -m tinypack.verify.core_dir` prints (`make setup` does so for the samples).
"""

from __future__ import annotations

import json
import os
import shlex
import sys
import tempfile
import zlib
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tinypack.errors import Problem, TinypackError
from tinypack.verify.tools import Done, run

PYTHON_PACKAGES = {"platformio": "platformio", "SCons": "scons"}  # distribution -> name to install

#: No telemetry, and no look at the registry for upgrades: without a network each look takes a minute.
SETTINGS = {
    "PLATFORMIO_SETTING_ENABLE_TELEMETRY": "false",
    "PLATFORMIO_DISABLE_UPGRADE_CHECK": "true",
    "PLATFORMIO_DISABLE_PROGRESSBAR": "true",
}

EMULATOR = Path(__file__).parents[1] / "emulator"
SCONS_SCRIPT = "import SCons.Script\n\nSCons.Script.main()\n"


def core_dir() -> Path:
    """Say where the folder is, whether or not it exists."""
    chosen = os.environ.get("TINYPACK_CORE_DIR")
    if chosen:
        return Path(chosen).expanduser().resolve()
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "tinypack" / "platformio"


def tool_scons(requirement: str) -> dict[str, str]:
    """Give the files of the stand-in package, of the lowest version that meets a requirement such as "~4.41101.0"."""
    stated = requirement.lstrip("~^>=")
    spec = {"owner": "platformio", "id": None, "name": "tool-scons", "requirements": None, "uri": None}
    manifest = {"name": "tool-scons", "version": stated, "description": "SCons of this Python", "license": "MIT"}
    return {
        "package.json": json.dumps(manifest),
        ".piopm": json.dumps({"type": "tool", "name": "tool-scons", "version": stated, "spec": spec}),
        "scons.py": SCONS_SCRIPT,
    }


def emulator_link() -> dict[str, str]:
    """Give the file that makes the emulator platform known; PlatformIO's own writing of it suits one process only."""
    uri = f"symlink://{EMULATOR}"
    spec = {"owner": None, "id": None, "name": "emulator", "requirements": None, "uri": uri}
    return {f"emulator-{zlib.crc32(uri.encode()):08x}.pio-link": json.dumps({"cwd": str(EMULATOR), "spec": spec})}


def make_core_dir() -> Path:
    """Make the folder, or bring it up to date; safe with several processes at once.

    Raises: TinypackError (missing-tool, io)
    """
    _require_packages()
    home = core_dir()
    folders = {home / "packages" / "tool-scons": tool_scons(_requirement()), home / "platforms": emulator_link()}
    try:
        for folder, files in folders.items():
            folder.mkdir(parents=True, exist_ok=True)
            for name, text in files.items():
                _write_changed(folder / name, text)
    except OSError as error:
        rule = "PlatformIO's core folder must be writable"
        hint = "set TINYPACK_CORE_DIR to another folder"
        raise TinypackError.one("io", str(error.filename or home), rule, str(error.strerror), hint) from None
    return home


def environment() -> dict[str, str]:
    """Give the variables that make PlatformIO use the folder, and leave the network alone."""
    return {"PLATFORMIO_CORE_DIR": str(core_dir()), **SETTINGS}


def pio(
    args: Sequence[str | Path],
    *,
    time_limit: float,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    stdin: bytes = b"",
) -> Done:
    """Run PlatformIO in the folder. -m imports from the current folder first, so that must not be the user's.

    Raises: TinypackError (missing-tool, io)
    """
    make_core_dir()
    argv = [sys.executable, "-m", "platformio", *args]
    return run(argv, time_limit=time_limit, cwd=cwd or core_dir(), env={**environment(), **(env or {})}, stdin=stdin)


def _require_packages() -> None:
    """Raise one problem for each Python package that is missing."""
    problems = []
    for name, install in PYTHON_PACKAGES.items():
        try:
            version(name)
        except PackageNotFoundError:
            rule, hint = "the Python package must be installed", f"{sys.executable} -m pip install {install}"
            problems.append(Problem("missing-tool", name, rule, "not found", hint))
    if problems:
        raise TinypackError(problems)


def _requirement() -> str:
    """Ask PlatformIO which version of tool-scons it wants; any other would send it to its registry."""
    dependencies = import_module("platformio.dependencies")
    return str(dependencies.get_core_dependencies()["tool-scons"])


def _write_changed(path: Path, text: str) -> None:
    """Replace a file in one step, unless it says the same already."""
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as fresh:
        fresh.write(text)
    Path(fresh.name).replace(path)


def main() -> int:
    """Make the folder and print the lines that a shell can load."""
    try:
        make_core_dir()
    except TinypackError as error:
        print(error, file=sys.stderr)
        return 1
    for name, value in environment().items():
        print(f"export {name}={shlex.quote(value)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
