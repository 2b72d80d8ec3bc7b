"""Features in Python, the same bits as on the device: for training, evaluation and replay."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from tinypack.features.extractor import FeatureOptions, FrontEnd
from tinypack.features.model_input import each_feature, model_chain
from tinypack.features.protocol import Chain

BATCH_BYTES = 1 << 20  # of samples that are computed at once: what lies between blocks should stay in a cache


class Pipeline:
    """A front end over arrays of samples.

    Samples are int16 as a device delivers them, or floats in real units (sound within [-1, 1)), which are rounded to
    int16 as `<prefix>_sample()` does. Images are uint8 as they lie in memory.
    Shapes: one stream [n] or [n, channels], or a batch of them [batch, n] or [batch, n, channels]; with one channel
    both are without it. An image [bytes], a batch [batch, bytes].
    """

    def __init__(
        self,
        front: FrontEnd,
        options: FeatureOptions,
        scale: float | None = None,
        zero_point: int = 0,
        frames: int | None = None,
    ) -> None:
        """Wrap a front end; `scale` and `zero_point` are of the model's input, where there is a model already."""
        self.front, self.options = front, options
        self.scale, self.zero_point, self.frames = scale, zero_point, frames

    def fixed(self, samples: Any) -> np.ndarray:
        """Compute features as the device holds them before it normalises.

        Shapes: [(batch,) n(, channels)] -> [(batch,) frames, *shape] int32 (int8 where the extractor quantises)
        """
        return self._run(self.front.chain, samples)

    def transform(self, samples: Any) -> np.ndarray:
        """Compute normalised features in real units, to train with.

        Shapes: [(batch,) n(, channels)] -> [(batch,) frames, *shape] float32
        """
        fixed = self.fixed(samples)
        flat = fixed.reshape(*fixed.shape[: fixed.ndim - len(self.front.shape)], self.front.features.length)
        real = (flat.astype(np.float64) - self.front.zero_point) * np.array(self.front.unit)
        mean, std = (each_feature(self.front, values) for values in (self.options.mean, self.options.std))
        real = (real - np.array(mean)) / np.array(std)
        shaped: np.ndarray = real.astype(np.float32).reshape(fixed.shape)
        return shaped

    def quantise(self, samples: Any, scale: float | None = None, zero_point: int | None = None) -> np.ndarray:
        """Compute features as the model's int8 input has them, bit by bit as on the device.

        Shapes: [(batch,) n(, channels)] -> [(batch,) frames, *shape] int8
        Raises: ValueError if the project has no model yet and no scale is given
        """
        scale = self.scale if scale is None else scale
        zero_point = self.zero_point if zero_point is None else zero_point
        if scale is None and not self.front.quantised:
            raise ValueError("the model's file is not there yet: give scale and zero_point of its input")
        return self._run(model_chain(self.front, self.options, scale or 1.0, zero_point), samples)

    def windows(self, features: np.ndarray, every: int = 1) -> np.ndarray:
        """Cut features into windows of `frames`, each `every` frames after the one before; none if there are too few.

        Shapes: [(batch,) frames, *shape] -> [(batch,) windows, frames of the model, *shape]
        Raises: ValueError if neither the manifest nor a model says how many frames a window has
        """
        if self.frames is None:
            raise ValueError("set `frames` in [features]: there is no model to tell it")
        axis = features.ndim - len(self.front.shape) - 1
        if features.shape[axis] < self.frames:
            return np.zeros((*features.shape[:axis], 0, self.frames, *self.front.shape), features.dtype)
        view = np.lib.stride_tricks.sliding_window_view(features, self.frames, axis)
        stepped: np.ndarray = np.moveaxis(view, -1, axis + 1)[(slice(None),) * axis + (slice(None, None, every),)]
        return np.array(stepped)

    def tf_map(self, samples: Any) -> Any:
        """Do the same as `transform` within tf.data: `dataset.map(pipeline.tf_map)`, for samples of known length.

        Shapes: a tensor [n] or [n, channels] -> a tensor [frames, *shape] float32
        """
        import tensorflow as tf

        features = tf.numpy_function(lambda array: self.transform(array), [samples], tf.float32)
        count = (
            count_frames(self.front, samples.shape[0]) if samples.shape.rank and samples.shape[0] is not None else None
        )
        features.set_shape((count, *self.front.shape))
        return features

    def fit(self, samples: Any = None, labels: Any = None) -> Pipeline:
        """Learn nothing; scikit-learn calls it."""
        return self

    def fit_transform(self, samples: Any, labels: Any = None) -> np.ndarray:
        """Do the same as `transform`; scikit-learn calls it."""
        return self.transform(samples)

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Give what `__init__` takes, so that scikit-learn can clone the pipeline."""
        names = ("front", "options", "scale", "zero_point", "frames")
        return {name: getattr(self, name) for name in names}

    def set_params(self, **params: Any) -> Pipeline:
        """Change what `__init__` takes; scikit-learn calls it."""
        for name, value in params.items():
            setattr(self, name, value)
        return self

    def __sklearn_tags__(self) -> Any:
        """Say that samples are no table of features, and that there is nothing to fit; scikit-learn calls it."""
        from sklearn.utils import InputTags, Tags, TargetTags, TransformerTags

        inputs = InputTags(two_d_array=True, three_d_array=True)
        return Tags(None, TargetTags(required=False), TransformerTags(), input_tags=inputs, requires_fit=False)

    def _run(self, chain: Chain, samples: Any) -> np.ndarray:
        array = as_samples(self.front, samples)
        inner = 1 if self.front.rate == 0 or self.front.channels == 1 else 2
        if array.ndim not in (inner, inner + 1) or (inner == 2 and array.shape[-1] != self.front.channels):
            channels = "" if inner == 1 else f", {self.front.channels}"
            raise ValueError(f"samples must have the shape [n{channels}] or [batch, n{channels}], not {array.shape}")
        streams = array if array.ndim > inner else array[np.newaxis]
        if self.front.rate == 0 and streams.shape[1] != self.front.samples.length:
            raise ValueError(f"an image must have {self.front.samples.length} bytes, not {streams.shape[1]}")
        count = count_frames(self.front, streams.shape[1]) if self.front.rate > 0 else 1
        output = chain.arrays[chain.output]
        if len(streams) * count:
            features = np.concatenate(list(self._batches(chain, streams)))
        else:
            features = np.zeros((len(streams), count, output.length), output.dtype)
        shaped = features.reshape(*features.shape[:2], *self.front.shape)
        return shaped if array.ndim > inner else shaped[0]

    def _batches(self, chain: Chain, streams: np.ndarray) -> Iterator[np.ndarray]:
        step = max(1, BATCH_BYTES // max(1, streams[:1].nbytes))
        for start in range(0, len(streams), step):
            frames = frames_of(self.front, streams[start : start + step])
            yield chain.apply({"samples": frames}, chain.start(len(frames)))


def as_samples(front: FrontEnd, samples: Any) -> np.ndarray:
    """Give samples as a device delivers them: floats rounded, ties away from zero, and saturated.

    Shapes: kept; float -> int16
    Raises: ValueError for other types
    """
    array: np.ndarray = np.asarray(samples)
    wanted = front.samples.dtype
    if array.dtype == wanted:
        return array
    if array.dtype.kind != "f" or wanted != np.int16:
        floats = ", or floats in real units" if wanted == np.int16 else ""
        raise ValueError(f"samples must be {np.dtype(wanted)}{floats}, not {array.dtype}")
    with np.errstate(over="ignore"):
        scaled = np.clip(array.astype(np.float32) / np.float32(front.sample_unit), -65536, 65536)
    rounded = np.trunc(scaled) + np.trunc(2 * (scaled - np.trunc(scaled)))
    whole: np.ndarray = np.clip(np.nan_to_num(rounded), -32768, 32767).astype(np.int16)
    return whole


def count_frames(front: FrontEnd, samples: int) -> int:
    """Give the number of whole frames in so many samples of a channel."""
    return max(0, (samples - max(front.frame, front.hop)) // front.hop + 1)


def frames_of(front: FrontEnd, streams: np.ndarray) -> np.ndarray:
    """Cut streams into frames.

    Shapes: [batch, n] or [batch, n, channels] -> [batch, frames, frame * channels]; images [batch, bytes] -> one frame
    """
    if front.rate == 0:
        return streams[:, np.newaxis]
    flat = streams.reshape(len(streams), streams.shape[1], -1)
    count = count_frames(front, flat.shape[1])
    if count == 0:
        return np.zeros((len(flat), 0, front.samples.length), flat.dtype)
    view = np.lib.stride_tricks.sliding_window_view(flat, front.frame, 1)[:, :: front.hop][:, :count]
    return np.ascontiguousarray(np.moveaxis(view, -1, 2)).reshape(len(flat), count, -1)
