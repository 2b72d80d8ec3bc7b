"""`tinypack diff`: two packages, what differs, and how the second's version must be raised."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tinypack.registry.versions.accuracy import Accuracy, measure
from tinypack.registry.versions.change import Comparison, Step
from tinypack.registry.versions.compare import compare
from tinypack.registry.versions.examples import read_examples
from tinypack.registry.versions.facts import Facts
from tinypack.registry.versions.sources import open_package
from tinypack.registry.versions.steps import least_version, parse_version


@dataclass(frozen=True, eq=False)
class Difference:
    old: Facts
    new: Facts
    comparison: Comparison
    accuracy: tuple[Accuracy, Accuracy] | None = None

    @property
    def least(self) -> str:
        """The least version that may follow the old one; "" where that has none of a package's numbers."""
        if parse_version(self.old.version) is None:
            return ""
        return least_version([self.old.version], self.old.version, self.comparison.step)

    @property
    def verdict(self) -> str:
        if self.comparison.step == Step.NONE:
            return "no changes"
        steps = f": {self.old.version} -> {self.least}" if self.least else ""
        return f"least step: {self.comparison.step.label}{steps}"

    def to_json(self) -> dict[str, Any]:
        return {
            "old": {"name": self.old.name, "version": self.old.version},
            "new": {"name": self.new.name, "version": self.new.version},
            "step": self.comparison.step.label,
            "least_version": self.least,
            "changes": [change.to_json() for change in self.comparison.changes],
            "not_compared": list(self.comparison.notes),
            "accuracy": [side.to_json() for side in self.accuracy] if self.accuracy else None,
        }


def diff_packages(old: str, new: str, registry: str = "", test_set: Path | None = None) -> Difference:
    """Compare two packages as users name them; with a test set, run both on it.

    Raises: TinypackError if one can't be opened, or can't be run on the test set
    """
    examples = read_examples(test_set) if test_set is not None else None
    before, after = open_package(old, registry), open_package(new, registry)
    comparison = compare(before.facts, after.facts)
    accuracy = (measure(before, examples), measure(after, examples)) if examples is not None else None
    return Difference(before.facts, after.facts, comparison, accuracy)
