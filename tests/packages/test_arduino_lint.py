"""What the real arduino-lint says, at its strictest: nothing."""

from __future__ import annotations

import functools
import json
import shutil
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.support.machine import lack_extra
from tests.support.models import INT8_MODELS, model_bytes
from tests.support.packages import make_package, unpack
from tinypack.arduino_boards import board_package
from tinypack.names import name_from_file
from tinypack.output import write_tree
from tinypack.verify.tools import run

pytestmark = pytest.mark.tools

ARDUINO_LINT = shutil.which("arduino-lint")
STRICT = ("--compliance", "strict", "--library-manager", "submit", "--format", "json")
SAMPLES = Path(__file__).parents[2] / "sample_projects"
NO_INDEX = "Unable to download Library Manager index"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page that answers: the linter asks whether a library's does."""
    handler = functools.partial(Quiet, directory=str(tmp_path_factory.mktemp("page")))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def complaints(folder: Path) -> list[str]:
    """Lint a project; give the ids and messages of the rules that it breaks."""
    if ARDUINO_LINT is None:
        lack_extra("arduino-lint")
    done = run([ARDUINO_LINT, *STRICT, folder], time_limit=100)
    if NO_INDEX in done.error_text:
        lack_extra("the library manager's index, which arduino-lint downloads")
    report = json.loads(done.text)
    assert report["projects"], done.error_text
    rules = [rule for project in report["projects"] for rule in project["rules"]]
    return [f"{rule['ID']}: {rule['message']}" for rule in rules if rule["result"] == "fail"]


@pytest.mark.parametrize("model", INT8_MODELS)
def test_libraries(model: str, url: str, tmp_path: Path) -> None:
    built = make_package(tmp_path, model_bytes(model), name_from_file(model), formats=["arduino"], repository=url)
    assert complaints(unpack(built, "arduino", tmp_path / "unpacked")) == []


@pytest.mark.parametrize("sketch", sorted(SAMPLES.glob("*/*/*.ino")), ids=lambda path: path.stem)
def test_sketches_of_the_samples(sketch: Path) -> None:
    assert complaints(sketch.parent) == []


def test_emulated_boards(tmp_path: Path) -> None:
    write_tree(tmp_path / "emulator", board_package())
    assert complaints(tmp_path / "emulator") == []


def test_a_defect_is_reported(url: str, tmp_path: Path) -> None:
    built = make_package(tmp_path, model_bytes("hello_world_int8"), "sine", formats=["arduino"], repository=url)
    home = unpack(built, "arduino", tmp_path / "unpacked")
    (home / "LICENSE").unlink()
    assert [complaint.split(":")[0] for complaint in complaints(home)] == ["LD002"]
