"""Packages of a tinypack registry for a PlatformIO project. Written by `tinypack lock --platformio-script`.

In platformio.ini:

    [env:...]
    extra_scripts = pre:tinypack_deps.py
    custom_tinypack_registry = https://...
    custom_tinypack_deps =
        door-guard@^1.2
        ../my_model            ; a local project, built anew when a file of it changed

What was resolved stands in tinypack.lock (custom_tinypack_lockfile), which belongs into version control; hashes are
checked, and a wrong one fails the build. custom_tinypack_command names the command where it is not on the PATH.
"""

import importlib.util
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

Import("env")  # noqa: F821

INSTALLED = Path(".pio", "tinypack")


def option(name, default=""):
    return env.GetProjectOption("custom_tinypack_" + name, default).strip()  # noqa: F821


def command():
    given = option("command")
    if given:
        return shlex.split(given)
    if importlib.util.find_spec("tinypack"):
        return [sys.executable, "-c", "from tinypack.cli import main; main()"]
    found = shutil.which("tinypack")
    if not found:
        sys.stderr.write("tinypack_deps.py: `pip install tinypack`, or set custom_tinypack_command\n")
        env.Exit(1)  # noqa: F821
    return [found]


def dependencies():
    lines = (line.partition(" ;")[0].strip() for line in option("deps").splitlines())
    return [line for line in lines if line]


def install(wanted):
    project = env["PROJECT_DIR"]  # noqa: F821
    into = INSTALLED / env["PIOENV"]  # noqa: F821
    # Nothing below .pio is anyone's own work, so --force puts right what was changed there.
    words = ["install", "--to", "platformio", "--into", str(into), "--force", "--quiet"]
    words += ["--lockfile", option("lockfile", "tinypack.lock")]
    if option("registry"):
        words += ["--registry", option("registry")]
    if subprocess.call(command() + words + ["--"] + wanted, cwd=project) != 0:
        env.Exit(1)  # noqa: F821
    env.Append(LIBSOURCE_DIRS=[str(Path(project, into))])  # noqa: F821


if dependencies():
    install(dependencies())
