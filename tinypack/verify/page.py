"""The results as one HTML page: formats by boards for each package. The same results give the same bytes: no times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tinypack import __version__
from tinypack.templates_location import environment
from tinypack.verify.bars import Chart, chart
from tinypack.verify.report import Attestation, Result, Status, by_reason, count, printable, tally

TEMPLATE = "report/verification.html.j2"
#: Status -> sign and word.
SIGNS: Mapping[str, str] = {
    "passed": "✓ passed",
    "failed": "✗ failed",
    "compiled": "○ only compiled",
    "not-run": "– not run",
}
#: What is measured: field of Result -> its name in a cell.
FIGURES = {
    "flash_bytes": "flash",
    "object_bytes": "objects",
    "ram_bytes": "RAM",
    "stack_bytes": "stack",
    "instructions": "instr.",
}
FIGURES |= {"frame_instructions": "a frame"}
#: What is drawn: field of Result -> title.
DRAWN = {"instructions": "Instructions", "flash_bytes": "Flash, bytes"}


@dataclass(frozen=True)
class Cell:
    status: Status
    sign: str
    figures: Mapping[str, str]
    about: str


@dataclass(frozen=True)
class Row:
    format: str
    built_by: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Section:
    """One package."""

    anchor: str
    attestation: Attestation
    sign: str
    counts: Mapping[Status, int]
    vectors: int
    boards: Sequence[str]
    rows: Sequence[Row]
    charts: Sequence[Chart]
    not_run: Mapping[str, str]
    failures: Sequence[Result]


def html_page(attestations: Sequence[Attestation]) -> str:
    """Write the page: self-contained, for light and dark screens and for paper."""
    results = [result for attestation in attestations for result in attestation.results]
    ran: dict[str, dict[tuple[str, str], None]] = {}
    for result in results:
        if result.compiler:
            ran.setdefault(result.board, {})[result.machine, result.compiler] = None
    jinja = environment().overlay(autoescape=True, finalize=_written)
    return jinja.get_template(TEMPLATE).render(
        tinypack=__version__,
        tally=tally(results),
        sections=[_section(f"package-{i}", attestation) for i, attestation in enumerate(attestations, 1)],
        ran=ran,
    )


def _section(anchor: str, attestation: Attestation) -> Section:
    results = attestation.results
    at = {(result.format, result.board): result for result in results}
    boards = list(dict.fromkeys(result.board for result in results))
    rows = []
    for format in dict.fromkeys(result.format for result in results):
        row = [at[format, board] for board in boards]
        rows.append(Row(format, next((r.built_by for r in row if r.built_by), ""), [_cell(result) for result in row]))
    return Section(
        anchor=anchor,
        attestation=attestation,
        sign=SIGNS[attestation.status],
        counts=count(results),
        vectors=max((result.vectors for result in results), default=0),
        boards=boards,
        rows=rows,
        charts=[drawn for field, title in DRAWN.items() if (drawn := _chart(title, field, results)).bars],
        not_run=by_reason(results),
        failures=[result for result in results if result.status == "failed"],
    )


def _cell(result: Result) -> Cell:
    measured = {name: getattr(result, field) for field, name in FIGURES.items()}
    figures = {name: f"{value:,}" for name, value in measured.items() if value is not None}
    about = "\n".join(text for text in (result.machine, result.compiler, result.flags) if text)
    return Cell(result.status, SIGNS[result.status], figures, about)


def _chart(title: str, field: str, results: Iterable[Result]) -> Chart:
    """Draw what passed, and only that: figures of wrong answers would be compared with right ones."""
    measured: dict[str, list[int]] = {}
    for result in results:
        value = getattr(result, field)
        if result.status == "passed" and value is not None:
            measured.setdefault(result.board, []).append(value)
    return chart(title, measured)


def _written(value: object) -> object:
    return printable(value) if isinstance(value, str) else value
