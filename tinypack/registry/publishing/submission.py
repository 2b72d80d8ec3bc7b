"""What a publisher says of a package, signed: checked and added to its index by whoever holds the online key.

Publishing directly, and merging what others handed in, are the same from here on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, Field, ValidationError

from tinypack.errors import TinypackError
from tinypack.registry.entries import (
    Attested,
    Entry,
    File,
    Owners,
    Release,
    Signed,
    Yank,
    canonical,
    sha256,
)
from tinypack.registry.publishing.candidate import Candidate
from tinypack.registry.publishing.record import read_object
from tinypack.registry.trust.keys import SigningKey
from tinypack.registry.trust.statements import sign

MOST_STATEMENT_BYTES = 1 << 20
HASH_PART = 8  # hex digits of a submission's hash in its name
#: What another run of the same command says otherwise: times and signatures.
PASSING = {"published", "made", "signatures"}
Body = TypeVar("Body", bound=Entry)


class Submission(Entry):
    """Statements about one package; `version` is "" where they are about its owners alone."""

    kind: Literal["submission"] = "submission"
    name: str
    version: str = ""
    owners: Signed[Owners] | None = None
    release: Signed[Release] | None = None
    attestations: list[Signed[Attested]] = Field(default_factory=list)
    yank: Signed[Yank] | None = None

    @property
    def title(self) -> str:
        """What a reader knows it by."""
        return f"{self.name} {self.version}".strip()

    @property
    def what(self) -> str:
        """What it is, in a word."""
        kinds = {"release": self.release, "yank": self.yank, "owners": self.owners}
        return next((kind for kind, value in kinds.items() if value), "attestation")

    @property
    def files(self) -> list[File]:
        """Files that the statements name."""
        archives: list[File] = [*self.release.body.archives] if self.release else []
        return [*archives, *(signed.body.file for signed in self.attestations)]

    @property
    def id(self) -> str:
        """Name it so that the same command gives the same name again."""
        plain = _lasting(self.model_dump(mode="json"))
        digest = sha256(repr(plain).encode())[:HASH_PART]
        return "-".join(part for part in (self.name, self.version, digest) if part)


@dataclass(frozen=True, eq=False)
class Change:
    """A submission with its files.

    candidate  what is published, if anything is
    files      path in the registry -> bytes
    """

    submission: Submission
    candidate: Candidate | None = None
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)


def signed(body: Body, key: SigningKey | None) -> Signed[Body]:
    """Sign a statement; without a key it stays a draft."""
    return sign(body, key) if key else Signed(body=body)


def parse_submission(data: bytes, where: str) -> Submission:
    """Read a statement that may be hostile.

    Raises: TinypackError (refused)
    """
    try:
        return Submission.model_validate(read_object(data, MOST_STATEMENT_BYTES, where))
    except (ValidationError, TinypackError, RecursionError) as error:
        rule = "a statement is as `tinypack publish` writes it"
        raise TinypackError.one("refused", where, rule, _flaw(error)[:300]) from None


def _flaw(error: Exception) -> str:
    """Say in a line what is wrong with a statement."""
    match error:
        case ValidationError():
            first = error.errors(include_url=False, include_context=False, include_input=False)[0]
            return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        case TinypackError():
            return error.problems[0].found or error.problems[0].rule
    return str(error)


def _lasting(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _lasting(each) for key, each in sorted(value.items()) if key not in PASSING}
    return [_lasting(each) for each in value] if isinstance(value, list) else value


def same(first: BaseModel, second: BaseModel) -> bool:
    """Whether two statements say the same, in all that this tinypack knows of."""
    known = type(first).model_fields
    return all(_plain(getattr(first, key)) == _plain(getattr(second, key)) for key in known)


def _plain(value: Any) -> Any:
    if isinstance(value, Entry):
        return canonical(type(value).model_validate({key: getattr(value, key) for key in type(value).model_fields}))
    return [_plain(each) for each in value] if isinstance(value, list) else value
