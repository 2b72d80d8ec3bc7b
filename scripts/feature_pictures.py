"""Draw docs/features/<extractor>.png: what each extractor makes of a recording, by its Python front end.

python scripts/feature_pictures.py [extractor...]

Needs matplotlib and the recordings in ../shared/models. Motion and vibration are made here, of fixed seeds.
Long, because each picture has a drawing of its own; nothing else imports it.
"""

from __future__ import annotations

import io
import sys
import wave
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from PIL import Image

from tinypack.features import EXTRACTORS
from tinypack.features.extractor import FeatureOptions, FrontEnd
from tinypack.features.mel import mel_edges
from tinypack.features.pipeline import Pipeline

ROOT = Path(__file__).parents[1]
OUTPUT = ROOT / "docs" / "features"
RECORDING = ROOT.parent / "shared" / "models" / "audio" / "yes_1000ms.wav"
PHOTOGRAPH = ROOT / "sample_projects" / "person_detection" / "images" / "person.bmp"
AXES = ("x", "y", "z")
COLOURS = ("#1f6fb4", "#d9772b", "#3b9a57")
INK = "#30343b"
STYLE = {
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.labelsize": 9,
    "axes.linewidth": 0.8,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlecolor": INK,
    "axes.titlelocation": "left",
    "axes.titlesize": 10,
    "figure.facecolor": "white",
    "font.family": "DejaVu Sans",  # comes with matplotlib
    "font.size": 9,
    "legend.frameon": False,
    "lines.linewidth": 0.9,
    "text.color": INK,
    "xtick.color": INK,
    "xtick.labelsize": 8,
    "ytick.color": INK,
    "ytick.labelsize": 8,
}


@dataclass(frozen=True, eq=False)
class Made:
    """What is drawn: samples, and the features that the front end makes of them.

    Shapes: samples [n] or [n, channels]; features [frames, *shape] in real units
    """

    options: Any
    front: FrontEnd
    samples: np.ndarray
    features: np.ndarray

    @property
    def centres(self) -> np.ndarray:
        """Units: s, of each frame"""
        return (np.arange(len(self.features)) * self.front.hop + self.front.frame / 2) / self.front.rate


@dataclass(frozen=True)
class Picture:
    options: Mapping[str, Any]
    samples: Callable[[], np.ndarray]
    draw: Callable[[Figure, Made], None]


# What is recorded


def speech() -> np.ndarray:
    """One second of "yes" at 16 kHz."""
    with wave.open(str(RECORDING)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), "<i2")


def gesture() -> np.ndarray:
    """Two seconds of a hand that waves, 100 Hz, at +-4 g."""
    noise = np.random.default_rng(1)
    t = np.arange(200) / 100
    swing = np.exp(-(((t - 1.05) / 0.42) ** 2))
    g = np.stack(
        (
            1.6 * swing * np.sin(2 * np.pi * 2.8 * t),
            0.7 * swing * np.sin(2 * np.pi * 2.8 * t + 1.1) - 0.15,
            1 - 0.5 * swing * np.sin(2 * np.pi * 5.6 * t) ** 2,
        ),
        axis=1,
    )
    return np.rint((g + noise.normal(0, 0.02, g.shape)) / 0.000122).astype(np.int16)


def vibration() -> np.ndarray:
    """A second of a machine at 25 Hz whose bearing rings with each ball, 1600 Hz, at +-4 g."""
    noise = np.random.default_rng(2)
    t = np.arange(1600) / 1600
    since = t % (1 / 89)  # s since the last ball
    ringing = np.exp(-since * 220) * np.sin(2 * np.pi * 420 * since)
    g = np.stack(
        (
            0.30 * np.sin(2 * np.pi * 25 * t) + 0.55 * ringing,
            0.22 * np.sin(2 * np.pi * 25 * t + 1.6) + 0.35 * ringing,
            1 + 0.10 * np.sin(2 * np.pi * 50 * t),
        ),
        axis=1,
    )
    return np.rint((g + noise.normal(0, 0.03, g.shape)) / 0.000122).astype(np.int16)


