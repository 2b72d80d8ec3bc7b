"""Reads what was handed in: every byte of it is taken as hostile until all rules hold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

from pydantic import BaseModel

from tinypack.errors import Problem, TinypackError
from tinypack.registry.entries import Attested, File, Owners, Release, sha256
from tinypack.registry.paths import INBOX
from tinypack.registry.publishing.add_attestation import MOST_BY
from tinypack.registry.publishing.admission import check_attestation, check_candidate, is_about
from tinypack.registry.publishing.attest import make_attested
from tinypack.registry.publishing.candidate import RECORD_KIND, Candidate, make_candidate
from tinypack.registry.publishing.inbox import MOST_FILES, REFUSED, STATEMENT, Folder
from tinypack.registry.publishing.record import read_attestation
from tinypack.registry.publishing.release import TIME, make_release
from tinypack.registry.publishing.submission import MOST_STATEMENT_BYTES, Change, Submission, parse_submission, same
from tinypack.registry.publishing.yank import MOST_WHY
from tinypack.registry.stores import NotThere, Reader
from tinypack.registry.trust.keys import public_key

MOST_SUBMISSION_BYTES = 128 << 20
MOST_SIGNATURES = 8
AHEAD = timedelta(days=1)  # that a publisher's clock may be wrong


def read_statement(reader: Reader, folder: Folder) -> Submission:
    """Read what is stated.

    Raises: TinypackError (refused; busy, unreachable)
    """
    return parse_submission(_read(reader, folder, STATEMENT, MOST_STATEMENT_BYTES), _where(folder, STATEMENT))


def open_submission(reader: Reader, folder: Folder, statement: Submission) -> Change:
    """Read a submission's files, and compare what is stated with what they say.

    Raises: TinypackError with every problem
    """
    named = {file.filename: file for file in statement.files}
    problems = [*_names(folder, named, statement), *_statements(folder, statement)]
    if problems:
        raise TinypackError(problems)
    data = {name: _checked(_read(reader, folder, name, file.size), file, folder) for name, file in named.items()}
    attested = _attestations(folder, statement, data)
    candidate = _candidate(folder, statement, data) if statement.release else None
    if not any((statement.release, statement.attestations, statement.yank, statement.owners)):
        raise _refused(folder, STATEMENT, "a submission says something", "nothing")
    return Change(statement, candidate, {file.path: data[name] for name, file in {**named, **attested}.items()})


def _names(folder: Folder, named: dict[str, File], statement: Submission) -> Iterator[Problem]:
    if len(folder.filenames) > MOST_FILES:
        yield _problem(folder, "", f"a submission has up to {MOST_FILES} files", "more")
    if len(named) < len(statement.files) or STATEMENT in named or REFUSED in named:
        yield _problem(folder, STATEMENT, "every file has a name of its own", "the same twice")
    for name in folder.filenames:
        if name != STATEMENT and name not in named:
            yield _problem(folder, name, "a submission holds the files that its statement names", "another one")
    if sum(file.size for file in named.values()) > MOST_SUBMISSION_BYTES:
        yield _problem(folder, STATEMENT, f"a submission has up to {MOST_SUBMISSION_BYTES} bytes", "more")
    for name in named.keys() - set(folder.filenames):
        yield _problem(folder, name, "the files that a statement names are there", "no such file")


def _statements(folder: Folder, statement: Submission) -> Iterator[Problem]:
    """Texts and times that no file tells."""
    unknown = sorted(_unknown(statement))
    if unknown:
        rule, hint = "a statement has keys that this tinypack knows", "the registry needs a newer tinypack for this"
        yield _problem(folder, STATEMENT, rule, ascii(unknown)[:200], hint)
    said = [each for each in (statement.release, statement.yank, statement.owners, *statement.attestations) if each]
    versions = {each.body.version for each in said if not isinstance(each.body, Owners)}
    if versions - {statement.version} or any(len(each.signatures) > MOST_SIGNATURES for each in said):
        rule = f"statements are about one version, and have up to {MOST_SIGNATURES} signatures"
        yield _problem(folder, STATEMENT, rule, ascii(sorted(versions))[:200])
    latest = datetime.now(timezone.utc) + AHEAD
    for time in (each.body.published if isinstance(each.body, Release) else each.body.made for each in said):
        if not _before(time, latest):
            yield _problem(folder, STATEMENT, f"times are {TIME}, UTC, and not to come", ascii(time)[:100])
    texts = [(each.body.by, MOST_BY) for each in statement.attestations]
    texts += [(each.body.why, MOST_WHY) for each in (statement.yank, statement.owners) if each]
    for text, most in texts:
        if len(text) > most or not text.isprintable():
            yield _problem(folder, STATEMENT, f"it is a line of up to {most} characters", ascii(text)[:100])
    for attested in statement.attestations:
        key, signers = attested.body.key, [signature.keyid for signature in attested.signatures]
        if key is not None and not any(public_key(keyid, key) for keyid in signers):
            yield _problem(folder, STATEMENT, "an attestation brings no key but its signer's", "another")


def _unknown(entry: BaseModel) -> Iterator[str]:
    yield from entry.model_extra or ()
    for value in (getattr(entry, key) for key in type(entry).model_fields):
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, BaseModel):
                yield from _unknown(inner)


def _before(text: str, latest: datetime) -> bool:
    try:
        time = datetime.strptime(text, TIME).replace(tzinfo=timezone.utc)
    except ValueError:
        return False
    return time < latest and time.strftime(TIME) == text


def _candidate(folder: Folder, statement: Submission, data: dict[str, bytes]) -> Candidate:
    """Read a submission as a publisher's own machine reads `dist`, and state it again: the same must come out."""
    assert statement.release is not None
    release = statement.release.body
    record = release.archive(RECORD_KIND)
    if record is None:
        raise _refused(folder, STATEMENT, "a release has a record", "none")
    files = {archive.filename: data[archive.filename] for archive in release.archives if archive != record}
    attestation = data[statement.attestations[0].body.file.filename] if statement.attestations else b""
    candidate = make_candidate(data[record.filename], files, attestation, _where(folder, record.filename))
    problems = check_candidate(candidate, release.unverified)
    if problems:
        raise TinypackError(problems)
    if statement.attestations and (len(statement.attestations) > 1 or not is_about(candidate)):
        raise _refused(folder, STATEMENT, "a release brings one attestation, of its archives", "another")
    if not same(
        make_release(candidate, release.published, bool(check_attestation(candidate)), release.registry), release
    ):
        rule, hint = "a release says what its files say", "hand it in with the tinypack that the registry uses"
        raise TinypackError([_problem(folder, STATEMENT, rule, "something else", hint)])
    return candidate


