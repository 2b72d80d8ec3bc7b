"""From a front end's features to the model's int8 input."""

from __future__ import annotations

from tinypack.features.extractor import FeatureOptions, FrontEnd
from tinypack.features.protocol import Chain
from tinypack.features.quantise import quantise


def model_chain(front: FrontEnd, options: FeatureOptions, scale: float, zero_point: int) -> Chain:
    """Give the chain from samples to features as a model's int8 input has them, normalised by mean and std."""
    if front.quantised:
        return front.chain
    if front.finish is not None:
        return front.finish(scale, zero_point, options.mean, options.std)
    block = quantise(front.features.length, front.unit, scale, zero_point, options.mean, options.std)
    return front.chain.then(block, "quantised")
