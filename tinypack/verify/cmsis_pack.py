"""Builds the self-test template of a CMSIS-Pack with CMake, from the files that the pack's own description lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from tinypack.formats.rules.cmsis_pack import Pack
from tinypack.package import Artifact
from tinypack.verify.cmake import PACKAGE, build_lists, unpack
from tinypack.verify.workfolder import write_changed

BUILT_BY = "CMake, from the files that the .pdsc lists"
TARGET = "selftest"
USER = "user"  # templates are copied into the user's project

LISTS = """\
add_executable({target} {sources})
target_include_directories({target} PRIVATE {folders})
"""


def build(artifact: Artifact, board: str, folder: Path, variants: Mapping[str, Sequence[str]]) -> dict[str, Path]:
    """Build the pack's component and template in each variant, a name with its defines; give the ELF of each.

    Raises: TinypackError (build-failed, does-not-fit, missing-tool)
    """
    files = unpack(artifact, folder)
    pack = Pack.of(files)
    templates = {f"{USER}/{PurePosixPath(path).name}": files[path] for path in _names(pack, "template")}
    for path, data in templates.items():
        write_changed(folder / path, data)
    sources = [f"{PACKAGE}/{path}" for path in _names(pack, None, "source")]
    sources += [path for path in templates if path.endswith(".c")]
    folders = {f"{PACKAGE}/{PurePosixPath(path).parent}" for path in _names(pack, None, "header")}
    lists = LISTS.format(target=TARGET, sources=_words(sources), folders=_words(sorted({*folders, USER})))
    return build_lists(TARGET, lists, artifact.filename, board, folder, variants)


def _names(pack: Pack, attr: str | None, category: str | None = None) -> list[str]:
    """Give the files of an attribute and, if one is given, of a category."""
    return [
        file.get("name", "")
        for file in pack.named()
        if file.get("attr") == attr and category in (None, file.get("category"))
    ]


def _words(paths: Iterable[str]) -> str:
    return " ".join(f'"{path}"' for path in paths)
