"""Publishers that are processes of their own, light enough to start hundreds of them, and to kill them."""

from __future__ import annotations

import multiprocessing
import os
import random
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from tinypack.registry.audit import audit
from tinypack.registry.publishing.candidate import Candidate
from tinypack.registry.publishing.publish import carry_out, plan_publish
from tinypack.registry.stores.opening import open_store
from tinypack.registry.trust.head import Head
from tinypack.registry.trust.keys import KeyFolder
from tinypack.registry.trust.manage import init_registry

LIMIT = 600.0  # seconds, for any one writer
#: Its children begin with everything imported, and without threads.
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload([__name__, "tinypack.registry.stores.folder", "tinypack.registry.stores.git"])


@dataclass(frozen=True)
class Place:
    """A registry to publish to, and its keys."""

    url: str
    keys: Path

    @classmethod
    def start(cls, url: str, keys: Path) -> Place:
        """Make the registry."""
        init_registry(open_store(url), KeyFolder(keys), "private", 4)
        return cls(url, keys)

    def check(self) -> None:
        """All that is there must be whole and right."""
        found = audit(open_store(self.url))
        assert not found.problems, "\n".join(map(str, found.problems))
        assert found.complete

    def versions(self) -> dict[str, list[str]]:
        """List what is published."""
        head = Head.read(open_store(self.url))
        names = {path for bin in head.bin_names() for path in head.bin(bin).targets if path.endswith(".jsonl")}
        indexes = [head.index(path.rpartition("/")[2].removesuffix(".jsonl")) for path in sorted(names)]
        return {index.name: [line.version for line in index.lines] for index in indexes if index}


@dataclass
class Writer:
    """A process that publishes one package."""

    place: Place
    candidate: Candidate
    cache: Path
    process: BaseProcess = field(init=False)
    ready: Connection = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        self.ready, theirs = CONTEXT.Pipe(duplex=False)
        arguments = (self.place, self.candidate, self.cache, theirs)
        self.process = CONTEXT.Process(target=_publish, args=arguments, daemon=True)
        self.process.start()
        theirs.close()

    def kill(self) -> bool:
        """Kill -9; tell whether it still lived."""
        self.process.kill()
        return self.end() != 0

    def end(self) -> int:
        """Wait for its end: 0, or it was killed."""
        self.process.join(LIMIT)
        code = self.process.exitcode
        assert code in (0, -9), f"publishing {self.candidate.name} ended with {code}"
        self.ready.close()
        return code


def _publish(place: Place, candidate: Candidate, cache: Path, ready: Connection) -> None:
    os.environ["XDG_CACHE_HOME"] = str(cache)
    plan = plan_publish([candidate], place.url, KeyFolder(place.keys), unverified=True)
    ready.send("about to write")
    carry_out(plan)


def publish_at_once(place: Place, candidates: Sequence[Candidate], caches: Iterable[Path]) -> None:
    """Publish all, each by a process of its own."""
    writers = [Writer(place, candidate, cache) for candidate, cache in zip(candidates, caches, strict=False)]
    try:
        assert [writer.end() for writer in writers] == [0] * len(candidates)
    finally:
        for writer in writers:
            writer.process.kill()


def publish_killing(
    place: Place, candidates: Sequence[Candidate], caches: Iterable[Path], most: int, span: float, dice: random.Random
) -> int:
    """Publish all at once, while one after another is killed within `span` seconds of its writing, and starts again.

    The registry is checked after each kill. Gives how many there were: up to `most`.
    """
    writers = [Writer(place, candidate, cache) for candidate, cache in zip(candidates, caches, strict=False)]
    killed = 0
    try:
        while writers and killed < most:
            victim = dice.choice(writers)
            victim.ready.poll(LIMIT)
            time.sleep(dice.uniform(0, span))
            if victim.kill():
                killed += 1
                place.check()
                victim.start()
            else:
                writers.remove(victim)
        assert [writer.end() for writer in writers] == [0] * len(writers)
    finally:
        for writer in writers:
            writer.process.kill()
    return killed
