from __future__ import annotations

from pathlib import Path

from tests.support.models import model_bytes
from tinypack.boards import board
from tinypack.compile import Program
from tinypack.compile.stream import Stream
from tinypack.costs import STATED_ERROR
from tinypack.costs.stream_load import load_problem, ring_samples, stream_load
from tinypack.manifest import load_project
from tinypack.model_file import read_model
from tinypack.pack import compile_project

HEAD = '[package]\nname = "kws"\n[model]\nfile = "kws_ref_model.tflite"\n'
MFCC = '[features]\ntype = "mfcc"\npreset = "tf-signal"\n'
AXES = '[features]\ntype = "raw"\nsample_rate = 100\nchannels = 10\n'
FASTER = board("mps2-an386")
SLOWEST = board("microbit")  # its Cortex-M0 takes seconds for an inference


def planned(folder: Path, every: int, boards: str = "", features: str = MFCC) -> tuple[Program, Stream]:
    (folder / "kws_ref_model.tflite").write_bytes(model_bytes("kws_ref_model"))
    build = f"[build]\nboards = [{boards}]\n"
    (folder / "tinypack.toml").write_text(f'{HEAD}{features}[decision]\ntype = "classify"\nevery = {every}\n{build}')
    project = load_project(folder)
    _, program, stream = compile_project(project, read_model(project.model_path))
    assert stream is not None
    return program, stream


def test_a_board_that_is_too_slow_is_told_which_every_would_do(tmp_path: Path) -> None:
    program, stream = planned(tmp_path, 1)
    problem = load_problem(FASTER, program, stream)
    least = stream_load(FASTER, program, stream).least_every
    assert problem is not None and least is not None and least > 1
    assert (problem.code, problem.where) == ("too-slow", "board mps2-an386")
    assert problem.hint == f"set every = {least} in [decision], or choose a faster board"
    assert load_problem(FASTER, *planned(tmp_path, least)) is None
    assert load_problem(FASTER, *planned(tmp_path, least - 1)) is not None


def test_no_every_helps_where_frames_alone_are_too_slow(tmp_path: Path) -> None:
    problem = load_problem(SLOWEST, *planned(tmp_path, 1000))
    assert problem is not None
    assert problem.hint == "choose a faster board, or features that cost less"


def test_the_ring_holds_what_comes_during_the_slowest_boards_inference(tmp_path: Path) -> None:
    _, least = planned(tmp_path, 600, features=AXES)
    program, grown = planned(tmp_path, 600, '"mps2-an386", "microbit"', AXES)
    load = stream_load(SLOWEST, program, grown)
    assert load.load < 1
    assert grown.ring == ring_samples(load, 100) > least.ring
    assert grown.ring >= 1 + 1 + (1 + STATED_ERROR) * load.invoke_seconds * 100
    assert load_problem(SLOWEST, program, grown) is None


def test_a_ring_that_is_too_small_grows_when_the_board_is_named(tmp_path: Path) -> None:
    problem = load_problem(SLOWEST, *planned(tmp_path, 600, features=AXES))
    assert problem is not None and "must find room" in problem.rule
    assert problem.hint == 'add "microbit" to boards in [build]: the ring grows'
