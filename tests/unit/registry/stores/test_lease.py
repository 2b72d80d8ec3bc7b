"""Writers die, sleep, and meet; clocks are the waiters' own."""

from __future__ import annotations

import threading
import time
import uuid

import pytest

from tinypack.errors import TinypackError
from tinypack.registry.paths import HEAD
from tinypack.registry.stores.blobs import Lost, MemoryBlobs
from tinypack.registry.stores.lease import LOCKS, Lease

LENGTH = 1.0  # seconds; a busy machine must not seem dead


@pytest.fixture
def blobs() -> MemoryBlobs:
    blobs = MemoryBlobs(f"memory://{uuid.uuid4().hex}")
    blobs.create(HEAD, b"1")
    return blobs


def lease(blobs: MemoryBlobs, patience: float = 10.0) -> Lease:
    return Lease(blobs, "here", patience, LENGTH)


def kill(holder: Lease) -> None:
    """Stop a holder's heart, as kill -9 does."""
    holder._over.set()
    holder._beating.join()


def test_one_at_a_time(blobs: MemoryBlobs) -> None:
    with lease(blobs) as first:
        with pytest.raises(TinypackError, match="busy"), lease(blobs, patience=1.5 * LENGTH):
            pass  # it never got in, though it waited longer than a lease lasts: the holder lives
        first.publish(HEAD, b"2")
    with lease(blobs) as second:
        second.publish(HEAD, b"3")
    assert b"".join(blobs.chunks(HEAD)) == b"3"
    assert len(list(blobs.paths(LOCKS))) == 1  # used-up numbers go


def test_a_dead_writers_lease_is_taken_over(blobs: MemoryBlobs) -> None:
    dead = lease(blobs)
    dead.__enter__()
    kill(dead)
    start = time.monotonic()
    with lease(blobs) as holder:
        assert time.monotonic() - start > LENGTH
        holder.publish(HEAD, b"2")
    dead._beaten = time.monotonic()  # even if it thinks that it is still in time
    with pytest.raises(Lost):
        dead.publish(HEAD, b"late")
    dead.__exit__(None, None, None)
    with lease(blobs):
        assert b"".join(blobs.chunks(HEAD)) == b"2"


def test_a_writer_that_slept_publishes_nothing(blobs: MemoryBlobs) -> None:
    sleeper = lease(blobs)
    sleeper.__enter__()
    kill(sleeper)
    time.sleep(LENGTH)
    with pytest.raises(Lost):
        sleeper.publish(HEAD, b"late")


def test_whoever_ignores_locks_is_noticed(blobs: MemoryBlobs) -> None:
    with lease(blobs) as holder:
        blobs.replace(HEAD, b"2")
        with pytest.raises(Lost):
            holder.publish(HEAD, b"3")


def test_a_used_up_number_is_no_lock(blobs: MemoryBlobs) -> None:
    """A writer found no lock, and slept before it made the first; meanwhile others came and went."""
    with lease(blobs):
        pass
    with lease(blobs) as holder:
        assert [path.rpartition("/")[2] for path in blobs.paths(LOCKS)] == [f"{2:012}"]
        assert not lease(blobs)._claim(1)
        holder.check()


def test_many_wait_for_a_dead_one(blobs: MemoryBlobs) -> None:
    """All judge it stale at about the same time; one of them wins each number."""
    dead = lease(blobs)
    dead.__enter__()
    kill(dead)
    inside, most, done = 0, 0, 0
    count = threading.Lock()

    def work() -> None:
        nonlocal inside, most, done
        with lease(blobs, patience=30):
            with count:
                inside += 1
                most = max(most, inside)
            time.sleep(0.01)
            with count:
                inside -= 1
                done += 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most, done) == (1, 8)
