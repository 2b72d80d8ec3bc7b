"""Runs a package's own C on this machine: a small program around it, built by the host's compiler."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tinypack.errors import TinypackError
from tinypack.names import c_names
from tinypack.templates_location import environment
from tinypack.verify.complaint import build_error
from tinypack.verify.tools import require, run

COMPILE_LIMIT = RUN_LIMIT = 600.0  # seconds
FLAGS = ("-std=c99", "-O2", "-w")


@contextmanager
def built(name: str, sources: Mapping[str, bytes], template: str, ctype: str, quantise: bool) -> Iterator[Path]:
    """Build a program of a package's sources and a template of `templates/accuracy`; give its path.

    `ctype` is what it reads from its standard input; to `quantise` it is real numbers, which the package rounds itself.
    Raises: TinypackError (missing-tool, build-failed)
    """
    compiler = require("gcc", "gcc")
    text = (
        environment()
        .get_template(f"accuracy/{template}.c.j2")
        .render(names=c_names(name), ctype=ctype, quantise=quantise)
    )
    with tempfile.TemporaryDirectory(prefix="tinypack-") as folder:
        home = Path(folder)
        program, main, code = home / "program", home / "main.c", home / "src"
        main.write_bytes(text.encode())
        for path, data in sources.items():
            (code / path).parent.mkdir(parents=True, exist_ok=True)
            (code / path).write_bytes(data)
        files = [code / path for path in sources if path.endswith(".c")]
        argv: list[str | Path] = [compiler, *FLAGS, "-I", code, "-o", program, main, *files, "-lm"]
        done = run(argv, time_limit=COMPILE_LIMIT)
        if not done.ok:
            raise build_error(done, name, "the host's compiler must build it")
        yield program


def answers(program: Path, name: str, data: bytes) -> bytes:
    """Give what the program makes of its standard input.

    Raises: TinypackError (run-failed)
    """
    done = run([program], time_limit=RUN_LIMIT, stdin=data)
    if not done.ok:
        found = f"no end within {RUN_LIMIT:g} s" if done.timed_out else f"exit code {done.code}"
        raise TinypackError.one("run-failed", name, "the package must run on this machine", found)
    return done.stdout
