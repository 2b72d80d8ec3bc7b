"""What the model says of the recordings at other levels, and at other places of its window.

python evaluate.py prints the table of README.md and draws words.png; it needs matplotlib.
"""

from __future__ import annotations

import wave
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from tinypack.features import load_features
from tinypack.importers.tflite import import_tflite
from tinypack.manifest import load_project
from tinypack.model_file import read_model
from tinypack.oracle import run_oracle

HERE = Path(__file__).resolve().parent
PROJECT = load_project(HERE)
LABELS, THRESHOLD = PROJECT.manifest.model.labels, PROJECT.manifest.decision.threshold
WORDS = {"yes": ("yes",), "no": ("no", "go", "unknown")}  # recordings of words, and the labels to draw
RATE = 16000  # Hz; each recording is one second
SHIFTS = np.arange(-600, 601, 10)  # ms: half a hop apart, since it matters where frames begin
LEVELS: Mapping[str, Callable[[np.ndarray], np.ndarray]] = {
    "as it is": lambda x: x,
    "as trained": lambda x: np.clip(x / x.max(), -1, 1),
    "20 dB lower": lambda x: x / 10,
    "40 dB lower": lambda x: x / 100,
}


def recording(path: Path) -> np.ndarray:
    """Read a recording, within [-1, 1)."""
    with wave.open(str(path)) as file:
        return np.frombuffer(file.readframes(RATE), "<i2") / 32768


def scores(clips: np.ndarray) -> np.ndarray:
    """Give the model's scores of clips of a second, by the project's own features.

    Shapes: [n, RATE] -> [n, labels]
    """
    data = read_model(PROJECT.model_path)
    graph = import_tflite(data, PROJECT.model_path.name)
    shape = graph.tensors[graph.inputs[0]].shape
    vectors = ([window.reshape(shape)] for window in load_features(HERE).quantise(clips.astype(np.float32)))
    outputs = [output.reshape(-1) for (output,) in run_oracle(data, graph, vectors, graph.outputs[:1])]
    return (np.array(outputs) + 128.0) / 256


def table() -> str:
    """Tell the label on top of each recording at each level, in Markdown."""
    paths = sorted((HERE / "recordings").glob("*.wav"))
    rows = ["| recording | largest sample | " + " | ".join(LEVELS) + " |", "|---|---:|" + "---|" * len(LEVELS)]
    clips = [recording(path) for path in paths]
    found = scores(np.array([change(clip) for clip in clips for change in LEVELS.values()]))
    for path, clip, levels in zip(paths, clips, found.reshape(len(paths), len(LEVELS), -1), strict=True):
        cells = [f"{LABELS[each.argmax()]} {each.max():.2f}" for each in levels]
        rows.append(f"| {path.stem} | {clip.max():.4f} | {' | '.join(cells)} |")
    return "\n".join(rows)


def shifted(word: str) -> np.ndarray:
    """Give a word's scores, moved in the window, a quiet room before and after it.

    Shapes: -> [shifts, labels]
    """
    room = np.tile(recording(HERE / "recordings" / "silence_1000ms.wav"), 3)
    room[RATE : 2 * RATE] = recording(HERE / "recordings" / f"{word}_1000ms.wav")
    starts = RATE - SHIFTS * RATE // 1000
    return scores(np.array([room[start : start + RATE] for start in starts]))


def draw(path: Path) -> None:
    import matplotlib.pyplot as plt

    figure, places = plt.subplots(1, len(WORDS), figsize=(9, 3), sharey=True, layout="constrained")
    for axes, (word, labels) in zip(places, WORDS.items(), strict=True):
        found = shifted(word)
        for i, label in enumerate(labels):
            for start, style in enumerate(("-", "--")):
                name = f'"{label}"' if start == 0 else None
                axes.plot(SHIFTS[start::2], found[start::2, LABELS.index(label)], style, color=f"C{i}", label=name)
        axes.axhline(THRESHOLD, color="grey", linestyle=":", label="threshold")
        axes.set(title=f'a recording of "{word}"', xlabel="later in the window, ms", ylim=(0, 1.2))
        axes.set_yticks(np.arange(0, 1.1, 0.2))
        axes.legend(loc="upper center", ncols=4, frameon=False, fontsize="small", columnspacing=1.0)
        heard = (found[:, LABELS.index(word)] >= THRESHOLD).sum() * (SHIFTS[1] - SHIFTS[0])
        print(f'"{word}" reaches {THRESHOLD} in {heard} ms of places')
    places[0].set_ylabel("score")
    figure.savefig(path, dpi=100, metadata={"Software": None})


if __name__ == "__main__":
    print(table())
    draw(HERE / "words.png")
