"""Train the model: python train.py [FOLDER] [--recordings FOLDER]

Makes synthetic recordings, or reads a person's, trains a small CNN on windows of them, and writes gesture.tflite,
metrics.json and confusion.png to a folder (default: here). Needs the extra `train`; takes some minutes.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from evaluate import HERE, evaluate, held_out, write_report
from recordings import read_recordings, window_label
from signals import GESTURES, NONE, RATE, Recording, make_stream

from tinypack.features import load_features
from tinypack.features.pipeline import Pipeline
from tinypack.manifest import load_project

MODEL = "gesture.tflite"
SEED = 1
STREAMS, GESTURES_EACH = 240, 12
NONE_STREAMS, NONE_EACH = 80, 20
STEP = 20  # samples from one window of a recording to the next
BATCH = 128
EPOCHS = 20
HELD_OUT = 5  # of a person's recordings, each fifth is not trained with


def training_recordings() -> list[Recording]:
    rng = np.random.default_rng(SEED)
    gestures = [make_stream(rng, rng.choice(GESTURES, GESTURES_EACH)) for _ in range(STREAMS)]
    return gestures + [make_stream(rng, [NONE] * NONE_EACH) for _ in range(NONE_STREAMS)]


def training_windows(
    pipeline: Pipeline, recordings: Sequence[Recording], labels: Sequence[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Cut recordings into windows from random offsets, without those that show some of a gesture only.

    Shapes: -> [n, frames, 3] float32, [n] indices of labels
    """
    rng = np.random.default_rng(SEED)
    windows, shown = [], []
    for recording in recordings:
        offset = rng.integers(STEP)
        for i, window in enumerate(pipeline.windows(pipeline.transform(recording.samples[offset:]), STEP)):
            start = (offset + i * STEP) / RATE
            label = window_label(start, start + len(window) / RATE, recording.spans)
            if label is not None:
                windows.append(window)
                shown.append(labels.index(label))
    return np.array(windows), np.array(shown)


def train(x: np.ndarray, y: np.ndarray, labels: int) -> keras.Model:
    layers = keras.layers
    model = keras.Sequential(
        [
            layers.Input(x.shape[1:]),
            layers.Conv1D(16, 5, strides=2, activation="relu"),
            layers.SeparableConv1D(32, 5, strides=2, activation="relu"),
            layers.SeparableConv1D(48, 5, strides=2, activation="relu"),
            layers.GlobalAveragePooling1D(),
            layers.Dropout(0.2),
            layers.Dense(labels, activation="softmax"),
        ]
    )
    rate = keras.optimizers.schedules.CosineDecay(3e-3, EPOCHS * len(x) // BATCH)
    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, batch_size=BATCH, epochs=EPOCHS, verbose=2)
    return model


def convert(model: keras.Model, x: np.ndarray) -> bytes:
    """Quantise a model to int8, its input and output too; the range of the tensors is that of some windows."""
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([window[np.newaxis]] for window in x[:: max(1, len(x) // 500)])
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.int8
    data: bytes = converter.convert()
    return data


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=HERE, help="what to write to")
    parser.add_argument("--recordings", type=Path, help="what to train with, instead of synthetic data")
    arguments = parser.parse_args()
    keras.utils.set_random_seed(SEED)
    tf.config.experimental.enable_op_determinism()
    if arguments.recordings:
        everything = list(read_recordings(arguments.recordings).values())
        tested = everything[::HELD_OUT]
        trained = [recording for i, recording in enumerate(everything) if i % HELD_OUT]
    else:
        trained, tested = training_recordings(), held_out()
    folder: Path = arguments.folder
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "tinypack.toml").exists():
        shutil.copy(HERE / "tinypack.toml", folder)
    labels = load_project(folder).manifest.model.labels
    pipeline = load_features(folder)
    x, y = training_windows(pipeline, trained, labels)
    print("windows:", dict(zip(labels, np.bincount(y, minlength=len(labels)).tolist(), strict=True)))
    g = x * pipeline.options.std + pipeline.options.mean
    print("tinypack.toml: mean =", g.mean((0, 1)).round(2).tolist(), "std =", g.std((0, 1)).round(2).tolist())
    (folder / MODEL).write_bytes(convert(train(x, y, len(labels)), x))
    write_report(folder, evaluate(folder, tested))


if __name__ == "__main__":
    main()
