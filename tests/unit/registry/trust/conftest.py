from __future__ import annotations

import os

import pytest


@pytest.fixture(autouse=True)
def no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Power cuts are the store's matter, and its tests'."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)
