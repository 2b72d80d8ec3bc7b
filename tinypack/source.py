"""A project as an archive: what it takes to build its package again, and nothing else of the folder it lies in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePath

from tinypack.errors import Problem, TinypackError
from tinypack.formats.archive import make_tar_gz
from tinypack.formats.unpack import MOST_BYTES, read_archive
from tinypack.manifest import FILENAME, Manifest, Project, load_project
from tinypack.options import Section
from tinypack.output import write_tree
from tinypack.package import Artifact

FORMAT = "source"
#: Taken along where they are there.
BESIDE = ("README.md", "LICENSE", "LICENSE.md", "LICENSE.txt")


def source_archive(project: Project) -> Artifact:
    """Pack a project: tinypack.toml, model, the files that the manifest names, README and licence.

    The same files give the same bytes, whatever else lies beside them.
    Raises: TinypackError (bad-manifest without tinypack.toml; io, with every file that can't be read; bad-archive)
    """
    if project.manifest_path == project.model_path:
        rule = f"a project whose source is published must have a {FILENAME}"
        raise TinypackError.one("bad-manifest", str(project.root), rule, "a model alone", "`tinypack init` writes one")
    wanted = {FILENAME: project.manifest_path}
    wanted |= {PurePath(name).as_posix(): project.root / name for name in named_files(project.manifest)}
    wanted |= {name: project.root / name for name in BESIDE if (project.root / name).is_file()}
    package = project.manifest.package
    files = {f"{package.name}/{name}": data for name, data in _read(wanted).items()}
    filename = f"{package.name}-{package.version}-{FORMAT}.tar.gz"
    try:
        data = make_tar_gz(files)
    except ValueError as error:  # tar's header is too short for a name
        rule, hint = "paths in a project whose source is published must be short", "rename files or folders"
        raise TinypackError.one("bad-archive", filename, rule, str(error), hint) from None
    read_archive(data, filename)
    return Artifact(FORMAT, filename, data, hashlib.sha256(data).hexdigest())


def named_files(manifest: Manifest) -> Iterator[str]:
    """Give the files that a manifest names, as it does."""
    yield from _file_keys(manifest)
    if manifest.card.recording is not None:
        yield manifest.card.recording


def _file_keys(section: Section) -> Iterator[str]:
    """Give what the keys `file` of a section and of those in it say."""
    for key in type(section).model_fields:
        value = getattr(section, key)
        if isinstance(value, Section):
            yield from _file_keys(value)
        elif key == "file" and value is not None:
            yield value


def unpack_source(data: bytes, filename: str, folder: Path) -> Project:
    """Unpack a project's source, which may be hostile, into a folder that is not there yet, and load it.

    Raises: TinypackError (bad-archive, bad-manifest, io)
    """
    files = read_archive(data, filename)
    tops = {path.partition("/")[0] for path in files}
    if len(tops) != 1 or f"{min(tops)}/{FILENAME}" not in files:
        rule = f"the source of a project must be one folder with a {FILENAME}"
        raise TinypackError.one("bad-archive", filename, rule, ", ".join(sorted(files)[:3]) or "nothing")
    write_tree(folder, {path.partition("/")[2]: data for path, data in files.items()})
    return load_project(folder)


def _read(paths: Mapping[str, Path]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    problems: list[Problem] = []
    for name, path in paths.items():
        try:
            if path.exists() and not path.is_file():
                raise OSError("it is no regular file")
            with path.open("rb") as file:
                files[name] = file.read(MOST_BYTES + 1)
        except OSError as error:
            rule = "a file that is published with the source must be readable"
            problems.append(Problem("io", str(path), rule, str(error.strerror or error)))
    if problems:
        raise TinypackError(problems)
    return files
