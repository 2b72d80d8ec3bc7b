"""Program to C text: the model's tables and calls, its public header, and the kernels it uses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tinypack.compile import ctext
from tinypack.compile.emit_rows import GroupText
from tinypack.compile.emit_stream import stream_text
from tinypack.compile.program import Program, Step
from tinypack.compile.sizes import avr_excess
from tinypack.compile.stream import Stream, test_signal
from tinypack.compile.tables import Tables
from tinypack.graph import Tensor
from tinypack.ops.protocol import Call, Table
from tinypack.templates_location import environment
from tinypack.vectors import float_grid

if TYPE_CHECKING:
    from tinypack.names import Names

RUNTIME = Path(__file__).parents[1] / "runtime"
FOLDERS = ("include", "features", "decisions", "kernels/portable", "kernels/arm_dsp", "kernels/arm_mve")
LICENSE = "0BSD"
WORD = re.compile(r"\b(?:tp|TP)_")
TOKEN = re.compile(r'/\*.*?\*/|(?<!#include )"(?:\\.|[^"\\\n])*"|' + WORD.pattern, re.DOTALL)  # comment, string, word


@dataclass(frozen=True)
class Port:
    """An input or output as the header shows it."""

    suffix: str  # "" or "_0", "_1", … where there are several
    macro: str  # "INPUT" or "INPUT_0"
    ctype: str
    length: int
    offset: int
    summary: str
    scale: str | None  # C literals; None where the port holds floats
    zero_point: str | None
    low: str
    high: str
    step: str  # of a float input's test values; "0.0f" for others
    step_zero: str


@dataclass(frozen=True)
class Identity:
    """What the header says of itself."""

    name: str
    version: str
    description: str
    tinypack: str
    model_sha256: str
    labels: tuple[str, ...]


def emit_model(program: Program, names: Names, identity: Identity, stream: Stream | None = None) -> dict[str, str]:
    """Write the public header, the model's source and the stream's, with kernels under their own prefix `tp_`."""
    tables = Tables()
    steps = list(_steps(program, tables))
    inputs, outputs = ports("INPUT", program.inputs, program), ports("OUTPUT", program.outputs, program)
    context = {
        "names": names,
        "identity": identity,
        "license": LICENSE,
        "description": ctext.comment(identity.description),
        "labels": [ctext.string(label) for label in identity.labels],
        "version": ctext.string(identity.version),
        "inputs": inputs,
        "outputs": outputs,
        "quantised_input": [port for port in inputs if port.scale],
        "quantised_output": [port for port in outputs if port.scale],
        "arena_bytes": program.arena_bytes,
        "alignment": program.alignment,
        "avr_excess": avr_excess(program),
        "headers": program_headers(program),
        "tables": tables.text,
        "steps": steps,
        "stream": stream_text(stream, program, names.prefix) if stream else None,
    }
    wanted = {"__prefix__.h": "", "__prefix___model.c": f"{names.prefix}/"}
    wanted |= {"__prefix___stream.c": f"{names.prefix}/"} if stream else {}
    return {
        folder + name.replace("__prefix__", names.prefix): environment()
        .get_template(f"model/{name}.j2")
        .render(context)
        for name, folder in wanted.items()
    }


def emit_selftest(
    program: Program,
    names: Names,
    identity: Identity,
    oracle: str,
    vectors: Sequence[tuple[int, int]],
    stream: Stream | None = None,
    results: Sequence[int] = (),
) -> dict[str, str]:
    """Write the self-test's header from seeds and the digests of the outputs that they must give.

    `results` are the digests of what a stream makes of its test signal.
    """
    context = {
        "names": names,
        "identity": identity,
        "license": LICENSE,
        "oracle": ctext.comment(oracle),
        "inputs": ports("INPUT", program.inputs, program),
        "outputs": ports("OUTPUT", program.outputs, program),
        "vectors": [{"seed": f"0x{seed:08x}u", "digest": f"0x{digest:08x}u"} for seed, digest in vectors],
        "stream": stream_text(stream, program, names.prefix) if stream else None,
        "signal": test_signal(stream) if stream else None,
        "digests": [f"0x{digest:08x}u" for digest in results],
    }
    text = environment().get_template("model/__prefix___selftest.h.j2").render(context)
    return {f"{names.prefix}_selftest.h": text}


def kernel_sources(kernels: Sequence[str]) -> dict[str, str]:
    """Read the runtime files that these kernels need, by file name: a header brings its source and what it includes."""
    found: dict[str, str] = {}
    wanted = [f"tp_{name}.h" for name in (*kernels, "ports", "selftest")]
    while wanted:
        header = wanted.pop()
        if header not in found:
            path = _runtime_file(header)
            texts = {
                file.name: file.read_text(encoding="utf-8") for file in (path, path.with_suffix(".c")) if file.exists()
            }
            found |= texts
            wanted += re.findall(r'^#include "(tp_\w+\.h)"', "\n".join(texts.values()), re.MULTILINE)
    return dict(sorted(found.items()))


def program_headers(program: Program) -> tuple[str, ...]:
    """Name the runtime headers, without tp_ and .h, that a program's source includes."""
    return (*program.kernels, *(("row_window",) if program.groups else ()))


