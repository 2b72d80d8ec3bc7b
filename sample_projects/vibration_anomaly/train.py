"""Makes all that is trained or drawn in this folder: the model, its threshold, recordings, metrics and pictures.

    pip install 'tinypack[train]'
    python train.py            # or `python train.py FOLDER`, to write elsewhere

It takes two minutes on two cores. The same versions on the same kind of processor give the same files.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import figures
import numpy as np
import signals
from evaluate import SECONDS, Found, auc, evaluate, metrics, recordings, run_model, table

from tinypack.decisions.fit import fit_kmeans, fit_threshold, reconstruction_errors
from tinypack.features import load_features
from tinypack.importers.tflite import import_tflite

HERE = Path(__file__).resolve().parent
MODEL = "vibration.tflite"
SEEDS = {"model": 0, "train": 1, "threshold": 2, "recordings": 4}  # evaluate.py has another

HIDDEN, CODE = 32, 6
EPOCHS, BATCH, LEARNING_RATE = 40, 128, 4e-3
TRAINED_WITH, THRESHOLD_FROM = 1000, 400  # recordings of the healthy machine
CLUSTERS = 8  # of k-means, to compare with
QUANTILE = 0.998  # of their results that are below the threshold
#: Powers that the input must hold beyond those of the healthy machine, in log10: faults are louder.
HEADROOM = 1.5
SHOWN_SECONDS = 4.48  # of each recording in recordings/
SHOWN_SEVERITY = 0.5


def usual(seed: int, count: int) -> np.ndarray:
    """Shapes: [count, samples] int16"""
    return recordings(np.random.default_rng(seed), signals.NORMAL, np.zeros(count))


def train(features: np.ndarray) -> Any:
    """Train an autoencoder.

    Shapes: features [windows, n] float32
    """
    import tensorflow as tf

    tf.keras.utils.set_random_seed(SEEDS["model"])
    tf.config.experimental.enable_op_determinism()
    dense = tf.keras.layers.Dense
    first, last = dense(HIDDEN, "relu"), dense(features.shape[1])
    model = tf.keras.Sequential([tf.keras.Input(features.shape[1:]), first, dense(CODE), dense(HIDDEN, "relu"), last])
    # Centred to begin with: powers are far from 0, and units that never fire don't learn.
    mean = features.mean(axis=0)
    first.bias.assign(-mean @ first.kernel.numpy())
    last.bias.assign(mean)
    steps = EPOCHS * (len(features) // BATCH)
    model.compile(tf.keras.optimizers.Adam(tf.keras.optimizers.schedules.CosineDecay(LEARNING_RATE, steps)), "mse")
    model.fit(features, features, batch_size=BATCH, epochs=EPOCHS, verbose=0)
    return model


def convert(model: Any, features: np.ndarray) -> bytes:
    """Quantise to int8, input and output too."""
    import tensorflow as tf

    loud = np.concatenate((features[::20], features[::20] + HEADROOM)).astype(np.float32)
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([row[np.newaxis]] for row in loud)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.int8
    return bytes(converter.convert())


def choose_threshold(folder: Path) -> float:
    """Choose it from what the int8 model makes of recordings that it was not trained with."""
    graph = import_tflite((folder / MODEL).read_bytes(), MODEL)
    arrays = run_model(folder, usual(SEEDS["threshold"], THRESHOLD_FROM))
    real = [
        graph.tensors[key].quantization.scale * (array.astype(float) - graph.tensors[key].quantization.zero_point)
        for key, array in zip((*graph.inputs, *graph.outputs), arrays, strict=True)
    ]
    inputs, outputs = (array.reshape(-1, array.shape[-1]) for array in real)
    return float(f"{fit_threshold(reconstruction_errors(inputs, outputs), QUANTILE):.3g}")


def kmeans(folder: Path, features: np.ndarray, found: dict[str, Found]) -> dict[str, float]:
    """Give AUCs of the distance from clusters of the same features, to compare with: it needs no training."""
    pipeline = load_features(folder)
    assert pipeline.scale is not None
    clusters = fit_kmeans(features[::5], CLUSTERS, SEEDS["model"], QUANTILE)
    scores = {}
    for kind, each in found.items():
        inputs = each.inputs.reshape(-1, features.shape[1]).astype(float)
        scores[kind] = clusters.scores((inputs - pipeline.zero_point) * pipeline.scale)
    return {kind: round(auc(scores[signals.NORMAL], scores[kind]), 3) for kind in signals.FAULTS}


def write_threshold(manifest: Path, threshold: float) -> None:
    text, count = re.subn(r"(?m)^threshold = \S+", f"threshold = {threshold}", manifest.read_text(encoding="utf-8"))
    assert count == 1
    manifest.write_text(text, encoding="utf-8")


def write_recordings(folder: Path) -> None:
    """Write a recording of each kind as the analog pin gives it, for `tinypack replay`."""
    folder.mkdir(exist_ok=True)
    for i, kind in enumerate(signals.KINDS):
        rng = np.random.default_rng((SEEDS["recordings"], i))
        samples = signals.make(rng, kind, SHOWN_SECONDS, SHOWN_SEVERITY)
        rows = "".join(f"{sample}\n" for sample in samples[:, 0])
        (folder / f"{kind}.csv").write_text(f"# rate: {signals.RATE}\n{rows}", encoding="utf-8")


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    manifest = folder / "tinypack.toml"
    manifest.write_text((HERE / "tinypack.toml").read_text(encoding="utf-8"), encoding="utf-8")
    print(f"{TRAINED_WITH + THRESHOLD_FROM} recordings of {SECONDS} s, their features")
    features = load_features(manifest).transform(usual(SEEDS["train"], TRAINED_WITH))
    features = features.reshape(-1, features.shape[-1])
    print(f"training on {len(features)} windows")
    (folder / MODEL).write_bytes(convert(train(features), features))
    threshold = choose_threshold(folder)
    write_threshold(manifest, threshold)
    print(f"threshold {threshold}; evaluation")
    write_recordings(folder / "recordings")
    found = evaluate(folder)
    summary = {"threshold": threshold, **metrics(found), "auc_of_kmeans": kmeans(folder, features, found)}
    (folder / "metrics.json").write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
    print(table(summary))
    figures.draw_roc(found, folder / "roc.png")
    figures.draw_features(folder, folder / "features.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