def photograph() -> np.ndarray:
    """A grey photograph, cut to 96 x 54."""
    return np.asarray(Image.open(PHOTOGRAPH))[6:60]


# How it is drawn


def signal(axes: Axes, made: Made, name: str) -> None:
    """Draw the samples over time."""
    values = made.samples.reshape(len(made.samples), -1) * made.front.sample_unit
    t = np.arange(len(values)) / made.front.rate
    for axis, column, colour in zip(AXES, values.T, COLOURS, strict=False):
        axes.plot(t, column, color=colour, label=axis)
    axes.set(ylabel=name, xlim=(0, len(values) / made.front.rate))
    axes.margins(y=0.08)
    if values.shape[1] > 1:
        axes.legend(
            loc="lower right",
            bbox_to_anchor=(1, 1),
            ncols=3,
            handlelength=1,
            columnspacing=1,
            borderaxespad=0,
            fontsize=8,
        )


def over_time(axes: Axes, made: Made, rows: np.ndarray, low: float, high: float, colours: str) -> AxesImage:
    """Draw rows as colours, each frame as wide as a hop, around its centre.

    Shapes: rows [frames, n], which reach from low to high
    """
    hop = made.front.hop / made.front.rate
    extent = (made.centres[0] - hop / 2, made.centres[-1] + hop / 2, low, high)
    image = axes.imshow(rows.T, colours, aspect="auto", origin="lower", extent=extent, interpolation="none")
    axes.set(xlabel="time, s", xlim=(0, len(made.samples) / made.front.rate))
    return image


def heat(name: str, unit: str, rows: Callable[[Axes, Made], tuple[float, float]]) -> Callable[[Figure, Made], None]:
    """Draw features as colours over time; `rows` labels the vertical axis, and says where it begins and ends."""

    def draw(figure: Figure, made: Made) -> None:
        above, below = figure.subplots(2, 1, sharex=True, height_ratios=(1, 2))
        above.set_title(f'"yes", {made.front.rate / 1000:g} kHz')
        signal(above, made, "full scale = 1")
        image = over_time(below, made, made.features, *rows(below, made), "magma")
        below.set_title(name)
        scale(figure, image, [above, below], unit, 0.62)

    return draw


def scale(figure: Figure, image: AxesImage, beside: list[Axes], unit: str, part: float) -> None:
    """Put the scale of colours beside the lower part of the axes."""
    figure.colorbar(image, ax=beside, label=unit, shrink=part, anchor=(0, 0.02), pad=0.02, aspect=40 * part)


def bins(axes: Axes, made: Made) -> tuple[float, float]:
    count = made.features.shape[1]
    top = made.front.rate / 2000
    axes.set_ylabel("frequency, kHz")
    return -top / (count - 1) / 2, top + top / (count - 1) / 2


def filters(edges: Callable[[Any], np.ndarray]) -> Callable[[Axes, Made], tuple[float, float]]:
    """Label filters by the frequencies that they are around."""

    def rows(axes: Axes, made: Made) -> tuple[float, float]:
        centres = edges(made.options)[1:-1]
        marks = [hertz for hertz in (125, 250, 500, 1000, 2000, 4000) if centres[0] <= hertz <= centres[-1]]
        axes.set_yticks(np.interp(marks, centres, np.arange(len(centres))), [f"{hertz:g}" for hertz in marks])
        axes.set_ylabel("filter around, Hz")
        return -0.5, len(centres) - 0.5

    return rows


def coefficients(figure: Figure, made: Made) -> None:
    """Draw coefficient 0, which follows loudness and is much larger than the others, by itself."""
    places = figure.subplots(3, 1, sharex=True, height_ratios=(1, 0.8, 1.6))
    places[0].set_title(f'"yes", {made.front.rate / 1000:g} kHz')
    signal(places[0], made, "full scale = 1")
    loudness, rest = made.features[:, 0], made.features[:, 1:]
    places[1].plot(made.centres, loudness, color=COLOURS[0], marker=".", markersize=4)
    places[1].set(title="mfcc: coefficient 0", ylabel="natural log")
    image = over_time(places[2], made, rest, 0.5, rest.shape[1] + 0.5, "RdBu_r")
    image.set_clim(-np.abs(rest).max(), np.abs(rest).max())
    places[2].set_title(f"coefficients 1 to {rest.shape[1]}")
    places[2].set(ylabel="coefficient", yticks=range(1, rest.shape[1] + 1, 2))
    scale(figure, image, list(places), "natural log", 0.4)


