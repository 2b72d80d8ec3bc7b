from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from tests.support.content import make_content
from tests.support.graphs import HALF, constant, make_graph, node, tensor
from tests.support.machine import need, need_extra
from tests.support.models import model_bytes
from tinypack.compile import Program, compile_graph, emit
from tinypack.compile.emit import RUNTIME, Identity, emit_model, emit_package, emit_selftest, kernel_sources
from tinypack.graph import Quantization
from tinypack.importers.tflite import import_tflite
from tinypack.names import Names, c_names

NAMES = c_names("kws-ref")
#: Kernel -> the one that does its work where there is no variant of it.
BASES = {"conv_3x3_s8": "conv_2d_packed_s8"}
ALL_KERNELS = sorted(path.stem.removeprefix("tp_") for path in (RUNTIME / "kernels" / "portable").glob("*.c"))
STRICT = ("-std=c99", "-Wall", "-Wextra", "-Werror", "-Wconversion")
#: Every model's operators between them, as fast as possible to compile.
MODELS = ("hello_world_int8", "kws_ref_model", "pretrainedResnet_quant")


def identity(labels: tuple[str, ...] = (), description: str = "A sentence.") -> Identity:
    return Identity("kws-ref", "1.0.0", description, "0.1.0", "ab" * 32, labels)


@cache
def real(name: str) -> Program:
    return compile_graph(import_tflite(model_bytes(name), name))


def compile_sources(sources: Mapping[str, str], folder: Path) -> list[Path]:
    for path, text in sources.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    units = sorted(path for path in sources if path.endswith(".c"))
    subprocess.run(["gcc", *STRICT, "-O0", "-c", *units], cwd=folder, check=True, timeout=100)
    return sorted(folder.glob("*.o"))


def external_symbols(objects: list[Path]) -> set[str]:
    shown = subprocess.run(["nm", "-g", "--defined-only", *objects], capture_output=True, text=True, check=True)
    return set(re.findall(r" [A-Z] (\w+)$", shown.stdout, re.MULTILINE))


def foreign_words(sources: Mapping[str, str], names: Names) -> list[str]:
    """Files, guards and macros of headers that do not start with the package's prefix."""
    found = [path for path in sources if not Path(path).name.startswith((f"{names.prefix}_", f"{names.prefix}."))]
    found += [path for path in sources if "/" in path and path.split("/")[0] != names.prefix]
    for path, text in sources.items():
        if path.endswith(".h"):
            macros = re.findall(r"^#\s*(?:define|ifndef|undef) (\w+)", text, re.MULTILINE)
            found += [f"{path}: {macro}" for macro in macros if not macro.startswith(f"{names.macro}_")]
    return found


@pytest.mark.parametrize("name", MODELS)
def test_all_that_is_exported_has_the_prefix(name: str, tmp_path: Path) -> None:
    need("gcc", "nm")
    sources = emit_package(real(name), NAMES, identity(("a",)))
    symbols = external_symbols(compile_sources(sources, tmp_path))
    assert {f"kws_ref_{call}" for call in ("init", "input", "invoke", "output", "top", "label", "strerror")} <= symbols
    assert {symbol for symbol in symbols if not symbol.startswith("kws_ref_")} == set()
    assert foreign_words(sources, NAMES) == []


def test_all_kernels_take_the_prefix(tmp_path: Path) -> None:
    """Also those that no model here uses."""
    need("gcc", "nm")
    prefixed = {
        emit._prefixed(f"{NAMES.prefix}/{file}", NAMES): emit._prefixed(text, NAMES)
        for file, text in kernel_sources(ALL_KERNELS).items()
    }
    symbols = external_symbols(compile_sources(prefixed, tmp_path))
    assert symbols >= {f"kws_ref_tp_{kernel}" for kernel in ALL_KERNELS}
    assert {symbol for symbol in symbols if not symbol.startswith("kws_ref_tp_")} == set()
    assert foreign_words(prefixed, NAMES) == []
    words = {word for text in prefixed.values() for word in re.findall(r"\b(?:tp|TP)_\w+", text)}
    assert words == set()


def test_one_public_header() -> None:
    assert [path for path in make_content().sources if "/" not in path] == ["kws_ref.h"]


