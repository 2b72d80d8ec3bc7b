"""What goes wrong, said so that the user can mend it. Imports nothing of tinypack."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

#: Every error code, what it means, and the remedy where a problem names none; docs/errors.md is generated from it.
CODES: dict[str, tuple[str, str]] = {
    "bad-archive": (
        "An archive is damaged, hostile, or not what its record says.",
        "build it or download it again",
    ),
    "bad-input": (
        "A test input given to verify_package is not what the model takes.",
        "`tinypack inspect` shows each input's shape and type",
    ),
    "bad-lockfile": (
        "A lockfile can't be used.",
        "take it from version control, or delete it and install anew",
    ),
    "bad-manifest": (
        "tinypack.toml breaks a rule.",
        "docs/manifest.md describes every key",
    ),
    "bad-model": (
        "A model file is damaged, truncated, or contradicts itself.",
        "convert the model or download it again",
    ),
    "bad-quantization": (
        "A tensor's scale or zero point can't be used.",
        "quantise the model again, with real inputs as the representative dataset",
    ),
    "bad-recording": (
        "A recording can't be read, or is not what the package takes.",
        "docs/replay.md says what recordings may be",
    ),
    "bad-registry": (
        "A registry's file is damaged, or not what its metadata say.",
        "try again later; if it stays so, tell whoever runs the registry: `tinypack registry check` audits it",
    ),
    "bad-step": (
        "A version is raised by less than what changed.",
        "`tinypack bump` sets the least version that does; `tinypack diff` shows what changed",
    ),
    "build-failed": (
        "A compiler or build tool refused a generated package.",
        "`tinypack doctor` shows whether the tools are complete",
    ),
    "busy": (
        "Another writer holds a registry.",
        "try again in a minute",
    ),
    "does-not-fit": (
        "A model needs more flash or RAM than a board has left.",
        "choose a larger board (`tinypack inspect` lists those that it fits) or a smaller model",
    ),
    "expired": (
        "A registry's metadata are older than it promises; a registry that is held back looks the same.",
        "whoever runs the registry renews them: `tinypack registry sign`; what a lockfile names still installs",
    ),
    "invalid-package": (
        "A generated package breaks a rule of its ecosystem.",
        "mend what the rule names in tinypack.toml; if it is not from there, report a bug of tinypack",
    ),
    "io": (
        "A file or folder can't be read or written.",
        "check the path and who may use it",
    ),
    "missing-key": (
        "A key that must sign is not at hand.",
        "`tinypack registry key` shows which keys there are; docs/registry-keys.md says where they lie",
    ),
    "missing-tool": (
        "A program that is needed is not on this machine.",
        "`tinypack doctor` shows what lacks, `tinypack doctor --fix` gets it",
    ),
    "no-package": (
        "A registry has no such package, or no version of it that may be used.",
        "`tinypack search` and `tinypack versions NAME` show what there is",
    ),
    "not-owner": (
        "A key signs for a package that belongs to others.",
        "sign with a key of the package's owners, or choose another name",
    ),
    "not-quantized": (
        "A tensor holds floats where int8 is needed.",
        "quantise the whole model to int8 after training: set the converter's representative_dataset, and its "
        "target_spec.supported_ops to TFLITE_BUILTINS_INT8",
    ),
    "refused": (
        "A package breaks a rule for what gets into a registry.",
        "docs/publishing.md has all rules",
    ),
    "reserved-name": (
        "A package name would clash with a C, C++ or Arduino name.",
        "choose another name",
    ),
    "run-failed": (
        "A program did not run to its end, or gave a wrong answer.",
        "its own message says why; see docs/replay.md for recordings, docs/profile.md for measurements",
    ),
    "too-slow": (
        "A board can't compute features and inferences as fast as samples come.",
        "choose a faster board, or more hops between inferences ([decision] every); see docs/real-time.md",
    ),
    "unknown-board": (
        "A board id is not in `tinypack boards`.",
        "`tinypack boards` lists them",
    ),
    "unknown-format": (
        "A package format is not in `tinypack formats`.",
        "`tinypack formats` lists them",
    ),
    "unreachable": (
        "A registry can't be reached.",
        "check the address and the network; `--offline` uses what was fetched before",
    ),
    "unsupported-op": (
        "An operator, or this use of it, can't be compiled.",
        "docs/operators.md says what is supported; `tinypack operators` lists it",
    ),
    "untrusted": (
        "A signature, version or hash of a registry's file is wrong: it was changed on its way, or at its source.",
        "install nothing from it; tell whoever runs the registry",
    ),
}


#: Secrets in addresses: a password; on the web a user, too, who may be a token.
SECRET = re.compile(r"(?P<web>\bhttps?://)[^/\s?#]*@|(?P<other>\b[\w+.-]+://[^/\s?#:@]*):[^/\s?#]*@")
#: Letters that steer a terminal, turn what follows around, or can't be written.
UNSEEN = re.compile("[^\t\n\x20-\x7e\xa0-\u2027\u2030-\u2065\u2070-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def without_secrets(text: str) -> str:
    """Leave passwords and tokens out of addresses in a text."""
    return SECRET.sub(lambda found: found["web"] or f"{found['other']}@", text)


def visible(text: str) -> str:
    """Write out what a terminal would not show, but do."""
    return UNSEEN.sub(lambda found: ascii(found[0])[1:-1], text)


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: its code, the place, the rule, what was found, and the remedy (default: the code's)."""

    code: str
    where: str
    rule: str
    found: str = ""
    hint: str = ""

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise KeyError(f"error code {self.code!r} is not in tinypack.errors.CODES")
        for name in ("where", "rule", "found", "hint"):
            object.__setattr__(self, name, without_secrets(getattr(self, name)))
        if not self.hint:
            object.__setattr__(self, "hint", CODES[self.code][1])

    def __str__(self) -> str:
        parts = (("rule", self.rule), ("found", self.found), ("hint", self.hint))
        lines = [f"error[{self.code}]: {self.where}"]
        for label, text in parts:
            if text:
                lines.append(f"  {label + ':':6} {text}")
        return visible("\n".join(lines))


class TinypackError(Exception):
    """One or more problems that the user can mend (exit code 1)."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    @classmethod
    def one(cls, code: str, where: str, rule: str, found: str = "", hint: str = "") -> TinypackError:
        """Make an error of a single problem."""
        return cls([Problem(code, where, rule, found, hint)])
