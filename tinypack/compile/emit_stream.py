"""Stream to C: what the header and the source of a package say of its features and its decision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tinypack.compile import ctext
from tinypack.compile.chain import CallText, Field, chain_text
from tinypack.compile.program import Program
from tinypack.compile.stream import Stream
from tinypack.compile.stream_memory import decision_offset, feature_offset
from tinypack.compile.tables import Tables
from tinypack.decisions.protocol import SCORE_ONE, Result

#: How members of the result are declared, and made of an element of the verdict.
TYPES = {"number": "int32_t ", "flag": "int ", "label": "const char *", "real": "float "}
MAKERS: dict[str, Callable[[Result, str, str], str]] = {
    "number": lambda result, element, prefix: element,
    "flag": lambda result, element, prefix: f"(int){element}",
    "label": lambda result, element, prefix: (
        f"{element} < 0 ? {ctext.string(result.otherwise)} : {prefix}_label((int){element})"
    ),
    "real": lambda result, element, prefix: f"(float){element} * {ctext.number(result.scale)}",
}


@dataclass(frozen=True)
class Member:
    """A member of the result."""

    declaration: str
    about: str
    assignments: tuple[str, ...]


@dataclass(frozen=True)
class StreamText:
    """All that the templates say of a stream."""

    streaming: bool
    rate: str  # C literal, Hz
    millihertz: str
    channels: int
    frame: int
    hop: int
    need: int
    ring: int
    frames: int
    every: int
    feature_len: int
    sample_type: str
    sample_len: int
    sample_unit: str
    samples_pointer: str
    input_pointer: str  # where the decision wants the features; "" if it reads none
    frame_scratch: int
    decision_scratch: int
    fields: tuple[Field, ...]
    verdict_len: int
    members: tuple[Member, ...]
    tables: tuple[str, ...]
    frame_calls: tuple[CallText, ...]
    decision_calls: tuple[CallText, ...]
    kernels: tuple[str, ...]
    score_one: int


def stream_text(stream: Stream, program: Program, prefix: str) -> StreamText:
    """Write a stream for the templates."""
    front, tables = stream.front, Tables()
    output = program.outputs[0]
    features = {stream.chain.output: "features", **({} if stream.streaming else {"samples": "samples"})}
    made = chain_text(stream.chain, "frame", tables, features)
    given = {"output": f"(const int8_t *)(const void *)(self->arena + {program.offsets[output.index]})"}
    decided = chain_text(stream.decision.chain, "decision", tables, {**given, "verdict": "self->verdict"})
    return StreamText(
        streaming=stream.streaming,
        rate=str(int(front.rate)) if front.rate == int(front.rate) else ctext.number(front.rate),
        millihertz=f"{round(front.rate * 1000)}u",
        channels=front.channels,
        frame=front.frame,
        hop=front.hop,
        need=stream.need,
        ring=stream.ring,
        frames=stream.frames,
        every=stream.every,
        feature_len=stream.features.length,
        sample_type=front.samples.ctype,
        sample_len=front.samples.length,
        sample_unit=ctext.number(front.sample_unit),
        samples_pointer=_pointer("int16_t", made.scratch.offsets.get("samples")),
        input_pointer=_pointer("int8_t", decided.scratch.offsets.get("input")),
        frame_scratch=feature_offset(program, stream),
        decision_scratch=decision_offset(program, stream),
        fields=(*made.fields, *decided.fields),
        verdict_len=stream.decision.chain.arrays["verdict"].length,
        members=tuple(_member(result, prefix) for result in stream.decision.results),
        tables=tuple(tables.text),
        frame_calls=made.calls,
        decision_calls=decided.calls,
        kernels=tuple(sorted({*made.kernels, *decided.kernels})),
        score_one=SCORE_ONE,
    )


def _pointer(ctype: str, offset: int | None) -> str:
    return "" if offset is None else f"({ctype} *)(void *)(scratch + {offset})"


def _member(result: Result, prefix: str) -> Member:
    several = result.length > 1
    make = MAKERS[result.kind]
    assignments = tuple(
        f"result.{result.name}{f'[{i}]' * several} = {make(result, f'self->verdict[{result.index + i}]', prefix)};"
        for i in range(result.length)
    )
    declaration = f"{TYPES[result.kind]}{result.name}{f'[{result.length}]' * several};"
    return Member(declaration, ctext.comment(result.about), assignments)