@pytest.mark.parametrize("kernel", ALL_KERNELS)
def test_kernels_bring_what_they_include(kernel: str) -> None:
    files = kernel_sources([kernel])
    assert {f"tp_{kernel}.c", f"tp_{kernel}.h", "tp_common.h", "tp_selftest.h"} <= files.keys()
    wanted = {name for text in files.values() for name in re.findall(r'#include "(.*)"', text)}
    assert wanted <= files.keys()
    others = {path.name for path in files_of_others(kernel)}
    assert not others & files.keys()


def files_of_others(kernel: str) -> list[Path]:
    own = {f"tp_{kernel}", f"tp_{BASES.get(kernel)}"}
    return [path for path in (RUNTIME / "kernels" / "portable").iterdir() if path.stem not in own]


def test_the_same_program_gives_the_same_text() -> None:
    first, second = make_content(), make_content()
    assert (first.sources, first.selftest) == (second.sources, second.selftest)
    text = "".join((*first.sources.values(), *first.selftest.values()))
    assert not re.search(r"/(home|tmp|work|root|usr)/|\b20[2-9]\d-\d\d-\d\d\b|\d\d:\d\d:\d\d", text)


@pytest.mark.parametrize("label", ["tp_rate", "TP_RATE", "a tp_b", '"tp_', "tp_\\", 'x" tp_y', "*/", "??/", "é"])
def test_labels_come_through_unchanged(label: str, tmp_path: Path) -> None:
    need("gcc")
    sources = dict(emit_package(make_content().program, NAMES, identity((label, "tp_b", "TP_c"))))
    sources["main.c"] = (
        '#include "kws_ref.h"\n#include <stdio.h>\n'
        'int main(void) { for (int i = -1; i < 4; i++) printf("%s|", kws_ref_label(i)); return 0; }\n'
    )
    program = tmp_path / "program"
    subprocess.run(["gcc", *compile_sources(sources, tmp_path), "-o", program], check=True, timeout=60)
    printed = subprocess.run([program], capture_output=True, check=True, timeout=10).stdout.decode()
    assert printed == f"|{label}|tp_b|TP_c||"


HOSTILE = '*/ int x; /* \\ ??/ "é\n'


def test_untrusted_text_stays_in_comments(tmp_path: Path) -> None:
    need("gcc")
    quiet = [tensor((1, 4), name=HOSTILE), tensor((1, 4), Quantization((0.25,), (3,)), name=HOSTILE * 2)]
    program = compile_graph(make_graph(quiet, [node("RELU", [0], 1)], [1]))
    hostile = Identity("kws-ref", "1.0.0", "Ends in ??/", "0", "", ())
    sources = {
        **emit_package(program, NAMES, hostile),
        **emit_selftest(program, NAMES, hostile, "an oracle */ int y;", [(1, 2)]),
    }
    sources["main.c"] = '#include "kws_ref_selftest.h"\nint main(void) { (void)kws_ref_selftest; return 0; }\n'
    compile_sources(sources, tmp_path)
    assert all(text.isascii() for text in sources.values())


def test_header_states_what_the_model_is() -> None:
    q = Quantization((0.25,), (-7,))
    tensors = [tensor((1, 2, 2, 1), name="picture"), tensor((1, 2, 2, 1), q, name="scores")]
    header = emit_model(compile_graph(make_graph(tensors, [node("RELU", [0], 1)], [1])), NAMES, identity())["kws_ref.h"]
    for line in (
        ' * input: [1,2,2,1] int8, scale 0.5, zero point 0 "picture"',
        ' * output: [1,2,2,1] int8, scale 0.25, zero point -7 "scores"',
        "#define KWS_REF_ARENA_BYTES 4",
        "#define KWS_REF_INPUT_LEN 4",
        "#define KWS_REF_INPUT_SCALE 0.5f",
        "#define KWS_REF_OUTPUT_ZERO_POINT (-7)",
        " * " + "ab" * 32,
    ):
        assert line in header.splitlines()
    assert "LABEL" not in header and "_input_0" not in header