def emit_package(program: Program, names: Names, identity: Identity, stream: Stream | None = None) -> Mapping[str, str]:
    """Write all that lies in a package's `src`: every symbol, guard and file name has the package's prefix."""
    emitted = emit_model(program, names, identity, stream)
    kernels = (*program_headers(program), *(stream.kernels if stream else ()))
    mine = {f"{names.prefix}/{file}": text for file, text in kernel_sources(kernels).items()}
    notice = f"/* SPDX-License-Identifier: {LICENSE} */\n"
    runtime = {path: notice + text for path, text in mine.items()}
    return {_prefixed(path, names): _prefixed(text, names) for path, text in (*emitted.items(), *runtime.items())}


def _prefixed(text: str, names: Names) -> str:
    """Put the package's prefix before our own, except in strings, which may be labels."""
    own = {"tp_": f"{names.prefix}_tp_", "TP_": f"{names.macro}_TP_"}

    def renamed(match: re.Match[str]) -> str:
        token = match[0]
        return WORD.sub(lambda word: own[word[0]], token) if token.startswith("/*") else own.get(token, token)

    return TOKEN.sub(renamed, text)


def _runtime_file(name: str) -> Path:
    paths = [RUNTIME / folder / name for folder in FOLDERS]
    return next((path for path in paths if path.exists()), paths[-1])


@dataclass(frozen=True)
class _StepText:
    comment: str
    calls: list[str]
    node: int
    offset: int
    nbytes: int


def _steps(program: Program, tables: Tables) -> Iterator[_StepText]:
    groups = {step.node.index: group for group in program.groups for step in group.steps}
    for step in program.steps:
        group = groups.get(step.node.index)
        if group is None:
            yield _step(step, program, tables)
        elif step is group.steps[-1]:
            about = " row by row; ".join(_comment(member, program) for member in group.steps)
            yield _StepText(about, GroupText(group, program, tables).lines(), *_result(step, program))


def _result(step: Step, program: Program) -> tuple[int, int, int]:
    output = program.graph.tensors[step.node.outputs[0]]
    return step.node.index, program.offsets[output.index], output.nbytes


def _comment(step: Step, program: Program) -> str:
    tensors = program.graph.tensors
    shapes = [ctext.shape(tensors[k].shape) for k in step.node.inputs if k >= 0 and not tensors[k].is_constant]
    output = tensors[step.node.outputs[0]]
    return f"{ctext.comment(program.graph.describe(step.node))}: {', '.join(shapes)} -> {ctext.shape(output.shape)}"


def _step(step: Step, program: Program, tables: Tables) -> _StepText:
    calls = [_call(call, i, len(step.calls), step, program, tables) for i, call in enumerate(step.calls)]
    return _StepText(_comment(step, program), calls, *_result(step, program))


def _call(call: Call, position: int, count: int, step: Step, program: Program, tables: Tables) -> str:
    name = f"node_{step.node.index}" + (f"_{position}" if count > 1 else "")
    tables.params(call.kernel, name, call.params)
    arguments = [f"&{name}"]
    for i, source in enumerate(call.inputs):
        if isinstance(source, Table):
            arguments.append(tables.name(f"{name}_input_{i}", source))
        else:
            arguments.append(_pointer(program.graph.tensors[source], program, "const "))
    arguments.append(_pointer(program.graph.tensors[call.output], program))
    if call.scratch:
        arguments.append(f"arena + {program.scratch[step.node.index]}")
    return f"tp_{call.kernel}({', '.join(arguments)});"


def _pointer(tensor: Tensor, program: Program, const: str = "") -> str:
    # By way of void *: the arena and every offset are aligned for the type.
    return f"({const}{tensor.ctype} *)({const}void *)(arena + {program.offsets[tensor.index]})"


def ports(kind: str, tensors: Sequence[Tensor], program: Program) -> list[Port]:
    """Describe a program's inputs or outputs as the header shows them."""
    return [_port(tensor, kind, i, tensors, program) for i, tensor in enumerate(tensors)]


def _port(tensor: Tensor, kind: str, position: int, ports: Sequence[Tensor], program: Program) -> Port:
    several = len(ports) > 1
    step, step_zero = float_grid(program.graph, tensor)
    q = tensor.quantization if tensor.dtype in ("int8", "uint8") else None
    info = f"{ctext.shape(tensor.shape)} {tensor.dtype}"
    if q:
        info += f", scale {q.scale:.9g}, zero point {q.zero_point}"
    limits = (0, 255) if tensor.dtype == "uint8" else (-128, 127)
    return Port(
        suffix=f"_{position}" if several else "",
        macro=f"{kind}_{position}" if several else kind,
        ctype=tensor.ctype,
        length=tensor.elements,
        offset=program.offsets[tensor.index],
        summary=f'{info} "{ctext.comment(tensor.name)}"',
        scale=ctext.number(float(q.scale)) if q else None,
        zero_point=ctext.number(q.zero_point) if q else None,
        low=str(limits[0]),
        high=str(limits[1]),
        step=ctext.number(float(step)),
        step_zero=ctext.number(step_zero),
    )
