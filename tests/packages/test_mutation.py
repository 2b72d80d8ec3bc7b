"""Verification can fail: a fault of one bit in any kernel is found, and the node that it comes from is named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.packages.conftest import Package
from tests.support.faults import with_fault
from tests.support.machine import need
from tests.support.model_builder import Op, T, build
from tests.support.packages import artifact, make_package
from tinypack.boards import board
from tinypack.compile.emit import RUNTIME
from tinypack.package import Artifact, Built
from tinypack.verify import cmake, emulated
from tinypack.verify.firmware import run_firmware
from tinypack.verify.reference import Reference, make_reference
from tinypack.verify.report import Result
from tinypack.verify.transcript import read_transcript

pytestmark = pytest.mark.tools

NATIVE = board("native")
CHANNELS = 3  # of every tensor here
IMAGE = T((2, 4, 4, CHANNELS), scale=0.1, zero_point=3)
RAMP = range(-100, 100)


@dataclass(frozen=True)
class Stage:
    """One operator of a chain: it takes the output of the one before, and constants."""

    op: str
    output: T
    constants: tuple[T, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """A chain of two operators; the kernel that is tested computes one of them."""

    stages: tuple[Stage, Stage]
    node: int = 1
    input: T = IMAGE
    source: str = ""  # where the kernel's outputs are written, if not in its own


def values(*shape: int, dtype: str = "int8", scale: float = 0.02) -> T:
    count = 1
    for extent in shape:
        count *= extent
    return T(shape, dtype, scale, data=[RAMP[7 * i % len(RAMP)] for i in range(count)])


RELU = Stage("RELU", IMAGE)
LARGEST = Stage("MAX_POOL_2D", IMAGE, options={"padding": "SAME", "filter_h": 2, "filter_w": 2})
MEANS = T((2, CHANNELS), scale=0.03)
ROWS_OF_4 = T((5, 4), scale=0.1, zero_point=3)
ROWS_OF_3 = T((5, CHANNELS), scale=0.1, zero_point=3)
FLOATS = T(IMAGE.shape, "float32")
EIGHTS = T((1, 4, 4, 8), scale=0.1, zero_point=3)
ROWS_OF_8 = T((5, 8), scale=0.1, zero_point=3)
FOURS = T((1, 4, 4, 4), scale=0.1, zero_point=3)
WINDOW = {"padding": "SAME", "filter_h": 3, "filter_w": 3}
SAME = {"padding": "SAME"}
BIAS = values(CHANNELS, dtype="int32", scale=0.002)

#: Kernel -> a model that calls it once.
ROWS = {
    "add_flat_s8": Row((RELU, Stage("ADD", T(IMAGE.shape, scale=0.13), (values(*IMAGE.shape),)))),
    "add_s8": Row((RELU, Stage("ADD", T(IMAGE.shape, scale=0.2), (values(CHANNELS),)))),
    "average_pool_2d_s8": Row((RELU, Stage("AVERAGE_POOL_2D", IMAGE, options=WINDOW))),
    "concatenation_s8": Row(
        (
            RELU,
            Stage(
                "CONCATENATION",
                T((2, 8, 4, CHANNELS), scale=0.1, zero_point=3),
                (T(IMAGE.shape, scale=0.1, zero_point=3, data=values(*IMAGE.shape).data),),
                {"axis": 1},
            ),
        )
    ),
    "conv_2d_packed_s8": Row(
        (
            Stage("RELU", EIGHTS),
            Stage("CONV_2D", FOURS, (values(4, 3, 3, 8), values(4, dtype="int32", scale=0.002)), SAME),
        ),
        input=EIGHTS,
        source="row_blocks_c",
    ),
    "conv_2d_s8": Row((RELU, Stage("CONV_2D", IMAGE, (values(CHANNELS, 3, 3, CHANNELS), BIAS), SAME))),
    "depthwise_3x3_s8": Row(
        (
            Stage("RELU", FOURS),
            Stage("DEPTHWISE_CONV_2D", FOURS, (values(1, 3, 3, 4), values(4, dtype="int32", scale=0.002)), SAME),
        ),
        input=FOURS,
    ),
    "depthwise_conv_2d_s8": Row((RELU, Stage("DEPTHWISE_CONV_2D", IMAGE, (values(1, 3, 3, CHANNELS), BIAS), SAME))),
    "dequantize_s8_f32": Row((RELU, Stage("DEQUANTIZE", FLOATS))),
    "fully_connected_packed_s8": Row(
        (
            Stage("RELU", ROWS_OF_8),
            Stage("FULLY_CONNECTED", ROWS_OF_4, (values(4, 8), values(4, dtype="int32", scale=0.002))),
        ),
        input=ROWS_OF_8,
        source="row_blocks_c",
    ),
    "fully_connected_s8": Row(
        (Stage("RELU", ROWS_OF_4), Stage("FULLY_CONNECTED", ROWS_OF_3, (values(CHANNELS, 4), BIAS))), input=ROWS_OF_4
    ),
    "lookup_8": Row((LARGEST, Stage("LOGISTIC", T(IMAGE.shape, scale=1 / 256, zero_point=-128)))),
    "max_pool_2d_s8": Row((RELU, LARGEST)),
    "mean_s8": Row((RELU, Stage("MEAN", MEANS, (T((2,), "int32", data=[1, 2]),)))),
    "mul_s8": Row((RELU, Stage("MUL", IMAGE, (values(CHANNELS),)))),
    "pad_s8": Row(
        (
            RELU,
            Stage(
                "PAD",
                T((2, 6, 5, CHANNELS), scale=0.1, zero_point=3),
                (T((4, 2), "int32", data=[(0, 0), (1, 1), (1, 0), (0, 0)]),),
            ),
        )
    ),
    "quantize_f32_s8": Row((Stage("QUANTIZE", IMAGE), RELU), node=0, input=FLOATS),
    "softmax_s8": Row(
        (Stage("RELU", ROWS_OF_3), Stage("SOFTMAX", T(ROWS_OF_3.shape, scale=1 / 256, zero_point=-128))),
        input=ROWS_OF_3,
    ),
}
#: What is wrong -> which outputs of the kernel, counted in the order in which they are written.
FAULTS = {"one element": "written == 4", "one channel": f"written % {CHANNELS} == 1"}


def model(row: Row) -> bytes:
    tensors, ops, last = [row.input], [], 0
    for stage in row.stages:
        operands = (last, *range(len(tensors), len(tensors) + len(stage.constants)))
        tensors += [*stage.constants, stage.output]
        last = len(tensors) - 1
        ops.append(Op(stage.op, operands, (last,), stage.options))
    return build(tensors, ops, [0], [last])


@dataclass
class Verifier:
    """Checks archives of one package, all in one folder, so that what is the same is compiled once."""

    built: Built
    reference: Reference
    folder: Path
    elves: Mapping[str, Path] = field(default_factory=dict)

    def check(self, given: Artifact) -> Result:
        empty = Result(given.filename, "", given.sha256, given.format, NATIVE.id, "not-run")
        return emulated.check(self.build, given, NATIVE, self.built.content.names, self.reference, empty)

    def build(self, given: Artifact, name: str, _: Path, variants: Mapping[str, Sequence[str]]) -> dict[str, Path]:
        built = cmake.build(given, name, self.folder, variants)
        self.elves = built
        return built


def verifier(built: Built, folder: Path) -> Verifier:
    need("cmake", "gcc")
    return Verifier(built, make_reference(built.model, built.content.program, 2), folder)


def test_every_kernel_has_a_row() -> None:
    kernels = {path.stem.removeprefix("tp_") for path in RUNTIME.glob("kernels/portable/*.c")}
    assert kernels - {"conv_3x3_s8"} == set(ROWS)  # which on a host is conv_2d_packed_s8


@pytest.mark.parametrize("kernel", ROWS)
def test_a_fault_in_a_kernel_is_found(kernel: str, tmp_path: Path) -> None:
    row = ROWS[kernel]
    built = make_package(tmp_path, model(row), "small", formats=["cmake"])
    program = built.content.program
    (step,) = (step for step in program.steps if kernel in {call.kernel for call in step.calls})
    assert step.node.index == row.node
    verify = verifier(built, tmp_path / "work")
    good = artifact(built, "cmake")
    result = verify.check(good)
    assert (result.status, result.mismatches) == ("passed", 0), result.reason
    for fault, choose in FAULTS.items():
        result = verify.check(with_fault(good, row.source or kernel, choose))
        expected = ("failed", f"{program.graph.describe(step.node)} (vector 0)")
        assert (result.status, result.first_differing_node) == expected, f"{fault}: {result}"


def test_a_fault_that_the_outputs_hide_is_found(package: Package, tmp_path: Path) -> None:
    """One bit of a middle layer of a real model: the self-test itself passes, its trace tells."""
    built = package("vww_96_int8", "whole")
    program = built.content.program
    convolutions = [step.node for step in program.steps if step.node.op == "CONV_2D"]
    middle = len(convolutions) // 2
    before = sum(program.graph.output(node).elements for node in convolutions[:middle])
    verify = verifier(built, tmp_path / "work")
    result = verify.check(with_fault(artifact(built, "cmake"), "row_blocks_c", f"written == {before + 100}"))
    expected = ("failed", f"{program.graph.describe(convolutions[middle])} (vector 0)")
    assert (result.status, result.first_differing_node) == expected, result

    for variant in ("installed", "traced"):
        ran, _ = run_firmware(NATIVE.id, verify.elves[variant], verify.reference.stdin, 60, count=False)
        transcript = read_transcript(ran.text)
        assert transcript.verdict == "PASS"
        assert transcript.digests == dict(enumerate(verify.reference.digests))
