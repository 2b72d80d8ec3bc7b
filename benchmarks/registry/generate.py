"""Generate a registry: true indexes, statements and metadata; the archives that they name are not there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

from tinypack.registry.entries import Archive, Attested, BoardResult, File, Release, sha256
from tinypack.registry.package_index import Line, PackageIndex
from tinypack.registry.paths import archive_path, attestation_path
from tinypack.registry.stores import Edit
from tinypack.registry.stores.folder import FolderStore
from tinypack.registry.trust.head import Head
from tinypack.registry.trust.keys import KeyFolder, SigningKey
from tinypack.registry.trust.manage import init_registry
from tinypack.registry.trust.statements import sign

VERSIONS = 5
BATCH = 5_000  # packages an edit
DATE = "2026-01-01T00:00:00Z"
FORMATS = {
    "arduino": "{}-{}-arduino.zip",
    "platformio": "{}-{}.tar.gz",
    "zephyr": "{}-{}-zephyr.tar.gz",
    "cmake": "{}-{}-cmake.tar.gz",
    "esp-idf": "{}-{}-esp-idf.tar.gz",
    "cmsis-pack": "vendor.{}.{}.pack",
    "record": "{}-{}.json",
}
BOARDS = ("native", "microbit", "mps2-an386", "mps2-an500", "mps3-an547", "riscv32-virt")
WHAT = (
    "wake",
    "keyword",
    "gesture",
    "vibration",
    "sound",
    "person",
    "face",
    "motor",
    "bearing",
    "pump",
    "fan",
    "glass",
    "cough",
    "snore",
    "heart",
    "step",
)
WHERE = (
    "door",
    "car",
    "kitchen",
    "lift",
    "bridge",
    "turbine",
    "mill",
    "factory",
    "farm",
    "hive",
    "river",
    "train",
    "ship",
    "bike",
    "glove",
    "watch",
)
HOW = (
    "tiny",
    "small",
    "fast",
    "quiet",
    "robust",
    "outdoor",
    "indoor",
    "noisy",
    "low-power",
    "wide",
    "narrow",
    "deep",
    "flat",
    "sparse",
    "dense",
    "plain",
)


def names(count: int) -> Iterator[str]:
    """Give names of which no two look alike."""
    stems = [f"{how}-{what}-{where}" for how, what, where in product(HOW, WHAT, WHERE)]
    for number in range(count):
        yield f"{stems[number % len(stems)][:24].strip('-')}-{_letters(number)}"


def _letters(number: int) -> str:
    """Write a number in letters that look like no others, every one a different word of five."""
    alphabet = "bcdfghkprstxz"
    word = ""
    for _ in range(5):
        number, digit = divmod(number, len(alphabet))
        word += alphabet[digit]
    return word


def package(name: str, key: SigningKey, versions: int = VERSIONS) -> PackageIndex:
    """Make a package's index, with an attestation for each version."""
    return PackageIndex(name=name, lines=[_line(name, f"1.{minor}.0", key) for minor in range(versions)])


def _line(name: str, version: str, key: SigningKey) -> Line:
    archives = [_archive(name, version, format, pattern) for format, pattern in FORMATS.items()]
    how, _, rest = name.partition("-")
    release = Release(
        name=name,
        version=version,
        published=DATE,
        tinypack="0.1.0",
        description=f"Hears or sees {rest} in {how} surroundings.",
        license="Apache-2.0",
        authors=["Jo Doe <jo@example.org>"],
        keywords=[*name.split("-")[:3], "tinyml"],
        repository="https://example.org/models",
        model_sha256=sha256(name.encode()),
        features="mfcc",
        decision="classify",
        labels=["silence", "unknown", *name.split("-")[:2]],
        inputs=["int8 [1, 49, 10, 1]"],
        outputs=["int8 [1, 4]"],
        arena_bytes=16_000,
        ram_bytes=18_000,
        table_bytes=32_000,
        unverified=False,
        archives=archives,
    )
    digest = sha256(f"{name} {version}".encode())
    attested = Attested(
        name=name,
        version=version,
        made=DATE,
        by=key.name,
        passed=True,
        artifacts=[archive.sha256 for archive in archives[:-1]],
        file=File(path=attestation_path(name, version, digest), size=9_000, sha256=digest),
        boards=[
            BoardResult(board=board, status="verified", formats=list(FORMATS)[:2], flash_bytes=36_000, ram_bytes=16_000)
            for board in BOARDS
        ],
    )
    return Line(release=sign(release, key), attestations=[sign(attested, key)])


def _archive(name: str, version: str, format: str, pattern: str) -> Archive:
    filename = pattern.format(name, version)
    digest = sha256(filename.encode())
    return Archive(path=archive_path(name, version, digest, filename), size=90_000, sha256=digest, format=format)


def generate(
    folder: Path, keys: KeyFolder, count: int, bins: int, say: Callable[[int], None] = lambda _: None
) -> FolderStore:
    """Make a registry of so many packages; `say` hears how many there are so far."""
    store = FolderStore(folder)
    key = init_registry(store, keys, bins=bins, name="bench").online_key
    waiting = list(names(count))
    for start in range(0, count, BATCH):
        batch = waiting[start : start + BATCH]
        _write(store, Head.read(store).edit((package(name, key) for name in batch), key))
        say(start + len(batch))
    return store


def _write(store: FolderStore, edit: Edit) -> None:
    """Write an edit as `FolderStore.update` does, without waiting for the disk after each file."""
    for path, data in (*edit.new.items(), *([edit.head] if edit.head else [])):
        place = store.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    for path in edit.drop:
        (store.root / path).unlink(missing_ok=True)
