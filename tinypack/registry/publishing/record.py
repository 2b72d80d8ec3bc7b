"""A package's record and attestation, read as what they may be: hostile."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from tinypack.errors import Problem, TinypackError
from tinypack.registry.entries import Count, Method, Sha256, Size

RECORD = "tinypack-record/1"
MOST_RECORD_BYTES = 1 << 20
MOST_ATTESTATION_BYTES = 4 << 20
LONG, SHORT = 400, 100  # characters
MOST_ROWS = 2000
Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$")]
Kind = TypeVar("Kind", bound="Known")


class Known(BaseModel):
    """Keys that other versions of tinypack write are passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)


class Tensor(Known):
    shape: list[Count] = Field(max_length=16)
    dtype: str = Field(max_length=SHORT)

    def __str__(self) -> str:
        return f"{self.dtype} {self.shape}"


class Licenses(Known):
    model: str


class Model(Known):
    sha256: Sha256


class RecordedArtifact(Known):
    format: str = Field(max_length=SHORT)
    filename: str = Field(max_length=LONG)
    size: Size
    sha256: Sha256


class Record(Known):
    """What a registry needs of a record. Its texts are not checked yet."""

    schema_: Literal["tinypack-record/1"] = Field(alias="schema")
    name: str = Field(max_length=SHORT)
    version: str = Field(max_length=SHORT)
    description: str
    authors: list[str] = Field(max_length=SHORT)
    keywords: list[str] = Field(max_length=SHORT)
    repository: str = Field(max_length=LONG)
    tinypack: str = Field(max_length=SHORT)
    licenses: Licenses
    model: Model
    inputs: list[Tensor] = Field(max_length=SHORT)
    outputs: list[Tensor] = Field(max_length=SHORT)
    labels: list[Annotated[str, Field(max_length=SHORT)]] = Field(max_length=MOST_ROWS)
    features: dict[str, Any] | None
    decision: dict[str, Any] | None
    arena_bytes: Count
    ram_bytes: Count
    table_bytes: Count
    artifacts: list[RecordedArtifact] = Field(max_length=SHORT)

    @property
    def title(self) -> str:
        return f"{self.name} {self.version}"


class AttestedResult(Known):
    """One archive on one board, as `verify.report.Result` has it."""

    artifact_sha256: Sha256
    format: Word
    board: Word
    status: Literal["passed", "failed", "compiled", "not-run"]
    reason: str = ""
    vectors: Count = 0
    compiler: str = Field("", max_length=LONG)
    flags: str = Field("", max_length=4 * LONG)
    kernel_variant: str = Field("", max_length=SHORT)
    machine: str = Field("", max_length=LONG)
    flash_bytes: Count | None = None
    ram_bytes: Count | None = None
    stack_bytes: Count | None = None
    instructions: Count | None = None
    frame_instructions: Count | None = None

    @property
    def ran(self) -> bool:
        """True if it ran and was right, and says on what, and with how many inputs."""
        return self.status == "passed" and self.vectors > 0 and bool(self.machine)


class Attestation(Known):
    """What a registry needs of an attestation. Whether it passed is counted from the results, not believed."""

    schema_: Literal["tinypack-attestation/1"] = Field(alias="schema")
    package: str = Field(max_length=SHORT)
    version: str = Field(max_length=SHORT)
    method: Method = "nodes"
    results: list[AttestedResult] = Field(max_length=MOST_ROWS)

    @property
    def title(self) -> str:
        return f"{self.package} {self.version}"

    @property
    def passed(self) -> bool:
        """True if something ran and was right, and nothing failed."""
        return any(result.ran for result in self.results) and all(each.status != "failed" for each in self.results)

    @property
    def artifacts(self) -> list[str]:
        """Hashes of the archives with which something was done."""
        return sorted({result.artifact_sha256 for result in self.results if result.status != "not-run"})


def read_record(data: bytes, where: str) -> Record:
    """Read a record.

    Raises: TinypackError (bad-archive) with every problem
    """
    return _read(Record, data, MOST_RECORD_BYTES, where)


def read_attestation(data: bytes, where: str) -> Attestation:
    """Read an attestation.

    Raises: TinypackError (bad-archive) with every problem
    """
    return _read(Attestation, data, MOST_ATTESTATION_BYTES, where)


def read_object(data: bytes, most: int, where: str) -> Mapping[str, Any]:
    """Read a JSON object of limited size.

    Raises: TinypackError (bad-archive)
    """
    if len(data) > most:
        raise TinypackError.one("bad-archive", where, f"it may have up to {most} bytes", f"{len(data)}")
    try:
        found = json.loads(data, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise TinypackError.one("bad-archive", where, "it must be JSON in UTF-8", str(error)[:SHORT]) from None
    if not isinstance(found, dict):
        raise TinypackError.one("bad-archive", where, "it must be a JSON object", type(found).__name__)
    return found


def _read(kind: type[Kind], data: bytes, most: int, where: str) -> Kind:
    found = read_object(data, most, where)
    try:
        return kind.model_validate(found)
    except ValidationError as error:
        problems = [
            Problem(
                "bad-archive",
                f"{where}: {'.'.join(map(str, each['loc']))}",
                "it must be as this tinypack writes it",
                each["msg"],
                "build it again with this version of tinypack",
            )
            for each in error.errors(include_input=False, include_url=False)[:SHORT]
        ]
        raise TinypackError(problems) from None


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number of JSON")