def _attestations(folder: Folder, statement: Submission, data: dict[str, bytes]) -> dict[str, File]:
    """State attestations again: the same must come out."""
    files: dict[str, File] = {}
    for said in statement.attestations:
        body: Attested = said.body
        name = body.file.filename
        attestation = read_attestation(data[name], _where(folder, name))
        again = make_attested(attestation, data[name], body.made, body.by).model_copy(update={"key": body.key})
        if not same(again, body):
            raise _refused(folder, STATEMENT, "an attestation is summed up as its file says", "otherwise")
        files[name] = body.file
    return files


def _read(reader: Reader, folder: Folder, filename: str, most: int) -> bytes:
    try:
        return reader.read(f"{INBOX}/{folder.id}/{filename}", most)
    except NotThere:
        raise _refused(folder, filename, "a submission is complete", "no such file") from None


def _checked(data: bytes, file: File, folder: Folder) -> bytes:
    if (len(data), sha256(data)) != (file.size, file.sha256):
        found = f"{len(data)} bytes, SHA-256 {sha256(data)[:16]}…"
        raise _refused(folder, file.filename, "a file is what its statement names", found)
    return data


def _where(folder: Folder, filename: str) -> str:
    return f"{INBOX}/{folder.id}/{filename}"[:300]


def _problem(folder: Folder, filename: str, rule: str, found: str, hint: str = "") -> Problem:
    return Problem("refused", _where(folder, filename), rule, found, hint)


def _refused(folder: Folder, filename: str, rule: str, found: str) -> TinypackError:
    return TinypackError([_problem(folder, filename, rule, found)])
