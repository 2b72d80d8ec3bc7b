"""Numbers, tables and comments as C text."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np

PER_LINE = 24


def number(value: int | float) -> str:
    """Write a number as a C99 and C++11 literal: its type holds it, whatever `int` is; float32 for float."""
    if isinstance(value, float | np.floating):
        text = str(np.float32(value))
        return f"{text}f" if "." in text or "e" in text else f"{text}.0f"
    value = int(value)
    # The least numbers are negations of ones that are too large for their type.
    if value in (-(2**31), -(2**63)):
        return f"({number(value + 1)} - 1)"
    return f"{value}{'u' * (value >= 2**31)}{'ll' * (not -(2**31) <= value < 2**32)}"


def array(ctype: str, name: str, values: np.ndarray, attribute: str = "") -> str:
    """Define a constant array. `attribute` stands after its name."""
    flat = values.reshape(-1).tolist()
    texts = [str(v) for v in flat] if ctype == "int8_t" else [number(v) for v in flat]
    rows = (", ".join(texts[i : i + PER_LINE]) for i in range(0, len(texts), PER_LINE))
    body = ",\n  ".join(rows)
    return f"static const {ctype} {name}[{len(texts)}]{attribute} = {{\n  {body}\n}};"


def comment(text: str) -> str:
    """Make untrusted text safe inside a C comment: printable ASCII, no way out of it."""
    clean = "".join(ch if " " <= ch <= "~" else "?" for ch in text).replace("\\", "/")
    # No end, no second beginning, no trigraph.
    return re.sub(r"\*(?=/)|/(?=\*)|\?(?=\?)", r"\g<0> ", clean)


def string(text: str) -> str:
    """Write a C string literal; UTF-8 bytes beyond ASCII and trigraphs are escaped in octal."""
    out = []
    for byte in text.encode():
        plain = 32 <= byte < 127 and chr(byte) not in '"\\?'
        out.append(chr(byte) if plain else f"\\{byte:03o}")
    return '"' + "".join(out) + '"'


def shape(dims: Iterable[int]) -> str:
    return "[" + ",".join(str(d) for d in dims) + "]"