def test_several_ports_are_numbered() -> None:
    header = make_content(ports=2).sources["kws_ref.h"]
    for word in ("kws_ref_input_0(", "kws_ref_input_1(", "kws_ref_output_1(", "KWS_REF_OUTPUT_0_LEN 3"):
        assert word in header
    assert "kws_ref_input(" not in header and "kws_ref_quantize_1(" in header


def test_calls_are_commented_with_their_nodes() -> None:
    model = make_content().sources["kws_ref/kws_ref_model.c"]
    assert '/* node 0 FULLY_CONNECTED "out`0` | * /": [1,6] -> [1,3] */' in model
    assert "NODE_DONE(0, arena + " in model


def test_equal_tables_are_written_once() -> None:
    x, weights = tensor((1, 4)), constant(np.eye(4), "int8", HALF)
    nodes = [node("FULLY_CONNECTED", [0, 1], 2), node("FULLY_CONNECTED", [2, 1], 3)]
    text = emit_model(compile_graph(make_graph([x, weights, x, x], nodes, [3])), NAMES, identity())
    assert text["kws_ref/kws_ref_model.c"].count("_weights[16]") == 1


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int16", "int32", "int64", "bool"])
def test_outputs_of_all_types_compile(dtype: str, tmp_path: Path) -> None:
    need("gcc")
    q = HALF if dtype in ("int8", "uint8", "int16") else None
    tensors = [tensor((1, 4), q, dtype), tensor((4,), q, dtype)]
    sources = emit_package(compile_graph(make_graph(tensors, [node("RESHAPE", [0], 1)], [1])), NAMES, identity())
    compile_sources(sources, tmp_path)


#: A state at each place that the header allows, and at one that it does not.
PLACES = """
#include "kws_ref.h"
static union { int64_t aligned; uint8_t bytes[256]; } memory;
int main(void) {
  for (size_t at = 8; at <= 64; at += ALIGNMENT) {
    kws_ref_t *state = (kws_ref_t *)(void *)(memory.bytes + at);
    if (kws_ref_init(state) != KWS_REF_OK || kws_ref_invoke(state) != KWS_REF_OK) return 1;
    if (kws_ref_output_1(state)[0] != 0 || kws_ref_input_1(state)[0] != 0) return 2;
  }
  return kws_ref_init((kws_ref_t *)(void *)(memory.bytes + ALIGNMENT / 2)) == KWS_REF_E_ALIGN ? 0 : 3;
}
"""


@pytest.mark.parametrize(("dtype", "alignment"), [("int8", 4), ("int32", 4), ("int64", 8)])
def test_a_state_may_lie_where_its_elements_may(dtype: str, alignment: int, tmp_path: Path) -> None:
    need("gcc")
    first, other = tensor((1, 20)), tensor((1, 2), None if dtype != "int8" else HALF, dtype)
    nodes = [node("RESHAPE", [0], 2), node("RESHAPE", [1], 3)]
    program = compile_graph(make_graph([first, other, first, other], nodes, [2, 3], [0, 1]))
    sources = {**emit_package(program, NAMES, identity()), "main.c": PLACES.replace("ALIGNMENT", str(alignment))}
    for path, text in sources.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    units = [path for path in sources if path.endswith(".c")]
    flags = ("-fsanitize=undefined", "-fno-sanitize-recover=all", "-o", "program")
    subprocess.run(["gcc", *STRICT, *flags, *units], cwd=tmp_path, check=True, timeout=60)
    subprocess.run([tmp_path / "program"], check=True, timeout=10)


def test_tables_beyond_avrs_reach_are_refused_there_alone(tmp_path: Path) -> None:
    need("gcc")
    need_extra("avr-gcc")
    weights = constant(np.ones((200, 200)), "int8", HALF)
    graph = make_graph([tensor((1, 200)), weights, tensor((1, 200))], [node("FULLY_CONNECTED", [0, 1], 2)], [2])
    compile_sources(emit_package(compile_graph(graph), NAMES, identity()), tmp_path)
    argv = ["avr-gcc", "-mmcu=atmega2560", "-std=c99", "-fsyntax-only", "kws_ref/kws_ref_model.c"]
    refused = subprocess.run(argv, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert refused.returncode != 0
    assert '#error "kws-ref: tables of 40,805 bytes' in refused.stderr
