"""Options of extractors for accelerometers, gyroscopes and analog pins."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field, model_validator

from tinypack.features.extractor import Positive, Sensor, StreamOptions
from tinypack.options import Duration, broken, samples

MOST_SAMPLES = 8192  # of an axis in a window; sums of fourth powers of 15 bits stay within 64


class SensorOptions(StreamOptions):
    """Keys of extractors whose samples are physical quantities."""

    SENSOR: ClassVar[Sensor] = "imu"

    unit: Positive = Field(1.0, description="Real value of one step of a sample, such as 0.000122 (g).")


class WindowOptions(SensorOptions):
    """Keys of extractors that see a window of samples at once."""

    window: Duration = Field(description="What one frame of features is computed from.")
    hop: Duration | None = Field(None, description="From one window to the next (default: window, no overlap).")

    @property
    def window_samples(self) -> int:
        return samples(self.window, self.sample_rate)

    @property
    def hop_samples(self) -> int:
        return self.window_samples if self.hop is None else samples(self.hop, self.sample_rate)

    @model_validator(mode="after")
    def _window_and_hop(self) -> WindowOptions:
        if not 2 <= self.window_samples <= MOST_SAMPLES:
            raise broken(
                f"a window has 2 to {MOST_SAMPLES} samples; this one has {self.window_samples}",
                "check sample_rate, or use several frames of shorter windows",
            )
        if not 1 <= self.hop_samples <= self.window_samples:
            raise broken(
                f"hop is at least a sample and at most the window; here {self.hop_samples} of {self.window_samples}"
            )
        return self


def axis_names(channels: int) -> tuple[str, ...]:
    """Name channels as an accelerometer's axes, a six-axis sensor's, or by number."""
    known = ("ax", "ay", "az", "gx", "gy", "gz")
    return known[:channels] if channels in (3, 6) else tuple(f"channel {i}" for i in range(channels))
