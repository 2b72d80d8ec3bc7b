"""What a build that failed has to say: the first error, not the talk around it."""

from __future__ import annotations

import re

from tinypack.errors import TinypackError
from tinypack.verify.tools import Done

LINES = 12
#: A compiler's, linker's or build tool's error; not what only follows from one, such as "ld returned 1" or "Error 2".
ERROR = re.compile(r"\b[Ee]rror(: (?!ld returned)| (?!\d))|undefined reference")
OVERFLOW = re.compile(r"region `(\w+)' overflowed by (\d+) bytes")


def build_error(done: Done, where: str, rule: str) -> TinypackError:
    """Make the error of a failed build: does-not-fit if all that lacks is memory for the linker, else build-failed."""
    errors, talk = ([line for line in text.splitlines() if line.strip()] for text in (done.error_text, done.text))
    said = _from_first_error(errors) or _from_first_error(talk)
    lacking = {region: int(count) for region, count in reversed(OVERFLOW.findall(done.error_text))}
    if lacking and not said:
        found = " and ".join(f"{count:,} B of {region}" for region, count in sorted(lacking.items()))
        return TinypackError.one("does-not-fit", where, "the whole self-test must fit", f"it lacks {found}")
    ended = f"no end within {done.seconds:.0f} s" if done.timed_out else f"exit {done.code}"
    found = "\n".join(said[:LINES] or [*errors, *talk][-LINES:]) or ended
    return TinypackError.one("build-failed", where, rule, found)


def _from_first_error(lines: list[str]) -> list[str]:
    first = next((i for i, line in enumerate(lines) if ERROR.search(line)), len(lines))
    return lines[first:]
