"""What the example sketch of a package with features has to say: its sensor, and the results that it prints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tinypack.decisions.protocol import Result
from tinypack.features.image import Options as ImageOptions

if TYPE_CHECKING:
    from tinypack.compile.stream import Stream
    from tinypack.features.extractor import Sensor
    from tinypack.package import Content

#: Size -> the name that camera libraries have for it.
RESOLUTIONS = {(640, 480): "VGA", (352, 288): "CIF", (320, 240): "QVGA", (176, 144): "QCIF", (160, 120): "QQVGA"}
#: `pixels` of the extractor -> what the camera is asked for.
CAMERA_PIXELS = {"grey": "GRAYSCALE", "rgb565": "RGB565"}
IMU_PARTS = ("Acceleration", "Gyroscope", "MagneticField")
ANALOG_PINS = 6  # A0 to A5, which every board has
PLAIN = ("index",)  # numbers that are no scores


@dataclass(frozen=True)
class Printed:
    """A member of the result: `value` is what Serial.print() takes, with `[i]` for each of `length` elements."""

    name: str
    value: str
    length: int


@dataclass(frozen=True)
class StreamSketch:
    streaming: bool  # False for pictures, which come whole
    sensor: Sensor
    channels: int
    printed: tuple[Printed, ...]
    parts: tuple[str, ...]  # of the IMU
    pins: tuple[str, ...]  # analog
    resolution: str  # of the camera; "" if none has that size or such pixels
    pixels: str


def stream_sketch(content: Content, stream: Stream, macro: str) -> StreamSketch:
    """Choose the sensor that the package asks for, or rows over serial where it can't give that."""
    options = content.manifest.features
    assert options is not None
    channels = stream.front.channels
    image = options if isinstance(options, ImageOptions) else None
    resolution = RESOLUTIONS.get((image.width, image.height), "") if image else ""
    pixels = CAMERA_PIXELS.get(image.pixels, "") if image else ""
    wanted = options.sensor or type(options).SENSOR
    return StreamSketch(
        streaming=stream.streaming,
        sensor=_sensor(wanted, channels, stream.streaming),
        channels=channels,
        printed=tuple(sorted((_printed(r, macro) for r in stream.decision.results), key=lambda p: p.name == "label")),
        parts=IMU_PARTS[: (channels + 2) // 3],
        pins=tuple(f"A{i}" for i in range(channels)),
        resolution=resolution if pixels else "",
        pixels=pixels,
    )


def _sensor(wanted: Sensor, channels: int, streaming: bool) -> Sensor:
    most = {"microphone": 2, "imu": 3 * len(IMU_PARTS), "analog": ANALOG_PINS}
    if not streaming:
        return "camera"
    return wanted if channels <= most.get(wanted, 0) else "serial"


def _printed(result: Result, macro: str) -> Printed:
    element = f"result.{result.name}{'[i]' * (result.length > 1)}"
    if result.kind == "real":
        return Printed(result.name, f"{element}, 4", result.length)
    text = f"{element} / (double){macro}_SCORE_ONE, 4" if is_score(result) else element
    return Printed(result.name, text, result.length)


def is_score(result: Result) -> bool:
    """Tell whether a number is printed in parts of one."""
    return result.kind == "number" and result.name not in PLAIN
