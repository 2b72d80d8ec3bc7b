from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow
from pydantic import ValidationError

from tests.features.harness import Case, assert_same
from tests.support.models import MODELS, model_bytes
from tinypack.features import image
from tinypack.features.extractor import FrontEnd
from tinypack.features.protocol import Chain
from tinypack.features.quantise import quantise
from tinypack.features.resize import INDEX_BITS, MODES, ONE, Size, bilinear, inscribed, nearest
from tinypack.importers.tflite import import_tflite

RNG = np.random.default_rng(31)
NBYTES = {"grey": 1, "rgb565": 2, "rgb565-little": 2, "rgb888": 3, "bgr888": 3}
SIZES = {  # of the source and of the output
    "smaller": ((32, 24), (9, 7)),
    "larger": ((5, 3), (12, 11)),
    "same": ((6, 7), (6, 7)),
    "wider": ((13, 5), (7, 9)),
    "one pixel given": ((1, 1), (4, 3)),
    "one pixel made": ((7, 9), (1, 1)),
    "one column": ((1, 9), (5, 4)),
    "one row": ((9, 1), (4, 5)),
    "one row made": ((10, 10), (9, 1)),
}
WAYS = [(mode, way) for mode in ("crop", "stretch", "fit") for way in ("nearest", "bilinear")]
TABLE = {f"{size}, {mode}, {way}": (*SIZES[size], mode, way) for size, (mode, way) in product(SIZES, WAYS)}
TABLE["cut"] = ((11, 9), (6, 4), "cut", "bilinear")
FORMATS = [(pixels, colours) for pixels in NBYTES for colours in ("grey", "rgb", "bgr")]
MEANS = {1: ([112.5], [58.25]), 3: ([123.675, 116.28, 103.53], [58.395, 57.12, 57.375])}


def make(row: tuple[Any, ...], pixels: str, colours: str, **keys: Any) -> FrontEnd:
    (width, height), (output_width, output_height), mode, way = row
    given = {"width": width, "height": height, "output_width": output_width, "output_height": output_height}
    given |= {"resize": mode, "interpolation": way, "pixels": pixels, "colours": colours, "fill": 77}
    return image.front_end(image.Options.model_validate({"type": "image", **given, **keys}))


