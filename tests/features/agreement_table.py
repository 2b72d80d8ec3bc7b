"""Prints how well the fixed-point features agree with each library, as docs/features/audio.md has it.

python -m tests.features.agreement_table
"""

from __future__ import annotations

from collections.abc import Sequence

from tests.features.agreement import PRESETS, Key, agreement, fixed_point, quantised, reference
from tests.features.audio_signals import RECORDINGS, SYNTHETIC, signal
from tests.features.libraries import DOUBLE, LIBRARIES, Library

HEAD = """\
| extractor | preset | compared with | recordings | most off | synthetic | most off | on average off |
|---|---|---|---:|---:|---:|---:|---:|"""


def main() -> None:
    print(HEAD)
    for key in PRESETS:
        if key in LIBRARIES:
            print(_row(key, "the library", LIBRARIES[key]))
        if key in DOUBLE:
            print(_row(key, "the library in float64", DOUBLE[key]))
        print(_row(key, "float64 restatement", None))


def _row(key: Key, what: str, library: Library | None) -> str:
    def part(names: Sequence[str]) -> tuple[str, float]:
        found = [
            agreement(
                fixed_point(key, name), quantised(key, library(signal(name)) if library else reference(key, name))
            )
            for name in names
        ]
        cells = f"{min(f.equal for f in found):.2%} | {max(f.most_off for f in found)}"
        return cells, max(f.mean_off for f in found)

    (recordings, one), (synthetic, other) = part(RECORDINGS), part(tuple(SYNTHETIC))
    return f"| {' | '.join(key)} | {what} | {recordings} | {synthetic} | {max(one, other):.4f} |"


if __name__ == "__main__":
    main()
