"""What the page of a package shows: contexts of its template, of an index and what the shown version's files say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup
from semver import Version

from tinypack.boards import load_boards
from tinypack.registry.entries import Attested, BoardResult, Release
from tinypack.registry.package_index import Line, PackageIndex
from tinypack.registry.site.beside import Beside
from tinypack.registry.site.charts import MOST_LINES, MOST_VERSIONS, Bars, LineChart, over_boards, over_versions
from tinypack.registry.site.readme import readme_html
from tinypack.registry.site.text import attestation_link, file_link, web_url
from tinypack.registry.site.timeline import Timeline
from tinypack.registry.snippets import Snippet, snippets

#: Stands for the registry's address in what is written; pages put their own in its place.
ANYWHERE = "https://registry.invalid"
HASH_DIGITS = 12
#: Status -> sign before the word, so that colour says nothing alone.
SIGNS = {"verified": "✓", "compiled": "○", "failed": "✗", "untested": "–"}
#: Keys of a record's card, in the order shown -> headings.
CARD = {
    "intended_use": "Intended use",
    "out_of_scope": "Not for",
    "architecture": "Architecture",
    "accuracy": "Accuracy",
    "training_data": "Training data",
    "evaluation_data": "Evaluation data",
    "limitations": "Limitations",
    "ethics": "Ethics",
    "reference": "Reference",
}


@dataclass(frozen=True)
class Badge:
    """A status of a whole version, and its words."""

    status: str
    text: str


@dataclass(frozen=True)
class Code:
    """A snippet, cut where the registry's address stands."""

    title: str
    parts: Sequence[str]


@dataclass(frozen=True)
class Way:
    """An ecosystem and what to copy for it."""

    anchor: str
    name: str
    codes: Sequence[Code]


@dataclass(frozen=True)
class Download:
    """A file of a version; without a link if it does not lie where such files lie."""

    format: str
    filename: str
    link: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Ran:
    """A board and what is best known of it, with the attestation that says so."""

    result: BoardResult
    sign: str
    how: str  # what answers were compared with, if that is less than every node's
    by: str
    made: str
    link: str


@dataclass(frozen=True)
class Published:
    """A version in the table of all."""

    release: Release
    yanked: str
    badge: Badge
    downloads: Sequence[Download]
    attestations: Sequence[tuple[Attested, str]]
    hash_digits: int = HASH_DIGITS


@dataclass(frozen=True)
class PackagePage:
    """All that the template shows."""

    release: Release
    yanked: str
    badge: Badge
    repository: str
    ways: Sequence[Way]
    boards: Sequence[Ran]
    untested: Sequence[str]
    lines: Sequence[LineChart]
    bars: Sequence[Bars]
    card: Mapping[str, str]
    features: Mapping[str, str]
    decision: Mapping[str, str]
    operators: Sequence[str]
    unreadable: Sequence[str]
    timeline: Timeline | None
    readme: Markup
    versions: Sequence[Published]


def in_order(index: PackageIndex) -> list[Line]:
    """Give the versions that have a number, the highest first."""
    good = [line for line in index.lines if Version.is_valid(line.version)]
    return sorted(good, key=lambda line: Version.parse(line.version), reverse=True)


def shown_line(lines: Sequence[Line]) -> Line | None:
    """Give the version that a page is about: the one that stands for the package, else the highest."""
    return PackageIndex(name="", lines=list(lines)).shown or (lines[0] if lines else None)


def package_page(lines: Sequence[Line], line: Line, beside: Beside, base_url: str) -> PackagePage:
    """Say what the page of a package shows; lines: all versions, the highest first; line: the one it is about."""
    release, boards = line.release.body, line.boards
    ran = [_ran(line, boards[name]) for name in sorted(boards) if boards[name].status != "untested"]
    tried = {each.result.board for each in ran}
    return PackagePage(
        release=release,
        yanked=line.yanked,
        badge=badge(line),
        repository=web_url(release.repository),
        ways=list(_ways(snippets(base_url or ANYWHERE, line))),
        boards=ran,
        untested=sorted((set(load_boards()) | set(boards)) - tried),
        lines=_line_charts(lines),
        bars=over_boards(boards),
        card={title: beside.card[key] for key, title in CARD.items() if key in beside.card},
        features=beside.features,
        decision=beside.decision,
        operators=beside.operators,
        unreadable=beside.unreadable,
        timeline=beside.timeline,
        readme=readme_html(beside.readme),
        versions=[_published(each) for each in lines],
    )


def badge(line: Line) -> Badge:
    """Say in a few words what is known of a version: what ran, not what its publisher says."""
    boards = line.boards.values()
    failed = sorted(result.board for result in boards if result.status == "failed")
    verified = sum(result.status == "verified" for result in boards)
    if failed:
        return Badge("failed", f"failed on {', '.join(failed)}")
    if line.release.body.unverified:
        return Badge("unverified", "unverified")
    if not verified:
        return Badge("untested", "untested")
    return Badge("verified", f"verified on {verified} {'board' if verified == 1 else 'boards'}")


def _ways(found: Sequence[Snippet]) -> Iterator[Way]:
    for name, group in groupby(found, key=lambda snippet: snippet.ecosystem):
        codes = [Code(snippet.title, snippet.text.rstrip("\n").split(ANYWHERE)) for snippet in group]
        yield Way(f"in-{name.lower()}", name, codes)


def _ran(line: Line, result: BoardResult) -> Ran:
    release = line.release.body
    said = next(signed.body for signed in line.attestations if any(each is result for each in signed.body.boards))
    link = attestation_link(release.name, release.version, said.file)
    return Ran(result, SIGNS[result.status], said.how if result.status == "verified" else "", said.who, said.made, link)


def _published(line: Line) -> Published:
    release = line.release.body
    place = (release.name, release.version)
    files = release.archives
    downloads = [
        Download(file.format, file.filename, file_link(*place, file), file.size, file.sha256) for file in files
    ]
    said = [(signed.body, attestation_link(*place, signed.body.file)) for signed in line.attestations]
    return Published(release, line.yanked, badge(line), downloads, said)


def _line_charts(lines: Sequence[Line]) -> list[LineChart]:
    """Draw memory and instructions over versions, where there are several."""
    shown = [line for line in reversed(lines) if not line.yanked][-MOST_VERSIONS:]
    if len(shown) < 2:
        return []
    versions, releases = [line.version for line in shown], [line.release.body for line in shown]
    memory: dict[str, list[int | None]] = {
        "RAM": [release.ram_bytes for release in releases],
        "of it arena": [release.arena_bytes for release in releases],
        "constant tables": [release.table_bytes for release in releases],
    }
    charts = [over_versions("Memory", "bytes", versions, memory)]
    boards = [line.boards for line in shown]
    measured = [name for name, result in sorted(boards[-1].items()) if result.instructions is not None]
    instructions = {name: [_instructions(known.get(name)) for known in boards] for name in measured[:MOST_LINES]}
    return [*charts, over_versions("Instructions of one inference", "", versions, instructions)] if measured else charts


def _instructions(result: BoardResult | None) -> int | None:
    return result.instructions if result is not None and result.status == "verified" else None
