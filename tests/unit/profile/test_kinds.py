"""Names of instructions, as objdump writes them, and their kinds."""

from __future__ import annotations

import pytest

from tinypack.profile.cores import known_cores, load_core
from tinypack.profile.kinds import KINDS, kind_of

ROWS = [
    ("add", "r0, r1, r2", "simple"),
    ("and", "r0, r1, r2", "alu"),
    ("adds", "r0, r1, r2, lsl #2", "shifted"),
    ("lsls", "r0, r1, #2", "simple"),
    ("ubfx", "r0, r1, #8, #8", "field"),
    ("rev", "r0, r1", "reverse"),
    ("sxtb16", "r0, r1, ror #8", "bits"),
    ("sxtab16", "r0, r1, r2", "extend_add"),
    ("pkhbt", "r0, r1, r2, lsl #16", "simd"),
    ("qadd", "r0, r1, r2", "simd"),
    ("ssat", "r0, #8, r1", "saturate"),
    ("smlad", "r0, r1, r2, r3", "multiply"),
    ("smlabt", "r0, r1, r2, r3", "multiply"),
    ("smmulr", "r0, r1, r2", "multiply"),
    ("mls", "r0, r1, r2, r3", "multiply"),
    ("smlal", "r0, r1, r2, r3", "long_multiply"),
    ("smlald", "r0, r1, r2, r3", "long_multiply"),
    ("umull", "r0, r1, r2, r3", "long_multiply"),
    ("ldrsb", "r0, [r1, #1]", "load_narrow"),
    ("ldr", "r0, [r1, r2, lsl #2]", "load"),
    ("ldmia", "r0!, {r1, r2}", "load_multiple"),
    ("str", "r0, [r1, #4]", "store"),
    ("strb", "r0, [r1, r2]", "store_indexed"),
    ("strd", "r0, r1, [r2]", "store_double"),
    ("ble", "40", "branch"),
    ("bl", "40", "call"),
    ("bic", "r0, r1, r2", "alu"),
    ("bls", "40", "branch"),
    ("letp", "lr, 40", "loop_end"),
    ("vldrb.u8", "q0, [r0], #16", "vector_load"),
    ("vldrbt.s16", "q0, [r0, #0]", "vector_load"),
    ("vldrw.u32", "q0, [r0, q1]", "vector_gather"),
    ("vstrb.8", "q0, [r0]", "vector_store"),
    ("vmladava.s8", "r0, q0, q1", "vector_multiply"),
    ("vmlavat.s8", "r0, q0, q1", "vector_multiply"),
    ("vqrdmulh.s32", "q0, q1, r0", "vector_multiply"),
    ("vrmlaldavh.s32", "r0, r1, q0, q1", "vector_multiply"),
    ("vadd.i32", "q0, q1, r2", "vector"),
    ("vaddva.s32", "r0, q1", "vector_multiply"),
    ("vmax.s32", "q0, q1, q2", "vector"),
    ("vqmovnb.s32", "q0, q1", "vector_narrow"),
    ("vpst", "", "vector_control"),
    ("bfcsel", "0, 24, 4, eq", "vector_control"),
    ("vldr", "s0, [pc, #8]", "float_load"),
    ("vldr", "d0, [r0]", "float_load_double"),
    ("vfma.f32", "s0, s1, s2", "float_mac"),
    ("vcvt.f32.s32", "s0, s1", "float"),
    ("vmov", "r0, s0", "float_move"),
    ("vpush", "{d8, d9}", "float_store_multiple"),
]


@pytest.mark.parametrize(("name", "operands", "kind"), ROWS)
def test_a_name_has_its_kind(name: str, operands: str, kind: str) -> None:
    assert kind_of(name, operands) == kind


@pytest.mark.parametrize("core", known_cores())
def test_tables_of_cores_name_kinds_that_there_are(core: str) -> None:
    kinds = load_core(core).kinds
    assert kinds.keys() <= KINDS.keys()
    assert {reader for timing in kinds.values() for reader in timing.latency_to} <= KINDS.keys()
