"""The command line: parse, call, print. A command's module is imported when the command runs."""

from __future__ import annotations

import sys
import tempfile
import traceback
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import click

from tinypack import __version__
from tinypack.cli.lazy import LazyGroup
from tinypack.errors import TinypackError, without_secrets

INTERRUPTED = 130  # exit code, as shells give it for Ctrl-C
#: Heading -> command -> what `--help` says of it; the module tinypack.cli.<command>_command defines `command`.
COMMANDS = {
    "From a model to packages": {
        "init": "Write a commented tinypack.toml for a model.",
        "inspect": "Show layers, memory, and the boards that a model fits.",
        "build": "Build a project's packages.",
        "verify": "Run packages' self-tests; compare every node with TensorFlow Lite Micro.",
        "profile": "Count an inference's instructions, flash and RAM on emulated boards.",
        "replay": "Give recordings to a package with features, in Python and on boards.",
        "diff": "Compare two packages, and name the least step of the version.",
        "bump": "Raise a project's version as far as what changed asks for.",
    },
    "Into a registry": {
        "publish": "Publish packages.",
        "yank": "Hide a published version from resolution, or show it again.",
        "attest": "Add an attestation to a published version.",
        "registry": "Run a registry: start it, its keys, merge, sign, check, pages.",
        "export": "Write its packages for other tools: Git, indexes, west.yml.",
    },
    "Out of a registry": {
        "search": "Find packages.",
        "info": "Show a package: boards, versions, how to install it.",
        "versions": "List the versions of a package.",
        "install": "Install packages for Arduino, PlatformIO, Zephyr or CMake.",
        "update": "Bring them to the highest versions within their ranges.",
        "lock": "Write tinypack.lock, and tinypack.lock.ini for PlatformIO.",
        "tree": "Show what a project has installed, and what is newer.",
        "audit": "Check installed packages against their archives and the registry.",
    },
    "Beside": {
        "doctor": "Show which tools this machine has, and get those that lack.",
        "boards": "List the boards.",
        "formats": "List the package formats.",
        "operators": "List the operators that can be compiled.",
        "arduino-boards": "Put the emulated boards into an Arduino sketchbook.",
        "schema": "Print the JSON Schema of tinypack.toml, for editors.",
        "completion": "Print the shell's completion script.",
    },
}


class _Commands(LazyGroup):
    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("interrupted", err=True)
            ctx.exit(INTERRUPTED)


@click.command(cls=_Commands, sections=COMMANDS, module="tinypack.cli.{}_command")
@click.version_option(__version__, prog_name="tinypack")
def tinypack() -> None:
    """Make verified microcontroller libraries of quantised models.

    PROJECT is a folder with tinypack.toml, that file, or a bare .tflite.
    """


def main() -> None:
    """Run the command line. Exit codes: 1 the user can mend it, 2 usage, 3 a bug of tinypack, 130 Ctrl-C."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # rather a ? than no answer where the encoding lacks a letter
            stream.reconfigure(errors="replace")
    try:
        tinypack(prog_name="tinypack")
    except TinypackError as error:
        from tinypack.cli.show import show_problems

        show_problems(error)
        sys.exit(1)
    except BrokenPipeError:
        sys.exit(1)
    except Exception:
        text = f"tinypack {__version__}, Python {sys.version}\n{sys.argv}\n\n{traceback.format_exc()}"
        with tempfile.NamedTemporaryFile(prefix="tinypack-", suffix=".log", delete=False) as log:
            log.write(without_secrets(text).encode(errors="backslashreplace"))
        click.echo(f"This is a bug of tinypack. Please report it with {Path(log.name)}", err=True)
        sys.exit(3)
