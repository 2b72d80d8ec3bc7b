"""What is known of a package: its record, the C API of its header, and what was measured on boards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from tinypack.errors import TinypackError
from tinypack.names import c_names
from tinypack.registry.entries import BoardResult, Count
from tinypack.registry.versions.change import NOTHING
from tinypack.registry.versions.header import read_api

#: How an attestation's results begin their reasons where a board's memory was too small for the whole program.
DOES_NOT_FIT = "error[does-not-fit]"
PASSED, COMPILED, FAILED, UNFIT = "passed", "compiled", "failed", "does not fit"
#: What is known of a board, from what says least to what is graver than all.
RANKED = (UNFIT, COMPILED, PASSED, FAILED)
#: What a registry's index says of a board, as an attestation has it.
STATUS = {"verified": PASSED, "compiled": COMPILED, "failed": FAILED}


class _Known(BaseModel):
    """Keys that other versions of tinypack write are passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Port(_Known):
    shape: list[int]
    dtype: str
    scale: list[float] = []
    zero_point: list[int] = []

    def __str__(self) -> str:
        return f"{self.dtype} {self.shape}"

    @property
    def quantization(self) -> str:
        if len(self.scale) != 1 or len(self.zero_point) != 1:
            return f"{len(self.scale)} scales" if self.scale else NOTHING
        return f"scale {self.scale[0]:.9g}, zero point {self.zero_point[0]}"


class RecordedModel(_Known):
    sha256: str


class RecordedArtifact(_Known):
    format: str
    filename: str
    size: Count
    sha256: str = ""


class Record(_Known):
    """A package's record. None stands for keys that an older tinypack did not write."""

    name: str
    version: str
    tinypack: str = ""
    licenses: dict[str, str] = {}
    model: RecordedModel
    inputs: list[Port]
    outputs: list[Port]
    labels: list[str]
    features: dict[str, JsonValue] | None = None
    decision: dict[str, JsonValue] | None = None
    operators: list[str] | None = None
    arena_bytes: Count
    ram_bytes: Count
    table_bytes: Count
    stream: dict[str, JsonValue] | None = None
    boards: list[str] | None = None
    artifacts: list[RecordedArtifact] = []

    def has(self, key: str) -> bool:
        return key in self.model_fields_set


class Figures(_Known):
    """What was measured where a format's self-test passed on a board or was compiled; None where nothing was."""

    compiler: str = ""
    flags: str = ""
    kernel_variant: str = ""
    flash_bytes: Count | None = None
    object_bytes: Count | None = None  # code and tables of the package alone, where it was only compiled
    ram_bytes: Count | None = None
    stack_bytes: Count | None = None
    instructions: Count | None = None
    frame_instructions: Count | None = None

    @property
    def made_by(self) -> tuple[str, str, str]:
        return self.compiler, self.flags, self.kernel_variant


class AttestedResult(Figures):
    board: str
    format: str
    status: str
    reason: str = ""


class AttestedPackage(_Known):
    results: list[AttestedResult] = []


@dataclass(frozen=True, eq=False)
class Facts:
    """What versions are compared by.

    api      name -> signature or value (see `header`); None: no header at hand
    figures  (board, format) -> what was measured
    ran      board -> one of RANKED; boards of which nothing is known are left out
    """

    record: Record
    api: Mapping[str, str] | None = None
    figures: Mapping[tuple[str, str], Figures] = field(default_factory=dict)
    ran: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.record.name

    @property
    def version(self) -> str:
        return self.record.version

    @property
    def takes_samples(self) -> bool:
        """False where users feed the model's input themselves, quantised."""
        return self.record.stream is not None

    @property
    def formats(self) -> dict[str, int]:
        """Format -> bytes of its archive; empty where none was built."""
        return {artifact.format: artifact.size for artifact in self.record.artifacts}


def make_facts(
    record: Mapping[str, Any],
    files: Mapping[str, bytes] | None = None,
    attestation: Mapping[str, Any] | None = None,
    where: str = "record",
) -> Facts:
    """Collect what a record, the files of one of its archives, and an attestation say.

    Raises: TinypackError (bad-archive)
    """
    try:
        read = Record.model_validate(record)
        results = AttestedPackage.model_validate(attestation or {}).results
    except (ValidationError, RecursionError) as error:
        found = str(error)[:300]
        raise TinypackError.one("bad-archive", where, "a record or attestation has its known shape", found) from None
    api = read_api(read.name, header_of(read.name, files)) if files else None
    good = [each for each in results if each.status in (PASSED, COMPILED)]
    figures = {(each.board, each.format): Figures(**_measured(each)) for each in good}
    return Facts(read, api, figures, _ran((each.board, _status(each)) for each in results))


def with_results(facts: Facts, results: Iterable[BoardResult]) -> Facts:
    """Add what a registry's index says was run on boards."""
    known = [result for result in results if result.status in STATUS]
    passed = [result for result in known if STATUS[result.status] == PASSED and result.formats]
    figures = {(result.board, result.formats[0]): Figures(**_measured(result)) for result in passed}
    return Facts(facts.record, facts.api, figures, _ran((result.board, STATUS[result.status]) for result in known))


def header_path(name: str, files: Mapping[str, bytes]) -> str:
    """Find a package's public header in an archive of any format.

    Raises: TinypackError (bad-archive)
    """
    header = f"{c_names(name).prefix}.h"
    paths = [path for path in files if path.rpartition("/")[2] == header]
    if not paths:
        raise TinypackError.one("bad-archive", f"archive of {name}", f"it must hold {header}", "none")
    return min(paths, key=lambda path: (path.count("/"), path))


def header_of(name: str, files: Mapping[str, bytes]) -> bytes:
    return files[header_path(name, files)]


def _measured(result: BaseModel) -> dict[str, Any]:
    return result.model_dump(include=set(Figures.model_fields))


def _status(result: AttestedResult) -> str:
    return UNFIT if result.status not in RANKED and result.reason.startswith(DOES_NOT_FIT) else result.status


def _ran(results: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Say of each board what its formats come to: one that fails is a failure; one that passes fits."""
    found: dict[str, str] = {}
    for board, status in results:
        if status in RANKED:
            found[board] = max(status, found.get(board, status), key=RANKED.index)
    return found
