"""Where things lie in a registry.

Files below `index`, `archives` and `attestations` never change once they are there: their paths hold their hashes.
Only `metadata/timestamp.json` is ever replaced; replacing it is the moment of publishing.
"""

from __future__ import annotations

HASH_PART = 16  # hex digits of a file's SHA-256 in its path
METADATA = "metadata"
HEAD = f"{METADATA}/timestamp.json"
INBOX = "inbox"


def index_target(name: str) -> str:
    """Name a package's index, as metadata does; it lies beside as `<sha256>.<name>.jsonl`."""
    return f"index/{name[:2]}/{name}.jsonl"


def index_path(name: str, sha256: str) -> str:
    """Say where a package's index lies."""
    return f"index/{name[:2]}/{sha256}.{name}.jsonl"


def archive_path(name: str, version: str, sha256: str, filename: str) -> str:
    """Say where an archive or a record lies. The URL ends with the plain file name, and never changes its bytes."""
    return f"archives/{name}/{version}/{sha256[:HASH_PART]}/{filename}"


def attestation_path(name: str, version: str, sha256: str) -> str:
    """Say where an attestation lies."""
    return f"attestations/{name}/{version}/{sha256[:HASH_PART]}.json"
