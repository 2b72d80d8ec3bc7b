"""The search database of a registry's summaries: in the cache, brought up to date bin by bin."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tinypack.errors import TinypackError
from tinypack.names import PATTERN

FORMAT = 1  # of the database: another is made anew
MOST_WORDS = 12
LONGEST_TEXT = 1000  # of a field that is kept
MOST_RANKED = 20_000  # packages; a letter or two find more, and nobody's order is right for those
MOST_LISTED = 50  # boards or keywords
WAIT = 30.0  # seconds for another process that writes
#: Weights of bm25, in the order of the columns of `words`.
WEIGHTS = (10.0, 5.0, 2.0, 1.0)
SCHEMA = (
    """CREATE TABLE bins (name TEXT PRIMARY KEY, version INTEGER NOT NULL)""",
    """CREATE TABLE packages (
    id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL, bin TEXT NOT NULL, version TEXT NOT NULL,
    description TEXT NOT NULL, license TEXT NOT NULL, features TEXT NOT NULL, boards TEXT NOT NULL,
    unverified INTEGER NOT NULL
)""",
    """CREATE INDEX packages_bin ON packages (bin)""",
    """CREATE VIRTUAL TABLE words USING fts5 (
    name, keywords, facts, description,
    tokenize="unicode61 remove_diacritics 2", prefix='1 2 3'
)""",
)
ADD_PACKAGE = """
INSERT OR REPLACE INTO packages (name, bin, version, description, license, features, boards, unverified)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
ADD_WORDS = "INSERT INTO words (rowid, name, keywords, facts, description) VALUES (?, ?, ?, ?, ?)"
FIND = f"""
SELECT p.name, p.version, p.description, p.license, p.features, p.boards, p.unverified
FROM (
    SELECT rowid, bm25(words, {", ".join(map(str, WEIGHTS))}) AS score
    FROM words WHERE words MATCH ? LIMIT {MOST_RANKED}
) AS found JOIN packages p ON p.id = found.rowid
ORDER BY score LIMIT ?
"""
BY_NAME = """
SELECT name, version, description, license, features, boards, unverified FROM packages
WHERE name >= ? AND name < ? ORDER BY length(name), name LIMIT ?
"""


class Damaged(Exception):
    """The database is none, or broken: it may be deleted and made anew."""


@dataclass(frozen=True)
class Hit:
    """A package that was found: what its newest version says."""

    name: str
    version: str
    description: str
    license: str
    features: str
    boards: tuple[str, ...]  # verified ones
    unverified: bool


class SearchDatabase:
    """Finds packages by words.

    Raises: Damaged; TinypackError (io)
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def versions(self) -> dict[str, int]:
        """Say which bins are in, at which versions."""
        with self._open() as database:
            return dict(database.execute("SELECT name, version FROM bins"))

    def update(self, bins: Iterable[tuple[str, int, Mapping[str, Mapping[str, Any]]]]) -> None:
        """Replace the packages of bins: name, version, package -> summary. All bins or none."""
        with self._open() as database:
            for name, version, summaries in bins:
                if not database.in_transaction:
                    database.execute("BEGIN IMMEDIATE")
                _replace(database, name, version, summaries)
            database.commit()

    def search(self, words: str, limit: int = 20) -> list[Hit]:
        """Find packages that have all words, the last letters of which may lack; best first.

        First the one that is so called, then those whose names begin so, then by how much the words weigh.
        """
        tokens = [token[:40] for token in re.findall(r"\w+", words.lower())][:MOST_WORDS]
        with self._open() as database:
            if not tokens:
                return [_hit(row) for row in database.execute(BY_NAME, ("", "\U0010ffff", limit))]
            name = "-".join(tokens)
            named = list(database.execute(BY_NAME, (name, name + "\U0010ffff", limit)))
            query = " ".join(f'"{token}"*' for token in tokens)
            found = database.execute(FIND, (query, limit + len(named)))
            rows = {row[0]: row for row in (*named, *found)}
        return [_hit(row) for row in list(rows.values())[:limit]]

    def names(self) -> list[str]:
        """List all packages."""
        with self._open() as database:
            return [name for (name,) in database.execute("SELECT name FROM packages ORDER BY name")]

    def discard(self) -> None:
        """Delete it, to be made anew."""
        self._path.unlink(missing_ok=True)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._path, timeout=WAIT, isolation_level=None)) as database:
                _prepare(database)
                yield database
        except (sqlite3.OperationalError, OSError) as error:  # locked, full, not writable
            rule = "the search database must be readable and writable"
            raise TinypackError.one("io", str(self._path), rule, str(error)) from None
        except sqlite3.DatabaseError as error:
            raise Damaged(str(error)) from error


def _prepare(database: sqlite3.Connection) -> None:
    """Make the tables where they are not, or are another tinypack's."""
    if _format(database) == FORMAT:
        return
    database.execute("BEGIN IMMEDIATE")
    if _format(database) != FORMAT:  # nor did another process make them meanwhile
        for table in ("bins", "packages", "words"):
            database.execute(f"DROP TABLE IF EXISTS {table}")
        for statement in SCHEMA:
            database.execute(statement)
        database.execute(f"PRAGMA user_version = {FORMAT}")
    database.execute("COMMIT")


def _format(database: sqlite3.Connection) -> int:
    return int(database.execute("PRAGMA user_version").fetchone()[0])


def _replace(database: sqlite3.Connection, name: str, version: int, summaries: Mapping[str, Mapping[str, Any]]) -> None:
    """Put a bin's packages in the place of those that it had."""
    database.execute("DELETE FROM words WHERE rowid IN (SELECT id FROM packages WHERE bin = ?)", (name,))
    database.execute("DELETE FROM packages WHERE bin = ?", (name,))
    for package, summary in summaries.items():
        if summary and PATTERN.fullmatch(package):
            row, words = _columns(package, summary)
            made = database.execute(ADD_PACKAGE, (package, name, *row))
            database.execute(ADD_WORDS, (made.lastrowid, package, *words))
    database.execute("INSERT OR REPLACE INTO bins VALUES (?, ?)", (name, version))


def _columns(package: str, summary: Mapping[str, Any]) -> tuple[tuple[str | int, ...], tuple[str, ...]]:
    """Give a package's row and the words that find it; what is not of the kind that it must be counts as nothing."""
    version, description, license, features = (
        _text(summary.get(key)) for key in ("version", "description", "license", "features")
    )
    keywords, boards = (" ".join(_words(summary.get(key))) for key in ("keywords", "boards"))
    row = (version, description, license, features, boards, int(bool(summary.get("unverified"))))
    return row, (keywords, f"{features} {license} {boards}", description)


def _text(value: object) -> str:
    return value[:LONGEST_TEXT] if isinstance(value, str) else ""


def _words(value: object) -> list[str]:
    return [_text(word) for word in value[:MOST_LISTED]] if isinstance(value, list) else []


def _hit(row: tuple[Any, ...]) -> Hit:
    name, version, description, license, features, boards, unverified = row
    return Hit(name, version, description, license, features, tuple(boards.split()), bool(unverified))
