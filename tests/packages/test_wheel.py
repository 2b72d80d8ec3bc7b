"""The wheel holds all that tinypack needs: it builds and verifies where no checkout is in sight."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.support.machine import lack, need
from tests.support.models import model_bytes
from tests.support.packages import TIME_LIMIT, call
from tinypack.verify.tools import run

pytestmark = pytest.mark.tools

CHECKOUT = Path(__file__).parents[2]
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel and install it beside this Python's own packages."""
    folder = tmp_path_factory.mktemp("wheel")
    made = run([*PIP, "wheel", CHECKOUT, "--no-deps", "--wheel-dir", folder], time_limit=TIME_LIMIT)
    if not made.ok and "hatchling" in made.error_text:
        lack("hatchling, which pip fetches to build the wheel")
    assert made.ok, made.error_text
    call(*PIP, "install", "--no-deps", "--target", folder / "site", *folder.glob("*.whl"))
    return folder / "site"


def tinypack(site: Path, cwd: Path, *args: str) -> str:
    """Run the installed command outside the checkout."""
    # Without -P or the like: the folder comes before an editable installation, as one's own packages do.
    environment = {"PYTHONPATH": str(site), "PATH": os.environ["PATH"]}
    return call(sys.executable, site / "bin" / "tinypack", *args, cwd=cwd, **environment)


def files(folder: Path) -> set[Path]:
    """List the files below a folder, without what tools left there."""
    found = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    return {path for path in found if not any(part.startswith((".", "__pycache__")) for part in path.parts)}


def test_no_file_is_left_out(site: Path) -> None:
    templates = {Path("templates") / path for path in files(CHECKOUT / "templates")}
    assert files(site / "tinypack") == files(CHECKOUT / "tinypack") | templates


def test_builds_and_verifies(site: Path, tmp_path: Path) -> None:
    need("cmake", "gcc", "g++")
    (tmp_path / "sine.tflite").write_bytes(model_bytes("hello_world_int8"))
    where = "import tinypack; print(tinypack.__file__)"
    assert call(sys.executable, "-c", where, cwd=tmp_path, PYTHONPATH=str(site)).strip().startswith(str(site))

    tinypack(site, tmp_path, "init", "sine.tflite", "--name", "sine")
    tinypack(site, tmp_path, "build")
    built = {path.name for path in (tmp_path / "dist").iterdir()}
    assert {"sine-0.1.0-arduino.zip", "sine-0.1.0-cmake.tar.gz", "sine-0.1.0-zephyr.tar.gz", "sine-0.1.0.json"} < built

    words = ("verify", "-f", "cmake", "-f", "platformio", "-b", "native", "--vectors", "2")
    text = tinypack(site, tmp_path, *words)
    assert text.count("passed") == 2