def window(figure: Figure, made: Made) -> None:
    """Draw a window of axes as the model has it, in steps of its int8 input."""
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(1.3, 1))
    above.set_title(f"a hand that waves, {made.front.rate:g} Hz")
    signal(above, made, "acceleration, g")
    extent = (0, len(made.samples) / made.front.rate, 2.5, -0.5)
    steps = Pipeline(made.front, made.options).quantise(made.samples, scale=1 / 64, zero_point=0)
    image = below.imshow(steps.T, "RdBu_r", aspect="auto", extent=extent, vmin=-128, vmax=127, interpolation="none")
    below.set_yticks(range(3), AXES)
    below.set(xlabel="time, s", ylabel="axis", title="the model's input")
    scale(figure, image, [above, below], "int8, 1/64 g", 0.45)


def grouped(axes: Axes, names: Sequence[str], values: np.ndarray, unit: str) -> None:
    """Draw bars: for each name one of each axis.

    Shapes: values [axes, names]
    """
    width = 0.8 / len(values)
    for i, (axis, row, colour) in enumerate(zip(AXES, values, COLOURS, strict=False)):
        places = np.arange(len(names)) + (i - (len(values) - 1) / 2) * width
        axes.bar(places, row, width * 0.9, color=colour, label=axis)
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.set_xticks(range(len(names)), [name.replace("-", "-\n") for name in names])
    axes.set(ylabel=unit)
    axes.tick_params(axis="x", length=0)


def statistics(figure: Figure, made: Made) -> None:
    parts = figure.subfigures(2, 1, height_ratios=(1, 1.15))
    above = parts[0].subplots()
    above.set(title=f"a hand that waves, {made.front.rate:g} Hz", xlabel="time, s")
    signal(above, made, "acceleration, g")
    names = made.options.features
    values = made.features[0].reshape(-1, len(names))
    amplitudes = [name for name in names if name in ("mean", "std", "rms", "minimum", "maximum", "peak-to-peak")]
    shapes = [name for name in names if name in ("skewness", "kurtosis")]
    counts = [name for name in names if name.endswith("crossings")]
    groups = ((amplitudes, "g"), (shapes, "without unit"), (counts, "count"))
    for axes, (group, unit) in zip(
        parts[1].subplots(1, 3, width_ratios=[len(group) for group, _ in groups]), groups, strict=True
    ):
        grouped(axes, group, values[:, [names.index(name) for name in group]], unit)


def spectrum(figure: Figure, made: Made) -> None:
    """Draw statistics as bars, and powers of bins over frequency with their peaks."""
    options, bins = made.options, made.options.bins
    spacing = options.sample_rate / options.fft
    counts = np.cumsum((len(options.statistics), len(bins)))
    statistics, powers, peaks = np.split(made.features[0].reshape(options.channels, -1), counts, axis=1)
    parts = figure.subfigures(2, 1, height_ratios=(1, 1.3))
    above = parts[0].subplots()
    above.set(title=f"a machine with a worn bearing, {made.front.rate:g} Hz", xlabel="time, s")
    signal(above, made, "acceleration, g")
    left, right = parts[1].subplots(1, 2, width_ratios=(1, 2.2))
    left.set_title("statistics")
    grouped(left, options.statistics, statistics, "g; kurtosis without unit")
    right.set_title(f"powers of {len(bins)} bins, and their peaks")
    right.set(xlabel="frequency, Hz", ylabel="log10 of g² / Hz", xlim=(0, options.sample_rate / 2))
    for row, peak, colour in zip(powers, peaks.reshape(options.channels, -1, 2), COLOURS, strict=True):
        right.step(np.array(bins) * spacing, row, where="mid", color=colour)
        found = peak[peak[:, 0] > 0]
        right.plot(found[:, 0], found[:, 1], "o", color=colour, markersize=5)


