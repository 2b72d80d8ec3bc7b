"""A model that carries its own front end: TFLM's audio preprocessor, and a dense layer behind it."""

from __future__ import annotations

import numpy as np

from tests.support.model_builder import Op, T, extend, pack
from tests.support.models import model_bytes

ALONE = "audio_preprocessor_int8"
FEATURES = 42  # its output tensor


def fused(quantised: bool = True) -> bytes:
    """Give 4 scores for each frame. The features themselves may be without quantisation, as CAST leaves them."""
    rng = np.random.default_rng(8)
    last = FEATURES + 1
    tensors = [
        T((1, 40), scale=0.1, zero_point=-128, name="row"),
        T((2,), "int32", data=[1, 40]),
        T((4, 40), scale=0.01, data=rng.integers(-127, 128, (4, 40))),
        T((4,), "int32", scale=0.001, data=rng.integers(-9000, 9000, 4)),
        T((1, 4), scale=0.3, zero_point=5, name="scores"),
    ]
    ops = [
        Op("RESHAPE", (FEATURES, last + 1), (last,), {"new_shape": (1, 40)}),
        Op("FULLY_CONNECTED", (last, last + 2, last + 3), (last + 4,)),
    ]
    model = extend(model_bytes(ALONE), tensors, ops, [last + 4])
    if quantised:
        model.subgraphs[0].tensors[FEATURES].quantization = model.subgraphs[0].tensors[last].quantization
    return pack(model)
