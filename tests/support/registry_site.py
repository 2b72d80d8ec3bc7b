"""Made-up packages that fill every part of a web page, and hostile ones."""

from __future__ import annotations

import json
from collections.abc import Sequence
from math import sin
from typing import Any

from tests.support.registry_packages import MADE, MadeUp, make_line, make_release
from tinypack.formats.archive import pack
from tinypack.registry.entries import Attested, BoardResult, File, Signed, sha256
from tinypack.registry.package_index import PackageIndex
from tinypack.registry.paths import attestation_path
from tinypack.registry.site.package_page import Badge

CARD = {
    "architecture": "DS-CNN over 49 frames of 10 MFCCs, int8.",
    "intended_use": "Doors that say when somebody knocks.",
    "out_of_scope": "Alarms: whatever must not miss a knock.",
    "training_data": "Synthetic knocks and 12 hours of quiet rooms.",
    "accuracy": "98.2 % of 10,000 windows of another house.",
    "limitations": "Wooden doors only.",
}
README = """\
# door-guard

Hears **knocks**. See [the notes](https://example.org/notes) and `door_guard.h`.

![Waveform of a knock](knock.png)

### Use

```cpp
static DoorGuard guard;
guard.begin();
```

| sound | heard | |
|---|---:|---|
| knock | 99 % | ✓ |
| bell | 3 % | |

1. Flash it.
2. Knock.
"""
BOARDS = (
    ("native", "verified", "Linux x86_64, 2 cores", "GNU C11 12.2.0", "-Os -std=gnu11 -ffunction-sections", None),
    ("mps2-an386", "verified", "QEMU 7.2.22 mps2-an386", "GNU C11 12.2.1", "-mcpu=cortex-m4 -mfloat-abi=hard", 931_363),
    ("microbit", "verified", "QEMU 7.2.22 microbit", "GNU C11 12.2.1", "-mcpu=cortex-m0 -mthumb -Os", 2_412_806),
    ("nano33ble", "compiled", "", "GNU C11 12.2.1", "-mcpu=cortex-m4 -mfloat-abi=hard -Os", None),
)
#: What strangers may try, where text is free.
NASTY = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>\u202etxt.exe\x07" + "W" * 300


def results(scale: float = 1, boards: Sequence[Any] = BOARDS) -> list[BoardResult]:
    """Make what was run on boards; figures grow with scale."""
    return [
        BoardResult(
            board=board,
            status=status,
            formats=["arduino", "cmake"] if status == "verified" else [],
            machine=machine,
            compiler=compiler,
            flags=flags,
            kernel_variant="arm_dsp" if "m4" in flags else "portable",
            vectors=14 if machine else 0,
            flash_bytes=round(17_000 * scale) if machine else None,
            ram_bytes=round(2_500 * scale) if machine else None,
            instructions=round(count * scale) if count else None,
        )
        for board, status, machine, compiler, flags, count in boards
    ]


def attest(registry: MadeUp, name: str, version: str, boards: Sequence[BoardResult], by: str = "CI of Ada") -> None:
    """Add an attestation to a version."""
    text = json.dumps([board.model_dump() for board in boards]).encode()
    path = attestation_path(name, version, sha256(text))
    registry.files[path] = text
    said = Attested(
        name=name,
        version=version,
        made=MADE,
        by=by,
        passed=all(board.status != "failed" for board in boards),
        artifacts=["ab" * 32],
        file=File(path=path, size=len(text), sha256=sha256(text)),
        boards=list(boards),
    )
    lines = [
        line.model_copy(update={"attestations": [*line.attestations, Signed[Attested](body=said)]})
        if line.version == version
        else line
        for line in registry.indexes[name].lines
    ]
    registry.indexes[name] = PackageIndex(name=name, lines=lines)


def timeline(results: int = 40) -> bytes:
    """Make the timeline of a recording in which something is heard twice."""
    heard = [
        {"time_ms": 500 + 100 * i, "index": 1, "label": "right", "score": 0.5 + 0.45 * sin(i / 4)}
        for i in range(results)
    ]
    rows = [{**row, "is_accepted": row["score"] > 0.8} for row in heard]
    for i, row in enumerate(rows):
        row["is_new"] = row["is_accepted"] and not (i and rows[i - 1]["is_accepted"])
    wave = [[-round(abs(9000 * sin(i / 9)) + 200), round(abs(9000 * sin(i / 9)) + 200)] for i in range(300)]
    about = {"name": "knock.wav", "duration_ms": 500 + 100 * results, "channels": 1, "images": 0, "envelope": [wave]}
    return json.dumps({"recording": about, "results": rows}).encode()


