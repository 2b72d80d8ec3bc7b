"""Builds the self-test of an Arduino or PlatformIO archive with PlatformIO, for native and emulated boards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tinypack.formats.unpack import read_archive
from tinypack.package import Artifact
from tinypack.verify.complaint import build_error
from tinypack.verify.core_dir import EMULATOR, pio
from tinypack.verify.workfolder import write_changed

TIME_LIMIT = 600  # seconds
SELF_TEST = "SelfTest"
ENVIRONMENT = """
[env:{name}]
platform = symlink://{platform}
board = {board}
framework = arduino
lib_deps = file://{archive}
build_flags = {flags}
"""


def build(
    artifact: Artifact,
    board: str,
    folder: Path,
    variants: Mapping[str, Sequence[str]],
    example: str = SELF_TEST,
) -> dict[str, Path]:
    """Build an example of the archive in each variant, a name with its defines; give the ELF of each.

    Raises: TinypackError (build-failed, does-not-fit)
    """
    archive = folder / artifact.filename
    write_changed(archive, artifact.data)
    for path, data in read_archive(artifact.data, artifact.filename).items():
        _, found, name = path.partition(f"examples/{example}/")
        if found:
            write_changed(folder / "src" / name, data)
    paths = {"platform": _literal(EMULATOR), "archive": _literal(archive)}
    text = "".join(
        ENVIRONMENT.format(name=name, board=board, flags=" ".join(f"-D{d}" for d in defines), **paths)
        for name, defines in variants.items()
    )
    write_changed(folder / "platformio.ini", text.encode())
    done = pio(["run", "--silent", "-d", folder], time_limit=TIME_LIMIT)
    if not done.ok:
        raise build_error(done, f"{artifact.filename} on {board}", "PlatformIO must build it")
    return {name: folder / ".pio" / "build" / name / "firmware.elf" for name in variants}


def _literal(path: Path) -> str:
    """Write a path for platformio.ini, where % begins a reference."""
    return str(path).replace("%", "%%")
