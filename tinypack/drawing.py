"""What every picture that is written to a file has in common."""

from __future__ import annotations

from collections.abc import Container, Iterable
from importlib.util import find_spec
from pathlib import Path

from tinypack.errors import TinypackError


def check_drawing(path: Path, what: str, endings: Iterable[str], plain: Container[str] = ()) -> None:
    """Find out whether something could be drawn there, before the work that it takes.

    `plain` are endings that need no matplotlib.
    Raises: TinypackError (io) for another ending, (missing-tool) without matplotlib where it draws
    """
    known, ending = list(endings), path.suffix.lower()
    if ending not in known:
        rule = f"{what}'s file must end in {', '.join(known)}"
        raise TinypackError.one("io", str(path), rule, path.suffix or "no ending", "choose one of these endings")
    if ending not in plain and find_spec("matplotlib") is None:
        others = "".join(f", or write {other}" for other in known if other in plain)
        rule, hint = f"{what} is drawn by matplotlib", f"pip install 'tinypack[draw]'{others}"
        raise TinypackError.one("missing-tool", str(path), rule, "matplotlib is not installed", hint)
