"""What goes wrong, said so that the user can mend it. Imports nothing of tinypack."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

#: Every error code and what it means; docs/errors.md is generated from it.
CODES: dict[str, str] = {
    "accumulator-overflow": "A layer's weights and bias could overflow the 32-bit accumulator.",
    "bad-archive": "An archive is damaged, hostile, or not what its record says.",
    "bad-input": "A test input given to verify_package is not what the model takes.",
    "bad-manifest": "tinypack.toml breaks a rule.",
    "bad-model": "A model file is damaged, truncated, or contradicts itself.",
    "bad-quantization": "A tensor's scale or zero point can't be used.",
    "build-failed": "A compiler or build tool refused a generated package.",
    "does-not-fit": "A model needs more flash or RAM than a board has left.",
    "invalid-package": "A generated package breaks a rule of its ecosystem.",
    "io": "A file or folder can't be read or written.",
    "missing-tool": "A program that is needed is not on this machine.",
    "not-quantized": "A tensor holds floats where int8 is needed.",
    "reserved-name": "A package name would clash with a C, C++ or Arduino name.",
    "unknown-board": "A board id is not in `tinypack boards`.",
    "unknown-format": "A package format is not in `tinypack formats`.",
    "unsupported-op": "An operator, or this use of it, can't be compiled.",
    "verification-failed": "A package's output differs from the oracle's.",
}


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: its code, the place, the rule, what was found, and the remedy."""

    code: str
    where: str
    rule: str
    found: str = ""
    hint: str = ""

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise KeyError(f"error code {self.code!r} is not in tinypack.errors.CODES")

    def __str__(self) -> str:
        parts = (("rule", self.rule), ("found", self.found), ("hint", self.hint))
        lines = [f"error[{self.code}]: {self.where}"]
        for label, text in parts:
            if text:
                lines.append(f"  {label + ':':6} {text}")
        return "\n".join(lines)


class TinypackError(Exception):
    """One or more problems that the user can mend (exit code 1)."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    @classmethod
    def one(cls, code: str, where: str, rule: str, found: str = "", hint: str = "") -> TinypackError:
        """Make an error of a single problem."""
        return cls([Problem(code, where, rule, found, hint)])