def publish(
    registry: MadeUp, name: str, version: str, record: dict[str, Any], readme: str = README, **changes: Any
) -> None:
    """Publish a version with a record, a README, archives in two formats, and a timeline where features are."""
    label = f"{name}-{version}"
    archive = pack(f"{label}.tar.gz", {"README.md": readme.encode(), "src/a.h": version.encode()})
    files = {
        "platformio": (f"{label}.tar.gz", archive),
        "cmake": (f"{label}-cmake.tar.gz", pack(f"{label}-cmake.tar.gz", {"CMakeLists.txt": b""})),
        "arduino": (f"{label}-arduino.zip", pack(f"{label}-arduino.zip", {"README.md": b"# A zip"})),
        "record": (f"{label}.json", json.dumps(record).encode()),
    }
    files |= {"timeline": (f"{label}.timeline.json", timeline())} if changes.get("features") else {}
    registry.publish(name, version, files, **changes)


def full_registry() -> MadeUp:
    """Make a registry of a few packages that together have all that pages show."""
    registry = MadeUp()
    record = {
        "card": CARD,
        "features": {"type": "mfcc", "sample_rate": 16000, "preset": None, "bands": 40, "window": [1, 2]},
        "decision": {"type": "classify", "threshold": 0.8, "background": ["left"]},
        "operators": ["CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "SOFTMAX"],
    }
    steps = (("1.0.0", 1.0), ("1.1.0", 1.3), ("1.1.1", 1.1), ("1.2.0", 1.15))
    for version, scale in steps:
        memory = {name: round(value * scale) for name, value in (("arena_bytes", 5960), ("ram_bytes", 22698))}
        publish(
            registry,
            "door-guard",
            version,
            record,
            features="mfcc",
            decision="classify",
            published=f"2026-0{3 + len(version)}-{10 + int(10 * scale)}T10:00:00Z",
            table_bytes=round(20_609 * scale),
            **memory,
        )
    registry.yank("door-guard", "1.1.0", "reads past the ring")
    for version, scale in steps:
        attest(registry, "door-guard", version, results(scale))
    attest(registry, "door-guard", "1.1.1", results(1.1))
    failed = ("pico", "failed", "QEMU", "GNU C11 12.2.1", "-Os", None)
    publish(registry, "gesture", "0.3.0-rc.1", {}, description="Feels a wave, a circle and punches.", keywords=["imu"])
    attest(registry, "gesture", "0.3.0-rc.1", results(boards=[*BOARDS, failed]), by="a passer-by")
    publish(registry, "wake-word", "1.0.0", {}, description="Hears the words yes and no.", unverified=True)
    return registry


def add_hostile(registry: MadeUp, name: str = "hostile") -> None:
    """Publish a package whose every text is an attack."""
    record = {
        "card": {"accuracy": NASTY},
        "features": {NASTY: [[[[NASTY]]]]},
        "decision": [NASTY],
        "operators": [NASTY],
    }
    readme = (
        f"# {NASTY}\n\n[a](javascript:alert(3)) <b onclick=x>y</b> ![z](https://example.com/z.png)\n\n    {NASTY}\n"
    )
    free = dict.fromkeys(("description", "license", "repository", "features", "decision", "published"), NASTY)
    lists = {key: [NASTY] for key in ("authors", "keywords", "labels", "inputs", "outputs")}
    publish(registry, name, "1.0.0", record, readme, **{**free, **lists, "repository": "javascript:alert(4)"})
    board = BoardResult(
        board=NASTY, status="verified", machine=NASTY, compiler=NASTY, flags=NASTY, instructions=1 << 62
    )
    attest(registry, name, "1.0.0", [board], by=NASTY)


def many(count: int) -> dict[str, dict[str, Any]]:
    """Make summaries of many packages, as lists and search take them."""
    kinds = ("wake word", "gesture", "bearing", "person", "glass break", "bird song", "cough", "meter")
    summaries = {}
    for i in range(count):
        kind = kinds[i % len(kinds)]
        name = f"{kind.replace(' ', '-')}-{i:05}"
        release = make_release(name, description=f"Detects: {kind}, number {i}.", keywords=[kind.split()[0], "audio"])
        index = PackageIndex(name=name, lines=[make_line(release)])
        summaries[name] = index.summary() | {"published": MADE, "badge": Badge("verified", "verified on 3 boards")}
    return summaries
