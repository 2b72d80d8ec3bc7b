"""Panels of what comes in: samples or pictures, and the features that are made of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.offsetbox import AnnotationBbox, OffsetImage

from tinypack.features import image
from tinypack.features.sensor_options import axis_names
from tinypack.replay.drawing.view import GREY, SMALL, WIDTH, View, cycle, legend, short
from tinypack.replay.run import sensor

COLUMNS = 1500  # of a waveform: beyond, lines would only be finer than pixels
FEW = 6  # features that are drawn as lines
LEAST = 4  # letters of a name


def draw_inputs(samples: Axes, features: Axes, view: View) -> None:
    """Draw samples and features under each other."""
    if view.stream.streaming:
        _waveform(samples, view)
        _features(features, view)
    else:
        _pictures(samples, features, view)


def draw_recordings(places: Sequence[Axes], view: View) -> None:
    """Name the recordings above the first panel, and draw where they begin."""
    first, *_ = places
    starts = [part.start / view.rate - view.left for part in view.replay.parts]
    ends = [*starts[1:], len(view.replay.samples) / view.rate]
    for part, start, end in zip(view.replay.parts, starts, ends, strict=True):
        letters = view.letters(end - start)
        if letters >= LEAST:
            first.text(start, 1.02, short(part.name, letters), transform=first.get_xaxis_transform(), fontsize=SMALL)
        for axes in places if part.start else ():
            axes.axvline(start, color=GREY, linewidth=0.8)


def _waveform(axes: Axes, view: View) -> None:
    front = view.stream.front
    values = view.replay.samples * front.sample_unit
    for column, colour in zip(values.T, cycle(front.channels), strict=True):
        _wave(axes, column, front.rate, colour)
    axes.set_ylabel("full scale = 1" if sensor(view.replay.content) == "microphone" else "samples")
    axes.margins(y=0.08)
    _name(axes, axis_names(front.channels))


def _wave(axes: Axes, values: np.ndarray, rate: float, colour: str) -> None:
    """Draw each sample, or least and greatest values of short stretches of a long recording."""
    length = len(values) // COLUMNS
    if length < 2:
        axes.plot(np.arange(len(values)) / rate, values, color=colour)
        return
    starts = np.arange(0, len(values), length)
    low, high = np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts)
    axes.fill_between(starts / rate, low, high, color=colour, linewidth=0.3)


def _features(axes: Axes, view: View) -> None:
    """Draw what the model reads, in real units: a frame around its middle, as wide as a hop."""
    front, values = view.stream.front, _dequantised(view)
    axes.set_ylabel("features")
    count = values.shape[1]
    edges = (front.frame - front.hop) / 2 / front.rate + view.hop * np.arange(len(values) + 1)
    if count <= FEW:
        for column, colour in zip(values.T, cycle(count), strict=True):
            axes.stairs(column, edges, color=colour, baseline=None)
        axes.margins(y=0.08)
        _name(axes, axis_names(count) if count == front.channels else map(str, range(count)))
        return
    extent = (edges[0], edges[-1], -0.5, count - 0.5)
    heat = axes.imshow(values.T, "magma", aspect="auto", origin="lower", extent=extent)
    axes.figure.colorbar(heat, cax=axes.inset_axes((1.01, 0, 0.012, 1)))


def _dequantised(view: View) -> np.ndarray:
    quantization = view.replay.content.program.inputs[0].quantization
    assert quantization is not None
    values: np.ndarray = (view.replay.found.features.astype(np.float64) - quantization.zero_point) * quantization.scale
    return values


def _name(axes: Axes, names: Iterable[str]) -> None:
    several = list(names)
    if len(several) > 1:
        legend(axes, list(zip(several, cycle(len(several)), strict=True)))


def _pictures(above: Axes, below: Axes, view: View) -> None:
    """Draw pictures as they were given, and as the model reads them."""
    options = view.replay.content.manifest.features
    assert isinstance(options, image.Options)
    pixels = image.PIXELS[options.pixels]
    given = pixels.levels(view.replay.samples.reshape(-1, options.height, options.width, pixels.nbytes))
    channels, red = image.COLOURS[options.colours]
    levels = (view.replay.found.features.astype(np.int16) + 128).reshape(-1, *view.stream.front.shape)
    levels = np.repeat(levels[..., ::-1] if red else levels, 3 // channels, axis=-1)
    for axes, pictures, name in ((above, given, "pictures"), (below, levels, "the model's input")):
        side = min(1.35, 0.8 * WIDTH / len(pictures)) * 72  # points
        zoom = side / max(pictures.shape[1:3])
        for i, picture in enumerate(pictures.astype(np.uint8)):
            drawn = OffsetImage(picture, zoom=zoom, interpolation="nearest")
            axes.add_artist(AnnotationBbox(drawn, (i, 0.5), frameon=False, pad=0))
        axes.set(ylim=(0, 1), yticks=[], ylabel=name)
