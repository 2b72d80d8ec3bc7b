"""Add the Arduino API to a build."""

# mypy: ignore-errors
from pathlib import Path

from SCons.Script import DefaultEnvironment

env = DefaultEnvironment()
core = Path(env.PioPlatform().get_dir()) / "arduino"

env.Append(CPPDEFINES=[("ARDUINO", 10819), ("ARDUINO_TINYPACK_EMULATOR", 1)], CPPPATH=[str(core)])
env.BuildSources("$BUILD_DIR/arduino", str(core))
