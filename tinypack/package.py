"""What travels between the stages: the content of a package, its archives and its record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tinypack.compile.sizes import ram_bytes, table_bytes

if TYPE_CHECKING:
    from tinypack.compile.program import Program
    from tinypack.compile.stream import Stream
    from tinypack.manifest import Manifest
    from tinypack.names import Names


NO_LICENSE = "NOASSERTION"  # SPDX for "nobody said"


@dataclass(frozen=True, eq=False)
class Content:
    """Everything that the package formats arrange: the same C for all of them.

    `sources` and `selftest` hold file texts; paths are relative to the package's `src` and test folder.
    """

    manifest: Manifest
    names: Names
    program: Program
    model_sha256: str
    oracle: str  # what gave the expected digests, such as "tflite-micro 0.dev20261023182759"
    sources: Mapping[str, str]  # "kws.h" and "kws/kws_model.c", "kws/kws_tp_conv_2d_s8.c", ...
    selftest: Mapping[str, str]  # "kws_selftest.h": static functions, digests of a few vectors
    stream: Stream | None = None  # from samples to results; None: the model alone

    @property
    def ram_bytes(self) -> int:
        """Bytes of a state."""
        return ram_bytes(self.program, self.stream)

    @property
    def table_bytes(self) -> int:
        """Bytes of constant tables."""
        return table_bytes(self.program, self.stream)


@dataclass(frozen=True)
class Artifact:
    """One archive, complete in memory until all of a build is known to be good."""

    format: str
    filename: str
    data: bytes
    sha256: str


@dataclass(frozen=True, eq=False)
class Built:
    """A finished build: its artifacts and record, the folder they lie in, and what the user may want to mend."""

    content: Content
    model: bytes
    artifacts: tuple[Artifact, ...]
    record: Mapping[str, Any]
    folder: Path
    warnings: tuple[str, ...] = ()

    @property
    def names(self) -> Names:
        return self.content.names
