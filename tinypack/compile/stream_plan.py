"""Joins a front end, a model and a decision, if they go together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from tinypack.compile.program import Program
from tinypack.compile.stream import Stream
from tinypack.decisions import DECISIONS
from tinypack.decisions.protocol import DecisionOptions, Given
from tinypack.errors import Problem, TinypackError
from tinypack.features.extractor import FeatureOptions, FrontEnd
from tinypack.features.model_input import model_chain
from tinypack.graph import Tensor
from tinypack.options import samples

MOST_EVERY = 2**31 - 1  # hops
#: Keys of tinypack.toml -> the place that messages name.
Where = Callable[[Sequence[str]], str]


def plan_stream(
    program: Program,
    front: FrontEnd,
    options: FeatureOptions,
    decision: DecisionOptions | None,
    labels: Sequence[str],
    root: Path,
    where: Where,
) -> Stream:
    """Join a front end, a model and a decision (default: classify with labels, else regress), with the least ring.

    `root` is where files lie that options name.
    Raises: TinypackError (bad-manifest) with every reason why they don't go together
    """
    frames = window_frames(program, front, options, where)
    tensor, output = program.inputs[0], program.outputs[0]
    quantization, out_quantization = tensor.quantization, output.quantization
    assert quantization and out_quantization
    if decision is None:
        name = "classify" if labels else "regress"
        decision = DECISIONS[name].Options.model_validate({"type": name})
    every = max(1, samples(decision.every, front.rate / front.hop)) if front.rate > 0 else 1
    given = Given(
        outputs=output.elements,
        output_scale=out_quantization.scale,
        output_zero_point=out_quantization.zero_point,
        inputs=tensor.elements,
        input_scale=quantization.scale,
        input_zero_point=quantization.zero_point,
        labels=tuple(labels),
        period=every * front.hop / front.rate if front.rate > 0 else 0.0,
        root=root,
    )
    if every > MOST_EVERY:
        rule = f"results may be up to {MOST_EVERY:,} hops apart"
        raise TinypackError.one("bad-manifest", where(["decision", "every"]), rule, f"{every:,}")
    if front.rate == 0 and decision.every != 1:
        rule = "a picture gives a result each: every is of features that stream"
        raise TinypackError.one("bad-manifest", where(["decision", "every"]), rule, str(decision.every), "leave it out")
    try:
        made = DECISIONS[decision.type].decision(decision, given)
    except ValueError as reason:
        rule = "the decision must go together with the model"
        raise TinypackError.one("bad-manifest", where(["decision"]), rule, str(reason)) from None
    chain = model_chain(front, options, quantization.scale, quantization.zero_point)
    least = max(front.frame, front.hop) + front.hop
    stream = Stream(front, chain, frames, every, least if front.rate > 0 else 0, made)
    if stream.reads_input and not stream.streaming:
        rule = "a decision on features needs a stream: an image's features are gone after the inference"
        raise TinypackError.one("bad-manifest", where(["decision"]), rule)
    return stream


def window_frames(program: Program, front: FrontEnd, options: FeatureOptions, where: Where) -> int:
    """Give the number of frames that the model's input holds.

    Raises: TinypackError (bad-manifest) if model, features and `frames` don't go together
    """
    problems = [*_port_problems(program.inputs, "input", where), *_port_problems(program.outputs[:1], "output", where)]
    if problems:
        raise TinypackError(problems)
    length, elements = front.features.length, program.inputs[0].elements
    frames, rest = divmod(elements, length)
    if rest or frames != (options.frames or frames):
        rule = f"the model's input must hold {options.frames or 'some number of'} frames of {length} features"
        found = f"{elements} elements of shape {list(program.inputs[0].shape)}"
        raise TinypackError.one(
            "bad-manifest", where(["features"]), rule, found, "compare with the training's features"
        )
    for key, values in (("mean", options.mean), ("std", options.std)):
        if len(values) not in (1, length, front.shape[-1]):
            last = f" or {front.shape[-1]}" if len(front.shape) > 1 else ""
            rule = f"there must be one number, or one for each of the {length}{last} features of a frame"
            problems.append(Problem("bad-manifest", where(["features", key]), rule, f"{len(values)} numbers"))
    camera = options.sensor == "camera"
    if options.sensor not in (None, "serial") and camera != (front.rate == 0):
        rule = "the sensor must give what the extractor takes: a camera pictures, the others samples"
        problems.append(Problem("bad-manifest", where(["features", "sensor"]), rule, str(options.sensor)))
    if front.quantised and (options.mean != [0.0] or options.std != [1.0]):
        rule = "mean and std can't be given: this extractor quantises by itself"
        problems.append(Problem("bad-manifest", where(["features"]), rule, "mean or std"))
    if problems:
        raise TinypackError(problems)
    return frames


def _port_problems(tensors: Sequence[Tensor], kind: str, where: Where) -> list[Problem]:
    found = [tensor for tensor in tensors if tensor.dtype != "int8" or tensor.quantization is None]
    problems = []
    if len(tensors) != 1:
        problems.append(
            Problem("bad-manifest", where(["features"]), f"the model must have one {kind}", str(len(tensors)))
        )
    if found:
        rule = f"the model's {kind} must be int8 with a quantisation, for features and decisions"
        hint = "convert it with int8 inputs and outputs"
        what = found[0].dtype if found[0].quantization else f"{found[0].dtype} without quantisation"
        problems.append(Problem("bad-manifest", where(["features"]), rule, what, hint))
    return problems