def image(figure: Figure, made: Made) -> None:
    """Draw the photograph as each way to resize gives it."""
    ways = {
        "crop": {},
        "stretch": {"resize": "stretch"},
        "fit": {"resize": "fit"},
        "crop, nearest": {"interpolation": "nearest"},
    }
    left, right = figure.subfigures(1, 2, width_ratios=(1.25, 1))
    given, shown = made.options, {"cmap": "gray", "vmin": 0, "vmax": 255, "interpolation": "none"}
    whole = left.subplots()
    drawn = whole.imshow(made.samples.reshape(given.height, given.width), **shown)
    whole.set_title(f"the picture: {given.width} x {given.height}")
    left.colorbar(drawn, ax=whole, label="level", ticks=(0, 127, 255), location="bottom", aspect=30, shrink=0.8)
    right.suptitle(f"for the model: {given.output_width} x {given.output_height}", fontsize=10, x=0.08, ha="left")
    for axes, (name, keys) in zip(right.subplots(2, 2).flat, ways.items(), strict=True):
        front = EXTRACTORS["image"].front_end(given.model_copy(update=keys))
        axes.imshow(Pipeline(front, given).fixed(made.samples)[0, ..., 0], **shown)
        axes.set_title(name)
    for axes in (whole, *right.axes):
        axes.tick_params(length=2, labelsize=7)
        axes.spines[:].set_visible(False)
    whole.set(xlabel="pixels", ylabel="pixels")


PICTURES = {
    "image": Picture(
        {"width": 96, "height": 54, "pixels": "grey", "output_width": 32, "output_height": 32, "colours": "grey"},
        lambda: photograph().reshape(-1),
        image,
    ),
    "mfcc": Picture({"preset": "tf-signal"}, speech, coefficients),
    "mfe": Picture(
        {"preset": "tf-signal"},
        speech,
        heat("mfe: 40 mel filters", "natural log of magnitude", filters(lambda options: options.edges)),
    ),
    "microfrontend": Picture(
        {},
        speech,
        heat(
            "microfrontend: 40 channels",
            "log, as micro_speech takes it",
            filters(lambda options: mel_edges(options.filters, options.low_edge, options.high_edge, "htk")),
        ),
    ),
    "raw": Picture({"sample_rate": 100, "channels": 3, "unit": 0.000122}, gesture, window),
    "spectral": Picture(
        {
            "sample_rate": 1600,
            "channels": 3,
            "unit": 0.000122,
            "window": "1 s",
            "statistics": ["std", "rms", "kurtosis"],
            "fft": 128,
            "peaks": 2,
        },
        vibration,
        spectrum,
    ),
    "spectrogram": Picture({"preset": "tf-signal"}, speech, heat("spectrogram: 257 bins", "natural log", bins)),
    "statistics": Picture(
        {
            "sample_rate": 100,
            "channels": 3,
            "unit": 0.000122,
            "window": "2 s",
            "features": ["mean", "std", "rms", "minimum", "maximum", "skewness", "kurtosis", "mean-crossings"],
        },
        gesture,
        statistics,
    ),
}
HEIGHTS = {"image": 3.4}  # inches, where not 3.8


def make(name: str) -> Made:
    picture, extractor = PICTURES[name], EXTRACTORS[name]
    options: FeatureOptions = extractor.Options.model_validate({"type": name, **picture.options})
    front, samples = extractor.front_end(options), picture.samples()
    return Made(options, front, samples, Pipeline(front, options).transform(samples))


def main(names: Sequence[str]) -> None:
    mpl.rcParams.update(STYLE)
    for name in names or sorted(EXTRACTORS):
        figure = Figure(figsize=(7.2, HEIGHTS.get(name, 3.8)), dpi=130, layout="constrained")
        PICTURES[name].draw(figure, make(name))
        save(figure, OUTPUT / f"{name}.png")


def save(figure: Figure, path: Path) -> None:
    """Write a PNG of 256 colours, so that it stays small, and the same bytes each time."""
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png")
    with Image.open(drawn) as picture:
        few = picture.convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


if __name__ == "__main__":
    main(sys.argv[1:])
