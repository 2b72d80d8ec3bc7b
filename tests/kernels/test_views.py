"""RESHAPE, SQUEEZE and EXPAND_DIMS, and the operators that exporters compute shapes with."""

from __future__ import annotations

from pathlib import Path

from tests.kernels.harness import Case, check, compile_case
from tests.kernels.targets import Target
from tests.support.model_builder import Op, T, build

Q = {"scale": 0.25, "zero_point": 3}
X, FLAT = T((1, 4, 6), **Q), T((1, 24), **Q)


def between_adds(name: str, view: Op, shape: tuple[int, ...], *constants: T) -> Case:
    """A view between two nodes that write: its source may be overwritten, and must not while it is read."""
    viewed = T(shape, **Q)
    ops = [Op("ADD", (0, 0), (1,)), view, Op("ADD", (2, 2), (3,))]
    return Case(name, build([X, X, viewed, viewed, *constants], ops, [0], [3]))


def dynamic_reshape() -> Case:
    """SHAPE, STRIDED_SLICE and PACK before a RESHAPE: what Keras writes for a flexible batch."""
    index = [T((1,), "int32", data=[value]) for value in (0, 1, 1)]
    tensors = [X, T((3,), "int32"), *index, T((), "int32"), T((), "int32", data=24), T((2,), "int32"), FLAT, FLAT]
    ops = [
        Op("SHAPE", (0,), (1,)),
        Op("STRIDED_SLICE", (1, 2, 3, 4), (5,), {"shrink_axis_mask": 1}),
        Op("PACK", (5, 6), (7,), {"axis": 0, "values_count": 2}),
        Op("RESHAPE", (0, 7), (8,)),
        Op("ADD", (8, 8), (9,)),
    ]
    return Case("dynamic reshape", build(tensors, ops, [0], [9]))


def constant_operand() -> Case:
    """A constant goes through views and is a kernel's operand."""
    tensors = [
        X,
        T((24,), data=range(24), **Q),
        T((2,), "int32", data=[4, 6]),
        T((4, 6), **Q),
        T((), "int32", data=0),
        X,
        X,
    ]
    ops = [Op("RESHAPE", (1, 2), (3,)), Op("EXPAND_DIMS", (3, 4), (5,)), Op("MUL", (0, 5), (6,))]
    return Case("constant through views", build(tensors, ops, [0], [6]))


CASES = [
    between_adds("reshape", Op("RESHAPE", (1, 4), (2,)), (4, 6), T((2,), "int32", data=[4, -1])),
    between_adds("reshape by option", Op("RESHAPE", (1,), (2,), {"new_shape": (2, 12)}), (2, 12)),
    between_adds("squeeze all", Op("SQUEEZE", (1,), (2,)), (4, 6)),
    between_adds("squeeze one", Op("SQUEEZE", (1,), (2,), {"squeeze_dims": (-3,)}), (4, 6)),
    between_adds("expand first", Op("EXPAND_DIMS", (1, 4), (2,)), (1, 1, 4, 6), T((), "int32", data=0)),
    between_adds("expand last", Op("EXPAND_DIMS", (1, 4), (2,)), (1, 4, 6, 1), T((1,), "int32", data=[-1])),
    Case("view of the input is the output", build([X, FLAT], [Op("RESHAPE", (0,), (1,))], [0], [1])),
    Case(
        "view beside its source",
        build(
            [X, X, FLAT, FLAT],
            [Op("ADD", (0, 0), (1,)), Op("RESHAPE", (1,), (2,)), Op("MUL", (2, 2), (3,))],
            [0],
            [1, 3],
        ),
    ),
    dynamic_reshape(),
    constant_operand(),
]


def test_against_the_oracle(tmp_path: Path, target: Target) -> None:
    check(CASES, tmp_path, target)


def test_views_and_shapes_need_no_code() -> None:
    kernels = {case.name: compile_case(case, "c").program.kernels for case in CASES}
    assert set(kernels.values()) == {("add_flat_s8",), ("mul_s8",), ("add_flat_s8", "mul_s8"), ()}
