"""The timeline of a model card: what the package makes of the card's recording, small enough for a web page."""

from __future__ import annotations

import hashlib
import json
from itertools import pairwise
from typing import Any

import numpy as np

from tinypack import __version__
from tinypack.errors import TinypackError
from tinypack.manifest import Project
from tinypack.package import Artifact
from tinypack.replay.run import Replay, replay

FORMAT = "timeline"
MOST_RESULTS = 2000
PAIRS = 300  # of the envelope


def timeline(project: Project) -> dict[str, Any] | None:
    """Replay the recording that a project's card names, in Python; None if it names none.

    Results are those that `tinypack replay` prints. The envelope has the least and the most sample of each of up to
    PAIRS equal pieces, for each channel; full scale is 32767.
    Raises: TinypackError (io, bad-recording) as `replay` does, and if there are more than MOST_RESULTS
    """
    name = project.manifest.card.recording
    if name is None:
        return None
    path = project.root / name
    if not path.is_file():
        raise TinypackError.one("io", str(path), "the recording that the card names must be there", "no such file")
    found = replay(project.manifest_path, [path])
    if len(found.timeline.rows) > MOST_RESULTS:
        rule = f"a card's recording may give up to {MOST_RESULTS} results"
        raise TinypackError.one("bad-recording", str(path), rule, f"{len(found.timeline.rows)}", "cut it")
    stream, manifest = found.content.stream, project.manifest
    assert stream is not None
    first = "time_ms" if found.streaming else "image"
    return {
        "schema": "tinypack-timeline/1",
        "package": manifest.package.name,
        "version": manifest.package.version,
        "tinypack": __version__,
        "model_sha256": found.content.model_sha256,
        "recording": {
            "name": path.name,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "sample_rate": round(stream.front.rate, 3),
            **_heard(found),
        },
        "labels": list(manifest.model.labels),
        "results": [{first: row.at, **row.values()} for row in found.timeline.rows],
    }


def timeline_artifact(project: Project) -> Artifact | None:
    """Write the timeline as a file beside the archives; None if the card names no recording."""
    found = timeline(project)
    if found is None:
        return None
    data = (json.dumps(found, separators=(",", ":"), ensure_ascii=False) + "\n").encode()
    filename = f"{found['package']}-{found['version']}.{FORMAT}.json"
    return Artifact(FORMAT, filename, data, hashlib.sha256(data).hexdigest())


def _heard(found: Replay) -> dict[str, Any]:
    """Describe the samples; of pictures there is only their number."""
    samples = found.samples
    if not found.streaming:
        return {"images": len(samples), "duration_ms": 0, "channels": 0, "envelope": []}
    columns = samples.reshape(len(samples), -1)
    ends = np.linspace(0, len(columns), min(PAIRS, len(columns)) + 1).astype(int)
    pieces = [columns[start:end] for start, end in pairwise(ends)]
    low, high = (np.array([pick(piece, axis=0) for piece in pieces]) for pick in (np.min, np.max))
    assert found.content.stream is not None
    return {
        "images": 0,
        "duration_ms": round(len(columns) * 1000 / found.content.stream.front.rate),
        "channels": columns.shape[1],
        "envelope": np.stack([low, high], axis=-1).swapaxes(0, 1).tolist(),
    }
