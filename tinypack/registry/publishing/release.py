"""What is stated of a version: made of its record alone, so that anyone can make it again and compare."""

from __future__ import annotations

from tinypack.registry.entries import Archive, Release
from tinypack.registry.paths import archive_path
from tinypack.registry.publishing.candidate import Candidate
from tinypack.registry.trust.metadata import now

TIME = "%Y-%m-%dT%H:%M:%SZ"  # of statements, UTC
MOST_TYPE = 100  # characters


def timestamp() -> str:
    """Give the time as statements have it."""
    return now().strftime(TIME)


def make_release(candidate: Candidate, published: str, unverified: bool, registry: str | None = None) -> Release:
    """State a version, for a registry that is known by its first root."""
    record = candidate.record
    archives = [
        Archive(
            format=part.format,
            path=archive_path(record.name, record.version, part.sha256, part.filename),
            size=len(part.data),
            sha256=part.sha256,
        )
        for part in candidate.parts
    ]
    return Release(
        registry=registry,
        name=record.name,
        version=record.version,
        published=published,
        tinypack=record.tinypack,
        description=record.description,
        license=record.licenses.model,
        authors=record.authors,
        keywords=record.keywords,
        repository=record.repository,
        model_sha256=record.model.sha256,
        features=_type(record.features),
        decision=_type(record.decision),
        labels=record.labels,
        inputs=[str(tensor) for tensor in record.inputs],
        outputs=[str(tensor) for tensor in record.outputs],
        arena_bytes=record.arena_bytes,
        ram_bytes=record.ram_bytes,
        table_bytes=record.table_bytes,
        unverified=unverified,
        archives=archives,
    )


def _type(section: dict[str, object] | None) -> str:
    """Give the type of a section of the manifest, "" without one."""
    return str((section or {}).get("type", ""))[:MOST_TYPE]
