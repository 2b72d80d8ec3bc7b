"""Publish the wake word sample, which is verified already, into a new registry; find it there and install it.

All is written below dist/registry-demo: registry with web pages, keys, cache, an Arduino library, a lockfile.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import click

HOME = Path(__file__).parents[1]
DEMO = HOME / "dist" / "registry-demo"
TINYPACK = Path(sys.executable).with_name("tinypack")
COMMANDS = (
    "registry init --registry registry",
    f"publish {HOME / 'sample_projects' / 'wake_word'} --registry registry --include-source --yes --quiet",
    "search hears --registry registry",
    "install wake-word@^1.0 --registry registry --to arduino --into libraries",
    "audit",
    "registry check --registry registry --quiet",
    "registry site --registry registry --quiet",
)


def main() -> int:
    shutil.rmtree(DEMO, ignore_errors=True)
    DEMO.mkdir(parents=True)
    own = {"TINYPACK_KEYS": str(DEMO / "keys"), "TINYPACK_CACHE": str(DEMO / "cache")}
    for command in COMMANDS:
        click.secho(f"\n$ tinypack {command}", bold=True)
        done = subprocess.run([TINYPACK, *command.split()], cwd=DEMO, env={**os.environ, **own}, check=False)
        if done.returncode:
            return done.returncode
    click.echo(f"\nIts web pages: tinypack registry serve {DEMO.relative_to(HOME) / 'registry'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
