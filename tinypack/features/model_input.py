"""From a front end's features to the model's int8 input."""

from __future__ import annotations

from collections.abc import Sequence

from tinypack.features.extractor import FeatureOptions, FrontEnd
from tinypack.features.protocol import Chain
from tinypack.features.quantise import quantise


def model_chain(front: FrontEnd, options: FeatureOptions, scale: float, zero_point: int) -> Chain:
    """Give the chain from samples to features as a model's int8 input has them, normalised by mean and std."""
    if front.quantised:
        return front.chain
    if front.finish is not None:
        return front.finish(scale, zero_point, options.mean, options.std)
    mean, std = (each_feature(front, values) for values in (options.mean, options.std))
    block = quantise(front.features.length, front.unit, scale, zero_point, mean, std)
    return front.chain.then(block, "quantised")


def each_feature(front: FrontEnd, values: Sequence[float]) -> Sequence[float]:
    """Repeat what is given for each of the last axis; a single number stays one."""
    count = front.features.length
    return values if len(values) == 1 else [values[i % len(values)] for i in range(count)]
