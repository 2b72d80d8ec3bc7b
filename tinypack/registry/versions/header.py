"""A package's C API, read from its header as tinypack writes it; hostile text takes time by its length, no more."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tinypack.errors import TinypackError
from tinypack.names import c_names

MOST_BYTES = 1 << 20
LONGEST = 400  # characters of a declaration; longer ones are none of ours
BLANKS = re.compile(r"\s+")
DEFINE = re.compile(r"#\s*define\s+(\w+)(?:[ \t]+(.*))?", re.ASCII)
FUNCTION = re.compile(r"([\w *]+[ *])(\w+) ?\(([^()]*)\)", re.ASCII)
METHOD = re.compile(r"([\w *]+[ *])(\w+) ?\(([^()]*)\)( const)? \{.*", re.ASCII)
MEMBER = re.compile(r"([\w *]+[ *])(\w+)(\[\w+\])?", re.ASCII)
NAMED = re.compile(r"(.*[ *])\w+", re.ASCII)
STRUCT = re.compile(r"(typedef )?struct( \w+)? \{([^{}]*)\} ?(\w*) ?;", re.ASCII)
CLASS = re.compile(r"\bclass (\w+) \{", re.ASCII)
#: Macros whose values user code relies on, behind the package's prefix; other values may change with any model.
CONTRACT = re.compile(r"(IN|OUT)PUT(_\d+)?_LEN|LABEL_COUNT|SCORE_ONE|SAMPLE_RATE|CHANNELS|IMAGE_BYTES|OK|E_\w+")


def read_api(name: str, data: bytes) -> dict[str, str]:
    """List what a package's header offers: name -> signature, type or value, "" for values that are no promise.

    Raises: TinypackError (bad-archive) if the header is too long
    """
    if len(data) > MOST_BYTES:
        rule = f"a package's header may have up to {MOST_BYTES} bytes"
        raise TinypackError.one("bad-archive", f"header of {name}", rule, f"{len(data)}")
    names = c_names(name)
    lines = _without_comments(data.decode(errors="replace").replace("\\\n", " ")).splitlines()
    plain = BLANKS.sub(" ", " ".join(line for line in lines if not line.lstrip().startswith("#")))
    functions, _, methods = _cut(plain)
    found = {**_macros(lines, names.macro), **_members(functions, names.prefix)}
    found |= _functions(STRUCT.sub(";", functions), names.prefix)
    return found | _methods(methods, names.cls)


def _without_comments(text: str) -> str:
    kept: list[str] = []
    place = 0
    while True:
        start = text.find("/*", place)
        kept.append(text[place:start] if start >= 0 else text[place:])
        end = text.find("*/", start + 2) if start >= 0 else -1
        if end < 0:
            return " ".join(kept)
        place = end + 2


def _cut(text: str) -> tuple[str, str, str]:
    """Part the C functions from the public methods of the C++ class."""
    found = CLASS.search(text)
    if found is None:
        return text, "", ""
    return text[: found.start()], found[1], text[found.end() :].partition("private:")[0]


def _macros(lines: list[str], macro: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in lines:
        define = DEFINE.match(line.strip()[:LONGEST])
        if define and define[1].startswith(f"{macro}_") and define[1] != f"{macro}_H":
            promised = CONTRACT.fullmatch(define[1].removeprefix(f"{macro}_"))
            found[define[1]] = (define[2] or "").strip() if promised else ""
    return found


def _members(text: str, prefix: str) -> dict[str, str]:
    """List members of the structs without a name of their own: results. The state's are nobody's business."""
    found: dict[str, str] = {}
    for struct in STRUCT.finditer(text):
        if struct[1] and not struct[2] and struct[4].startswith(f"{prefix}_"):
            for statement in _statements(struct[3]):
                member = MEMBER.fullmatch(statement)
                if member:
                    found[f"{struct[4]}.{member[2]}"] = member[1].strip() + (member[3] or "")
    return found


def _functions(text: str, prefix: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for statement in _statements(text):
        function = FUNCTION.fullmatch(statement.removeprefix('extern "C" { ').removeprefix("} "))
        if function and function[2].startswith(f"{prefix}_"):
            found[f"{function[2]}()"] = _signature(function[1], function[3])
    return found


def _methods(text: str, cls: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for piece in text.removeprefix(" public:").split("}"):
        method = METHOD.fullmatch(piece.strip()) if len(piece) < LONGEST else None
        if method:
            found[f"{cls}::{method[2]}()"] = _signature(method[1], method[3]) + (method[4] or "")
    return found


def _statements(text: str) -> Iterator[str]:
    return (statement.strip() for statement in text.split(";") if len(statement) < LONGEST)


def _signature(returned: str, arguments: str) -> str:
    """Write types alone: names of parameters are no part of the API."""
    types = [argument.strip() for argument in arguments.split(",")]
    return f"{returned.strip()} ({', '.join(_type(text) for text in types)})"


def _type(argument: str) -> str:
    named = NAMED.fullmatch(argument)
    return (named[1] if named else argument).strip()
