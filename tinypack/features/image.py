"""`image`: pictures of a camera as a model takes them: another size, grey or colours, normalised."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from tinypack.features.extractor import FeatureOptions, FrontEnd, Positive, Sensor
from tinypack.features.image_blocks import Levels, PixelFormat, QuantisedLevels, Resizing
from tinypack.features.protocol import Block, Chain, Step
from tinypack.features.quantise import quantise
from tinypack.features.resize import INDEX_BITS, MODES, OUTSIDE, Size, bilinear, nearest
from tinypack.options import broken

NAME = "image"
BRIEF = "Pictures in grey, RGB565 or RGB888: cropped or fitted, resized, as grey levels or colours."

PIXELS = {
    "grey": PixelFormat(1),
    "rgb565": PixelFormat(2),
    "rgb565-little": PixelFormat(2, red=1),
    "rgb888": PixelFormat(3),
    "bgr888": PixelFormat(3, red=2),
}
COLOURS = {"grey": (1, 0), "rgb": (3, 0), "bgr": (3, 2)}  # channels, and which one is red
PLACES = {"nearest": nearest, "bilinear": bilinear}
MOST = 4096  # pixels of a side


class Options(FeatureOptions):
    """Where the picture comes from, and what the model was trained with."""

    SENSOR: ClassVar[Sensor] = "camera"

    type: Literal["image"]
    width: int = Field(ge=1, le=MOST, description="Of the picture that is given, in pixels.")
    height: int = Field(ge=1, le=MOST, description="As width.")
    pixels: Literal["grey", "rgb565", "rgb565-little", "rgb888", "bgr888"] = Field(
        description="Its pixels: one byte; two, of which red is in the first, as OV767X and ESP32 cameras give them, "
        "or in the last; three in the order of their names."
    )
    output_width: int = Field(ge=1, le=MOST, description="Of the model's input, in pixels.")
    output_height: int = Field(ge=1, le=MOST, description="As output_width.")
    colours: Literal["grey", "rgb", "bgr"] = Field(description="Channels of the model's input, in their order.")
    resize: Literal["crop", "stretch", "fit", "cut"] = Field(
        "crop",
        description="What becomes of another aspect: what is too much at the sides is left off; the picture is "
        "distorted; bars are put at its sides. `cut`: the middle as it is, nothing is resized.",
    )
    interpolation: Literal["nearest", "bilinear"] = Field(
        "bilinear", description="How pixels of another size are made."
    )
    fill: int = Field(0, ge=0, le=255, description="Level of the bars that `fit` puts at the sides.")
    divisor: Positive = Field(
        1.0, description="Levels 0 to 255 are divided by this before `mean` and `std`: 255 makes them 0 to 1."
    )

    @model_validator(mode="after")
    def _possible(self) -> Options:
        channels, _ = COLOURS[self.colours]
        if not {len(self.mean), len(self.std)} <= {1, channels}:
            raise broken("mean and std of a picture have one number, or one for each channel")
        if self.resize == "cut" and (self.output_width > self.width or self.output_height > self.height):
            raise broken("a picture must not be smaller than what is cut out of it", 'use resize = "fit" or "crop"')
        return self


def front_end(options: Options) -> FrontEnd:
    """Design the computation of a picture, which the caller keeps and gives whole."""
    resizing = _resizing(options)
    unit = 1 / options.divisor

    def finish(scale: float, zero_point: int, mean: Sequence[float], std: Sequence[float]) -> Chain:
        channels = max(len(mean), len(std))
        levels = np.repeat(np.arange(256)[:, None], channels, axis=1)
        (values,) = quantise(channels, unit, scale, zero_point, mean, std).apply((levels,), ())
        return _chain(QuantisedLevels(resizing, values.T))

    return FrontEnd(
        chain=_chain(Levels(resizing)),
        rate=0,
        channels=resizing.pixels.nbytes,
        frame=options.width * options.height,
        hop=options.width * options.height,
        shape=(options.output_height, options.output_width, resizing.channels),
        unit=unit,
        sample_unit=1.0,
        finish=finish,
    )


def _chain(block: Block) -> Chain:
    return Chain({"samples": block.inputs[0]}, (Step(block, ("samples",), ("features",)),), "features")


def _resizing(options: Options) -> Resizing:
    source, output = Size(options.width, options.height), Size(options.output_width, options.output_height)
    taken, filled = MODES[options.resize](source, output)
    channels, red = COLOURS[options.colours]
    same = taken.size == filled.size  # so that each pixel stands alone: there is nothing to weigh
    interpolation = "nearest" if same else options.interpolation
    place = PLACES[interpolation]
    columns = place(taken.size.width, filled.size.width)
    rows = place(taken.size.height, filled.size.height)
    return Resizing(
        source=source,
        pixels=PIXELS[options.pixels],
        rows=_laid(rows, taken.top, filled.top, output.height),
        columns=_laid(columns, taken.left, filled.left, output.width),
        taken=taken.size,
        bilinear=interpolation == "bilinear",
        fill=options.fill,
        channels=channels,
        red=red,
    )


def _laid(places: Sequence[int], taken_from: int, filled_from: int, length: int) -> tuple[int, ...]:
    """Move places to where the source's part begins, and put what is outside around them."""
    moved = [place + (taken_from << INDEX_BITS) for place in places]
    before = [OUTSIDE] * filled_from
    return (*before, *moved, *[OUTSIDE] * (length - filled_from - len(moved)))
