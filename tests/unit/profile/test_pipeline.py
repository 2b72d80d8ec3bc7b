"""Cycles of short pieces of code, as documented and measured by others: see the tables in tinypack/profile/cores/."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.support.machine import need
from tinypack.boards import Flash
from tinypack.profile.cores import known_cores, load_core
from tinypack.profile.counts import Executions, FlashUse
from tinypack.profile.cycles import estimate
from tinypack.profile.disassembly import Instruction, disassemble
from tinypack.profile.pipeline import costs

MARCH = {
    "cortex-m4": "armv7e-m+fp",
    "cortex-m7": "armv7e-m+fp.dp",
    "cortex-m33": "armv8-m.main+dsp+fp",
    "cortex-m55": "armv8.1-m.main+dsp+mve.fp+fp.dp",
}


def assembled(text: str, core: str, folder: Path) -> Path:
    need("arm-none-eabi-as", "arm-none-eabi-objdump")
    source, made = folder / "code.s", folder / "code.o"
    lines = "\n".join(line.strip() for line in text.split(";"))
    source.write_text(f".syntax unified\n.thumb\n.thumb_func\ncode:\n{lines}\n", encoding="ascii")
    subprocess.run(["arm-none-eabi-as", f"-march={MARCH[core]}", source, "-o", made], check=True)
    return made


def code(text: str, core: str, folder: Path) -> list[Instruction]:
    return list(disassemble(assembled(text, core, folder), load_core(core).objdump).values())


@pytest.mark.parametrize(
    ("text", "cycles"),
    [
        ("add r0, r1, r2; smlad r3, r4, r5, r3; smull r0, r1, r2, r3", 3),
        ("ldr r0, [r1]", 2),
        ("ldr r0, [r1]; ldr r1, [r2]", 3),
        ("ldr r0, [r1, r5]; ldr r1, [r2]; ldr r2, [r3, #4]", 4),
        ("ldr r0, [r1, r2]; str r1, [r3, r2]", 3),
        ("ldr r0, [r1]; ldr r2, [r0]", 4),
        ("ldr r0, [r1], #4; ldr r2, [r1], #4", 4),
        ("ldr r0, [r1], #4; ldr r2, [r3], #4", 3),
        ("ldr r0, [r1]; add r0, r0, r2", 3),
        ("adds r1, #4; ldr r0, [r1]", 4),
        ("str r0, [r1]; add r2, r3, r4", 2),
        ("str r0, [r1, r2]", 2),
        ("str r0, [r1]; ldr r2, [r3]", 4),
        ("ldrd r0, r1, [r2]", 3),
        ("ldmia r0!, {r1, r2, r3, r4}", 5),
        ("push {r4, r5, lr}", 4),
        ("sdiv r0, r1, r2", 7),
        ("it eq; addeq r0, r0, r1", 2),
        ("vmla.f32 s0, s1, s2; vadd.f32 s3, s4, s5; vdiv.f32 s6, s7, s8", 18),
        # across words: the first narrow instruction moves the wide ones
        ("nop; add.w r0, r1, r2; add.w r3, r1, r2; add.w r4, r1, r2", 5),
    ],
)
def test_a_cortex_m4_takes_what_its_manual_says(text: str, cycles: int, tmp_path: Path) -> None:
    assert sum(costs(code(text, "cortex-m4", tmp_path), load_core("cortex-m4"), False)) == cycles


@pytest.mark.parametrize(
    ("core", "text", "cycles"),
    [
        ("cortex-m33", "ldr r0, [r1]; ldr r2, [r3]", 2),
        ("cortex-m33", "ldr r0, [r1]; adds r0, r0, r2", 3),
        ("cortex-m33", "ldr r0, [r1]; str r0, [r2]", 2),
        ("cortex-m33", "smlad r0, r1, r2, r0; smlad r0, r3, r4, r0", 2),
        ("cortex-m33", "smlad r0, r1, r2, r0; add r5, r0, r6", 3),
        ("cortex-m33", "ldmia r0!, {r1, r2, r3, r4}", 4),
        ("cortex-m33", "ldrd r0, r1, [r2]", 2),
        ("cortex-m33", "adds r0, r0, r1; it eq; addeq r2, r2, r3", 2),
        ("cortex-m7", "add r0, r1, r2; add r3, r4, r5", 1),
        ("cortex-m7", "eor r0, r1, r2; eor r3, r0, r5", 2),
        ("cortex-m7", "add r0, r1, r2; eor r3, r0, r5", 1),  # the early ALU, then the late one
        ("cortex-m7", "ldr r0, [r1], #4; ldr r2, [r1], #4", 2),
        ("cortex-m7", "add r0, r1, r2; add r3, r4, r5; add r6, r7, r8", 2),
        ("cortex-m7", "ldr r0, [r1]; add r2, r3, r4", 1),
        ("cortex-m7", "ldr r0, [r1]; str r2, [r3]", 1),
        ("cortex-m7", "ldr r0, [r1]; smlad r2, r0, r3, r2", 3),
        ("cortex-m7", "ldrb r0, [r1]; add r2, r0, r3", 3),
        ("cortex-m7", "mul r0, r1, r2; mul r3, r4, r5", 2),
        ("cortex-m7", "smlad r0, r1, r2, r0; smlad r0, r3, r4, r0; smlad r0, r5, r6, r0", 3),
        ("cortex-m7", "uxtb r0, r1; uxtb r2, r3", 2),
        ("cortex-m7", "eor r0, r1, r2; eor r3, r4, r0, lsl #2", 3),
        ("cortex-m7", "eor r0, r1, r2; eor r3, r0, r4, lsl #2", 2),
        ("cortex-m7", "eor r0, r1, r2; ubfx r3, r0, #8, #8", 3),
        ("cortex-m7", "uxtb r0, r1; ldr r2, [r3, r0]", 3),
        ("cortex-m7", "push {r4, r5, r6, r7}", 2),
        ("cortex-m55", "vldrb.8 q0, [r0], #16; vldrb.8 q1, [r1], #16", 3),
        ("cortex-m55", "vldrb.8 q0, [r0], #16; vadd.i8 q1, q2, q3", 2),
        ("cortex-m55", "vmladava.s8 r0, q0, q1; vmladava.s8 r2, q2, q3", 3),
        ("cortex-m55", "movs r0, #1; uxtb r1, r2", 1),
    ],
)
def test_other_cores_pair_and_wait_as_measured(core: str, text: str, cycles: int, tmp_path: Path) -> None:
    assert sum(costs(code(text, core, tmp_path), load_core(core), False)) == cycles


def test_loads_and_accumulations_of_vectors_overlap(tmp_path: Path) -> None:
    text = "vldrb.8 q0, [r0], #16; vmladava.s8 r4, q0, q7; vldrb.8 q1, [r1], #16; vmladava.s8 r6, q1, q7"
    assert sum(costs(code(text, "cortex-m55", tmp_path), load_core("cortex-m55"), True)) == 4


LOOP = "movs r0, #10; again: subs r0, r0, #1; bne again; bx lr"


@pytest.mark.parametrize(("core", "cycles"), [("cortex-m4", 1 + 9 * 3 + 2 + 3), ("cortex-m33", 1 + 9 * 2 + 1 + 3)])
def test_a_loop_pays_for_branches_that_are_taken(core: str, cycles: int, tmp_path: Path) -> None:
    found = estimate(assembled(LOOP, core, tmp_path), Executions({0: 1, 2: 10, 4: 10, 6: 1}), core)
    assert found.total == cycles


def test_a_predicting_core_pays_for_the_end_of_a_loop(tmp_path: Path) -> None:
    executions = Executions({0: 1, 2: 10, 4: 10, 6: 1})
    found = estimate(assembled(LOOP, "cortex-m7", tmp_path), executions, "cortex-m7")
    assert found.by_address[4] >= load_core("cortex-m7").branches.mispredicted
    assert found.total < 30


def test_flash_is_waited_for_and_parts_loads_from_those_of_ram(tmp_path: Path) -> None:
    made = assembled("ldr r0, [r1]; ldr r2, [r3]", "cortex-m4", tmp_path)
    flash = Flash(wait_states=5, line_bytes=8, data_lines=32, code_lines=128)
    without = estimate(made, Executions({0: 100, 2: 100}), "cortex-m4")
    found = estimate(made, Executions({0: 100, 2: 100}, {0: FlashUse(100, 50, 1)}), "cortex-m4", flash)
    assert (without.total, sum(found.by_address.values()), sum(found.waiting.values())) == (300, 400, 255)


def test_all_tables_load() -> None:
    assert set(known_cores()) == set(MARCH)
    assert all(load_core(name).kinds for name in known_cores())