def pictures(front: FrontEnd) -> np.ndarray:
    """Shapes: [pictures, bytes]"""
    length = front.samples.length
    noise = RNG.integers(0, 256, (2, length))
    return np.concatenate((np.zeros((1, length)), np.full((1, length), 255), noise, noise // 128 * 255)).astype(
        np.uint8
    )


def levels(front: FrontEnd, given: np.ndarray) -> np.ndarray:
    """Shapes: [pictures, bytes] -> [pictures, height, width, channels]"""
    made = run(front.chain, given)
    assert made.dtype == np.int32
    return made.reshape(-1, *front.shape)


def run(chain: Chain, given: np.ndarray) -> np.ndarray:
    return chain.apply({"samples": given[np.newaxis]}, chain.start(1))[0]


def quantised(front: FrontEnd, scale: float, zero_point: int, mean: list[float], std: list[float]) -> Chain:
    assert front.finish is not None
    return front.finish(scale, zero_point, mean, std)


def test_kernels(tmp_path: Path) -> None:
    cases = []
    for i, (name, row) in enumerate(TABLE.items()):
        pixels, colours = FORMATS[i % len(FORMATS)]
        front = make(row, pixels, colours)
        given = {"samples": pictures(front)}
        mean, std = MEANS[front.shape[-1]] if i % 2 else ([128.0], [1.0])
        cases += [
            Case(f"{name}, {pixels} to {colours}", front.chain, given),
            Case(f"{name}, {pixels} to {colours}, int8", quantised(front, 0.02, -3, mean, std), given),
        ]
    for pixels, colours in FORMATS:
        front = make(TABLE["larger, fit, bilinear"], pixels, colours)
        cases.append(Case(f"{pixels} to {colours}", front.chain, {"samples": pictures(front)}))
    assert_same(cases, tmp_path)


@pytest.mark.parametrize("row", TABLE.values(), ids=TABLE)
def test_is_the_real_resizing(row: tuple[Any, ...]) -> None:
    source, output, mode, way = row
    front = make(row, "grey", "grey")
    given = pictures(front)
    got = levels(front, given)[..., 0]
    for picture, made in zip(given.reshape(-1, source[1], source[0]), got, strict=True):
        exact = restated(picture.astype(np.float64), output, mode, way)
        assert np.abs(made - exact).max() <= (0.565 if way == "bilinear" else 0)


def restated(picture: np.ndarray, output: tuple[int, int], mode: str, way: str) -> np.ndarray:
    """Resize in real numbers, as TensorFlow 2 does without antialiasing."""
    width, height = output
    rows, columns = picture.shape
    if mode == "cut":
        return middle(picture, width, height)
    if mode == "crop":
        aspect = width / height
        picture = middle(picture, *rounded(min(columns, rows * aspect), min(rows, columns / aspect)))
    inner = (width, height)
    if mode == "fit":
        ratio = min(width / columns, height / rows)
        inner = rounded(columns * ratio, rows * ratio)
    across = weights(picture.shape[1], inner[0], way)
    down = weights(picture.shape[0], inner[1], way)
    made = np.full((height, width), 77.0)
    top, left = (height - inner[1]) // 2, (width - inner[0]) // 2
    made[top : top + inner[1], left : left + inner[0]] = down @ picture @ across.T
    return made


def middle(picture: np.ndarray, width: int, height: int) -> np.ndarray:
    top, left = (picture.shape[0] - height) // 2, (picture.shape[1] - width) // 2
    return picture[top : top + height, left : left + width]


def rounded(width: float, height: float) -> tuple[int, int]:
    return max(1, int(width + 0.5 + 1e-9)), max(1, int(height + 0.5 + 1e-9))


def weights(given: int, made: int, way: str) -> np.ndarray:
    """Shapes: -> [made, given], each row sums up to 1"""
    centres = (np.arange(made) + 0.5) * (given / made) - 0.5
    if way == "nearest":
        return np.eye(given)[np.floor(centres + 0.5 + 1e-9).astype(int)]
    distance = np.abs(np.clip(centres, 0, given - 1)[:, None] - np.arange(given))
    return np.maximum(1 - distance, 0)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("way", ["nearest", "bilinear"])
def test_is_pillows_resizing(size: tuple[tuple[int, int], tuple[int, int]], way: str) -> None:
    (width, height), (output_width, output_height) = size
    if way == "bilinear" and (output_width < width or output_height < height):
        output_width, output_height = 3 * width, 2 * height  # Pillow averages where it makes things smaller
    front = make(((width, height), (output_width, output_height), "stretch", way), "rgb888", "rgb")
    given = pictures(front)
    for picture, made in zip(given.reshape(-1, height, width, 3), levels(front, given), strict=True):
        filter_ = {"nearest": Pillow.Resampling.NEAREST, "bilinear": Pillow.Resampling.BILINEAR}[way]
        expected = np.asarray(Pillow.fromarray(picture).resize((output_width, output_height), filter_), np.int32)
        assert np.abs(made - expected).max() <= (1 if way == "bilinear" else 0)


def test_grey_is_pillows() -> None:
    front = make(((64, 64), (64, 64), "stretch", "nearest"), "rgb888", "grey")
    given = pictures(front)
    for picture, made in zip(given.reshape(-1, 64, 64, 3), levels(front, given), strict=True):
        np.testing.assert_array_equal(made[..., 0], np.asarray(Pillow.fromarray(picture).convert("L")))


def test_every_colour_of_rgb565() -> None:
    words = np.arange(1 << 16)
    row = ((256, 256), (256, 256), "stretch", "nearest")
    big, little = words.astype(">u2").view(np.uint8)[None], words.astype("<u2").view(np.uint8)[None]
    made = levels(make(row, "rgb565", "rgb"), big).reshape(-1, 3)
    real = np.stack((words >> 11, words >> 5 & 63, words & 31), axis=1) * 255 / (31, 63, 31)
    assert np.abs(made - real).max() < 1
    assert made[0].tolist() == [0, 0, 0]
    assert made[-1].tolist() == [255, 255, 255]
    np.testing.assert_array_equal(levels(make(row, "rgb565-little", "bgr"), little).reshape(-1, 3)[:, ::-1], made)


def test_order_of_colours() -> None:
    row = ((1, 1), (1, 1), "stretch", "nearest")
    pixel = np.array([[10, 20, 30]], np.uint8)
    orders = {
        (given, wanted): levels(make(row, given, wanted), pixel).reshape(-1).tolist()
        for given in ("rgb888", "bgr888")
        for wanted in ("rgb", "bgr")
    }
    kept, turned = [10, 20, 30], [30, 20, 10]
    assert orders == {
        ("rgb888", "rgb"): kept,
        ("rgb888", "bgr"): turned,
        ("bgr888", "rgb"): turned,
        ("bgr888", "bgr"): kept,
    }


@pytest.mark.parametrize("colours", ["grey", "rgb"])
@pytest.mark.parametrize("one", [True, False], ids=["one mean", "means of channels"])
@pytest.mark.parametrize("divisor", [1.0, 255.0])
def test_finish_is_chain_and_quantise(colours: str, one: bool, divisor: float) -> None:
    front = make(TABLE["smaller, fit, bilinear"], "rgb888", colours, divisor=divisor)
    channels, length = front.shape[-1], front.features.length
    mean, std = ([100.0], [60.0]) if one else MEANS[channels]
    mean, std = [m / divisor for m in mean], [s / divisor for s in std]
    assert isinstance(front.unit, float)
    repeated = [np.resize(values, length).tolist() for values in (mean, std)]
    chain = front.chain.then(quantise(length, front.unit, 0.0171, 5, *repeated), "quantised")
    given = pictures(front)
    got = run(quantised(front, 0.0171, 5, mean, std), given)
    assert got.dtype == np.int8
    np.testing.assert_array_equal(got, run(chain, given))
    real = (levels(front, given) / divisor - np.array(mean)) / np.array(std) / 0.0171 + 5
    assert np.abs(got - real.clip(-128, 127).reshape(got.shape)).max() <= 0.501


@pytest.mark.parametrize("name", ["person", "no_person"])
def test_person_detection_takes_a_picture_as_it_is(name: str) -> None:
    graph = import_tflite(model_bytes("person_detect"), "person_detect")
    tensor = graph.tensors[graph.inputs[0]]
    assert tensor.quantization is not None
    picture = np.asarray(Pillow.open(MODELS / "image" / f"{name}.bmp"))
    assert picture.shape == tensor.shape[1:3]
    front = make(((96, 96), (96, 96), "crop", "bilinear"), "grey", "grey")
    chain = quantised(front, tensor.quantization.scale, tensor.quantization.zero_point, [127.0], [127.5])
    np.testing.assert_array_equal(run(chain, picture.reshape(1, -1))[0], picture.reshape(-1).astype(int) - 128)


def test_front_end() -> None:
    front = make(((320, 240), (96, 96), "crop", "bilinear"), "rgb565", "rgb", divisor=255)
    assert (front.rate, front.channels, front.frame, front.hop) == (0, 2, 320 * 240, 320 * 240)
    assert front.samples.nbytes == front.channels * front.frame
    assert front.shape == (96, 96, 3)
    assert front.unit == 1 / 255
    assert image.Options.SENSOR == "camera"


@pytest.mark.parametrize(
    ("mode", "source", "output", "taken", "filled"),
    [
        ("crop", (320, 240), (96, 96), (40, 0, 240, 240), (0, 0, 96, 96)),
        ("crop", (120, 160), (96, 96), (0, 20, 120, 120), (0, 0, 96, 96)),
        ("fit", (320, 240), (96, 96), (0, 0, 320, 240), (0, 12, 96, 72)),
        ("fit", (4000, 3), (96, 96), (0, 0, 4000, 3), (0, 47, 96, 1)),
        ("stretch", (320, 240), (96, 96), (0, 0, 320, 240), (0, 0, 96, 96)),
        ("cut", (176, 144), (96, 96), (40, 24, 96, 96), (0, 0, 96, 96)),
    ],
)
def test_parts(mode: str, source: Any, output: Any, taken: Any, filled: Any) -> None:
    areas = MODES[mode](Size(*source), Size(*output))
    assert [(area.left, area.top, area.size.width, area.size.height) for area in areas] == [taken, filled]


@pytest.mark.parametrize("taken", [1, 2, 3, 7, 96, 320, 4096])
@pytest.mark.parametrize("filled", [1, 2, 5, 96, 241, 4096])
def test_places(taken: int, filled: int) -> None:
    centres = (np.arange(filled) + 0.5) * taken / filled
    places = np.array(bilinear(taken, filled))
    index, weight = places >> INDEX_BITS, places & (1 << INDEX_BITS) - 1
    assert weight.max() <= ONE
    assert ((index + 1 < taken) | (weight == 0)).all()
    assert np.abs(index + weight / ONE - np.clip(centres - 0.5, 0, taken - 1)).max() <= 0.5 / ONE
    np.testing.assert_array_equal(np.array(nearest(taken, filled)) >> INDEX_BITS, np.floor(centres + 1e-9))
    assert places.max() < 2**31


def test_inscribed_size_is_rounded() -> None:
    assert inscribed(Size(3, 2), Size(5, 9)) == Size(5, 3)  # 3.33
    assert inscribed(Size(2, 3), Size(9, 5)) == Size(3, 5)
    assert inscribed(Size(2, 1), Size(5, 9)) == Size(5, 3)  # 2.5


@pytest.mark.parametrize(
    ("keys", "rule"),
    [
        ({"mean": [1.0, 2.0]}, "one number, or one for each channel"),
        ({"std": [1.0, 2.0, 3.0]}, "one number, or one for each channel"),
        ({"resize": "cut", "output_width": 17}, "must not be smaller than what is cut out"),
        ({"pixels": "yuv"}, "Input should be"),
        ({"width": 0}, "greater than or equal to 1"),
        ({"fill": 256}, "less than or equal to 255"),
        ({"divisor": 0}, "greater than 0"),
    ],
)
def test_rules(keys: dict[str, Any], rule: str) -> None:
    given = {"width": 16, "height": 12, "output_width": 8, "output_height": 8, "pixels": "grey", "colours": "grey"}
    with pytest.raises(ValidationError, match=rule):
        image.Options.model_validate({"type": "image", **given, **keys})
