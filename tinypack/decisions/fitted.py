"""What is known of usual features, fitted to training data: K-means clusters or a Gaussian mixture, kept as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, TypeAdapter, ValidationError, model_validator

from tinypack.errors import TinypackError
from tinypack.options import Section, broken

MOST_BYTES = 8 << 20
HINT = "fit it again with tinypack.decisions.fit"

Real = Annotated[float, Field(strict=False, ge=-1e15, le=1e15, allow_inf_nan=False)]
Size = Annotated[float, Field(strict=False, ge=1e-15, le=1e15, allow_inf_nan=False)]
Share = Annotated[float, Field(strict=False, ge=1e-12, le=1, allow_inf_nan=False)]
Rows = Annotated[list[list[Real]], Field(min_length=1, max_length=256)]


class _Kept(Section):
    def save(self, path: Path) -> None:
        """Write it as JSON, each row of numbers on a line of its own, so that a change shows as one."""
        entries = [f" {json.dumps(key)}: {_text(value)}" for key, value in self.model_dump().items()]
        path.write_text("{\n" + ",\n".join(entries) + "\n}\n", encoding="utf-8", newline="\n")


class Clusters(_Kept):
    """K-means: a point is as far out as its distance to a centre, in deviations, over that cluster's radius.

    Shapes: centres [clusters][features], deviations [features], radii [clusters]
    """

    method: Literal["kmeans"] = "kmeans"
    centres: Rows
    deviations: list[Size]
    radii: list[Size]

    @model_validator(mode="after")
    def _shapes_agree(self) -> Clusters:
        _same("radii", len(self.radii), "centres", len(self.centres))
        for row in self.centres:
            _same("each centre", len(row), "deviations", len(self.deviations))
        return self

    @property
    def features(self) -> int:
        return len(self.deviations)

    def scores(self, features: np.ndarray) -> np.ndarray:
        """Score features in real arithmetic; 1 is the threshold.

        Shapes: features [count, features] -> [count]
        """
        squares = squared_distances(features, np.array(self.centres), np.array([self.deviations]))
        found: np.ndarray = (np.sqrt(squares) / np.array(self.radii)).min(1)
        return found


class Mixture(_Kept):
    """A mixture of Gaussians with diagonal covariances: a point is as far out as its likeliest component says.

    The squared distance to a component is -2 log of its weighted density, less what that is at the highest peak.
    Shapes: weights [components], means and deviations [components][features]
    """

    method: Literal["gmm"] = "gmm"
    weights: list[Share]
    means: Rows
    deviations: list[list[Size]]
    threshold: Size  # of the distance

    @model_validator(mode="after")
    def _shapes_agree(self) -> Mixture:
        _same("weights", len(self.weights), "means", len(self.means))
        _same("deviations", len(self.deviations), "means", len(self.means))
        for row in (*self.means, *self.deviations):
            _same("each row", len(row), "the first mean", len(self.means[0]))
        return self

    @property
    def features(self) -> int:
        return len(self.means[0])

    @property
    def offsets(self) -> np.ndarray:
        """Squared distance of each component's own mean [components]; the least is 0."""
        heights = 2 * np.log(np.array(self.deviations)).sum(1) - 2 * np.log(np.array(self.weights))
        found: np.ndarray = heights - heights.min()
        return found

    def scores(self, features: np.ndarray) -> np.ndarray:
        """Score features in real arithmetic; 1 is the threshold.

        Shapes: features [count, features] -> [count]
        """
        squares = squared_distances(features, np.array(self.means), np.array(self.deviations)) + self.offsets
        found: np.ndarray = np.sqrt(squares.min(1)) / self.threshold
        return found


Fitted = Clusters | Mixture
_FITTED: TypeAdapter[Fitted] = TypeAdapter(Annotated[Clusters | Mixture, Field(discriminator="method")])


def squared_distances(features: np.ndarray, centres: np.ndarray, deviations: np.ndarray) -> np.ndarray:
    """Give the squared distances of points to centres, in deviations.

    Shapes: features [count, features], centres [k, features], deviations [1 or k, features] -> [count, k]
    """
    rows = np.broadcast_to(deviations, centres.shape)
    columns = [(((features - c) / sd) ** 2).sum(1) for c, sd in zip(centres, rows, strict=True)]
    return np.stack(columns, axis=1)


def load_fitted(path: Path) -> Fitted:
    """Read what `save` wrote.

    Raises: TinypackError (io, bad-manifest) if there is no such file, or it is damaged or hostile
    """
    rule = "the file that [decision] names must be readable"
    if path.exists() and not path.is_file():
        raise TinypackError.one("io", str(path), rule, "a folder, a pipe or a device", HINT)
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise TinypackError.one("io", str(path), rule, str(error.strerror), HINT) from None
    if len(data) > MOST_BYTES:
        raise TinypackError.one("bad-manifest", str(path), f"the file may have up to {MOST_BYTES} bytes", "more", HINT)
    try:
        return _FITTED.validate_json(data)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)[0]
        own = found.get("ctx", {}).get("rule")
        rule = own or "the file must be as tinypack.decisions.fit writes it"
        place = ".".join(str(key) for key in found["loc"])
        message = place if own else f"{place}: {found['msg']}".removeprefix(": ")
        raise TinypackError.one("bad-manifest", str(path), rule, message, HINT) from None


def _text(value: Any) -> str:
    if isinstance(value, list) and isinstance(value[0], list):
        return "[\n" + ",\n".join(f"  {json.dumps(row)}" for row in value) + "\n ]"
    return json.dumps(value)


def _same(what: str, count: int, other: str, wanted: int) -> None:
    if count != wanted:
        raise broken(f"{what} must have as many entries as {other}: {wanted}, not {count}", HINT)
