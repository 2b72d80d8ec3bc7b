"""Adds an attestation to a published version: its publisher's, or that of anyone who verified it again."""

from __future__ import annotations

from tinypack.errors import TinypackError
from tinypack.registry.entries import Attested
from tinypack.registry.package_index import Line, PackageIndex
from tinypack.registry.publishing.attest import make_attested
from tinypack.registry.publishing.record import Attestation, read_attestation
from tinypack.registry.publishing.release import timestamp
from tinypack.registry.publishing.said import Said, say
from tinypack.registry.publishing.signing import own_key
from tinypack.registry.publishing.submission import Change, Submission, signed
from tinypack.registry.trust.head import Head
from tinypack.registry.trust.keys import KeyFolder, SigningKey
from tinypack.registry.trust.statements import current_owners

MOST_BY = 100  # characters


def add_attestation(url: str, keys: KeyFolder, data: bytes, by: str, key_name: str = "", where: str = "") -> Said:
    """Add what `tinypack verify NAME@VERSION` wrote.

    data  the attestation's file
    by    who says so, as they call themselves
    Raises: TinypackError (bad-archive, no-package, missing-key, refused; as Head.read)
    """
    attestation = read_attestation(data, where or "attestation")
    if not (by.strip() and by.isprintable() and len(by) <= MOST_BY):
        rule = f"who attests is a line of up to {MOST_BY} characters"
        raise TinypackError.one("refused", attestation.title, rule, ascii(by)[:MOST_BY])

    def make(head: Head, index: PackageIndex, line: Line) -> Change | None:
        check_attestation_of(attestation, line)
        key = _key(head, keys, index, key_name)
        body = make_attested(attestation, data, timestamp(), by)
        if body.file.sha256 in {each.body.file.sha256 for each in line.attestations}:
            return None
        said = signed(_with_key(body, head, index, key), key)
        submission = Submission(name=index.name, version=line.version, attestations=[said])
        return Change(submission, files={body.file.path: data})

    return say(url, keys, attestation.package, attestation.version, make)


def check_attestation_of(attestation: Attestation, line: Line) -> None:
    """Refuse an attestation of other archives than a version's, or one with which nothing was done.

    Raises: TinypackError (refused)
    """
    archives = {archive.sha256: archive.format for archive in line.release.body.archives}
    others = [each for each in attestation.results if archives.get(each.artifact_sha256) != each.format]
    if others or not attestation.artifacts:
        rule = "an attestation is about archives of the version, and something was done with them"
        found = f"{others[0].format} of SHA-256 {others[0].artifact_sha256[:16]}…" if others else "nothing was done"
        raise TinypackError.one("refused", f"attestation of {attestation.title}"[:200], rule, found)


def _key(head: Head, keys: KeyFolder, index: PackageIndex, key_name: str) -> SigningKey:
    """Give the key to sign with: in public registries anyone's will do."""
    if head.settings.mode == "private":
        return head.online_key(keys)
    owners = current_owners(index)
    own = keys.find(owners.keys) if owners and not key_name else None
    return own or own_key(keys, key_name)


def _with_key(body: Attested, head: Head, index: PackageIndex, key: SigningKey) -> Attested:
    """Let an attestation bring its key where the registry does not have it."""
    known = {keyid for signed in index.owners for keyid in signed.body.keys} | head.online_keys.keys()
    return body if key.keyid in known else body.model_copy(update={"key": key.public})
