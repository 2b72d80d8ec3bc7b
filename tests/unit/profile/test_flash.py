from __future__ import annotations

from tests.support.content import CLASSES, INPUTS, make_content
from tinypack.profile.flash import Section, _purpose, read_map, weight_bytes

MAP = """\
Discarded input sections

 .text.unused   0x00000000       0x10 package/kws_model.o

Linker script and memory map

 .text.kws_invoke
                0x00000118       0x98 package/kws_model.o
                0x00000118                kws_invoke
 .text.put      0x000001b0        0x8 program/least.o
 *fill*         0x000001b8        0x8
 .text.none     0x000001c0        0x0 package/kws_model.o
 .rodata.report_crash.str1.4
                0x000001c0       0x33 machine/startup.o
                                 0x35 (size before relaxing)
 COMMON         0x20000000        0x4 package/kws_model.o
"""


def test_a_map_tells_what_was_placed() -> None:
    assert read_map(MAP) == [
        Section(".text.kws_invoke", 0x98, "package/kws_model.o"),
        Section(".text.put", 8, "program/least.o"),
        Section(".rodata.report_crash.str1.4", 0x33, "machine/startup.o"),
        Section("COMMON", 4, "package/kws_model.o"),
    ]


def test_sections_have_a_purpose() -> None:
    purposes = {
        (".text.kws_invoke", "package/kws_model.o"): "glue",
        (".text.main", "program/least.o"): "glue",
        (".text.kws_tp_conv_2d_s8", "package/kws_tp_conv_2d_s8.o"): "kernels",
        (".literal.kws_tp_conv_2d_s8", "package/kws_tp_conv_2d_s8.o"): "kernels",
        (".rodata.table.0", "package/kws_tp_softmax_s8.o"): "tables",
        (".rodata.node_3", "package/kws_model.o"): "tables",
        (".rodata.node_3_weights", "package/kws_model.o"): "weights",
        (".srodata.node_3_1_shift", "package/kws_model.o"): "weights",
        (".rodata.node_4_table", "package/kws_model.o"): "tables",
        (".text", "/usr/lib/libgcc.a(_udivsi3.o)"): "library",
    }
    for (name, file), purpose in purposes.items():
        assert _purpose(Section(name, 1, file), "kws_model.o", {3}) == purpose, name


def test_weights_are_counted_from_the_model() -> None:
    each = CLASSES * INPUTS + 4 * CLASSES + 5 * CLASSES
    assert weight_bytes(make_content(ports=2)) == 2 * each
