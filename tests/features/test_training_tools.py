"""Features where people train: within tf.data, and as a step of scikit-learn's pipelines."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.base import clone, is_classifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils import get_tags
from sklearn.utils.validation import check_is_fitted

from tests.features.libraries import need_module
from tinypack.features import EXTRACTORS
from tinypack.features.pipeline import Pipeline

#: Options, and the shape of a clip.
SENSORS: dict[str, tuple[dict[str, Any], tuple[int, ...]]] = {
    "one axis": ({"type": "raw", "sample_rate": 100, "hop": 4}, (50,)),
    "three axes": ({"type": "raw", "sample_rate": 100, "channels": 3, "unit": 0.001, "mean": [0.0, 1.0, 2.0]}, (50, 3)),
    "sound": ({"type": "mfcc", "sample_rate": 16000}, (4000,)),
    "picture": (
        {
            "type": "image",
            "width": 8,
            "height": 6,
            "output_width": 4,
            "output_height": 3,
            "pixels": "grey",
            "colours": "grey",
        },
        (48,),
    ),
}


def pipeline(options: dict[str, Any]) -> Pipeline:
    extractor = EXTRACTORS[options["type"]]
    checked = extractor.Options.model_validate(options)
    return Pipeline(extractor.front_end(checked), checked)


def clips(count: int, options: dict[str, Any], shape: tuple[int, ...]) -> np.ndarray:
    low, high, dtype = (0, 256, np.uint8) if options["type"] == "image" else (-9000, 9000, np.int16)
    return np.random.default_rng(1).integers(low, high, (count, *shape)).astype(dtype)


@pytest.mark.parametrize("name", SENSORS)
def test_within_tf_data(name: str) -> None:
    tf = need_module("tensorflow")
    options, shape = SENSORS[name]
    features, samples = pipeline(options), clips(5, options, shape)
    dataset = tf.data.Dataset.from_tensor_slices(samples).map(features.tf_map)
    expected = features.transform(samples)
    assert tuple(dataset.element_spec.shape) == expected.shape[1:]
    assert dataset.element_spec.dtype == tf.float32
    np.testing.assert_array_equal(np.stack(list(dataset.as_numpy_iterator())), expected)


def test_clips_of_any_length_within_tf_data() -> None:
    tf = need_module("tensorflow")
    features = pipeline(SENSORS["three axes"][0])
    lengths = (20, 33)
    given = [clips(1, *SENSORS["three axes"])[0, :length] for length in lengths]
    dataset = tf.data.Dataset.from_generator(lambda: given, output_signature=tf.TensorSpec((None, 3), tf.int16))
    dataset = dataset.map(features.tf_map)
    assert tuple(dataset.element_spec.shape) == (None, 3)
    for found, samples in zip(dataset.as_numpy_iterator(), given, strict=True):
        np.testing.assert_array_equal(found, features.transform(samples))


@pytest.mark.parametrize("name", SENSORS)
def test_a_clone_gives_the_same(name: str) -> None:
    options, shape = SENSORS[name]
    features, samples = pipeline(options), clips(3, options, shape)
    features.set_params(scale=0.5, zero_point=3)
    copy = clone(features)
    assert copy is not features
    np.testing.assert_array_equal(copy.transform(samples), features.transform(samples))
    np.testing.assert_array_equal(copy.quantise(samples), features.quantise(samples))


def flat(features: np.ndarray) -> np.ndarray:
    return features.reshape(len(features), -1)


def test_before_a_classifier_of_scikit_learn() -> None:
    options, shape = SENSORS["three axes"]
    features, samples = pipeline(options), clips(60, options, shape) // 8
    labels = np.arange(60) % 2
    samples[labels == 1, :, 1] += 500
    model = make_pipeline(features, FunctionTransformer(flat), LogisticRegression())
    found = model.fit(samples[:40], labels[:40]).predict(samples[40:])
    alone = LogisticRegression().fit(flat(features.transform(samples[:40])), labels[:40])
    np.testing.assert_array_equal(found, alone.predict(flat(features.transform(samples[40:]))))
    assert (found == labels[40:]).mean() > 0.9
    search = GridSearchCV(clone(model), {"logisticregression__C": [0.1, 1.0]}, cv=2, error_score="raise")
    assert search.fit(samples, labels).best_score_ > 0.9
    assert is_classifier(model)


def test_scikit_learn_knows_that_there_is_nothing_to_fit() -> None:
    features = pipeline(SENSORS["sound"][0])
    check_is_fitted(features)
    tags = get_tags(features)
    assert tags.transformer_tags is not None
    assert not tags.target_tags.required
