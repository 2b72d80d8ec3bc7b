"""A registry's packages for the tools of each ecosystem, written on request; the registry itself holds none of it."""

from __future__ import annotations

from tinypack.registry.exports import arduino_repo, cmake, esp_idf, library_index, pidx, west, zephyr_git
from tinypack.registry.exports.protocol import Exporter

__all__ = ["EXPORTS"]

EXPORTS: dict[str, Exporter] = {
    "arduino-repo": arduino_repo,
    "library-index": library_index,
    "west": west,
    "zephyr-git": zephyr_git,
    "cmake": cmake,
    "esp-idf": esp_idf,
    "pidx": pidx,
}
