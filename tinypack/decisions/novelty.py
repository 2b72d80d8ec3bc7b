"""Anomaly scores of features: the block for a file that tinypack.decisions.fit wrote."""

from __future__ import annotations

from pathlib import PurePath
from typing import Annotated

from pydantic import AfterValidator

from tinypack.decisions.distance import Distance, cluster_distance, mixture_distance
from tinypack.decisions.fitted import Clusters, load_fitted
from tinypack.decisions.protocol import Given
from tinypack.options import broken


def _inside(value: str) -> str:
    if not value.strip() or not value.isprintable() or PurePath(value).is_absolute() or ".." in PurePath(value).parts:
        raise broken("the file must lie in the project's folder", "copy it beside tinypack.toml")
    return value


FittedFile = Annotated[str, AfterValidator(_inside)]


def distance(file: str, given: Given) -> Distance:
    """Make the block from "input" to a score; 65536 is the threshold.

    Raises: TinypackError if the file can't be used, ValueError if it doesn't go with the model
    """
    fitted = load_fitted(given.root / file)
    if isinstance(fitted, Clusters):
        return cluster_distance(fitted, given)
    return mixture_distance(fitted, given)
