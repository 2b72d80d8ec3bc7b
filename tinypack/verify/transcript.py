"""What a self-test prints, read back. The lines are those of runtime/include/tp_selftest.h."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

LINE = re.compile(
    r"node (?P<node_vector>\d+) (?P<node>\d+) (?P<node_crc>[0-9a-f]{8})"
    r"|vector (?P<vector>\d+) (?P<state>ok|wrong|digest) (?P<crc>[0-9a-f]{8})"
    r"|stream (?P<stream>\d+) (?P<stream_state>ok|wrong) [0-9a-f]{8}"
    r"|kernels (?P<kernels>\S+)"
    r"|stack (?P<stack>\d+)"
    r"|(?P<verdict>PASS|FAIL .*)"
)


@dataclass
class Transcript:
    digests: dict[int, int] = field(default_factory=dict)  # vector -> hash of all outputs
    nodes: dict[tuple[int, int], int] = field(default_factory=dict)  # (vector, node) -> hash of the node's output
    streams: dict[int, bool] = field(default_factory=dict)  # result of the made signal -> whether it is right
    kernels: str = ""
    stack_bytes: int | None = None
    verdict: str = ""
    rest: list[str] = field(default_factory=list)  # lines that are none of these, such as a crash report


def read_transcript(text: str) -> Transcript:
    """Read a self-test's output; lines that it doesn't know are kept in `rest`."""
    read = Transcript()
    for line in text.splitlines():
        match = LINE.fullmatch(line.strip())
        if match is None:
            read.rest += [line.strip()] if line.strip() else []
        elif match["node"]:
            read.nodes[int(match["node_vector"]), int(match["node"])] = int(match["node_crc"], 16)
        elif match["stream"]:
            read.streams[int(match["stream"])] = match["stream_state"] == "ok"
        elif match["vector"]:
            read.digests[int(match["vector"])] = int(match["crc"], 16)
        else:
            read.kernels = match["kernels"] or read.kernels
            read.stack_bytes = int(match["stack"]) if match["stack"] else read.stack_bytes
            read.verdict = match["verdict"] or read.verdict
    return read
