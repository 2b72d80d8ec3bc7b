"""The part of a package around its model: from samples to the model's input, and from its output to a result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tinypack.compile.chain import Scratch, plan_scratch
from tinypack.compile.program import Program
from tinypack.decisions import DECISIONS
from tinypack.decisions.protocol import Decision, DecisionOptions, Given
from tinypack.errors import Problem, TinypackError
from tinypack.features.extractor import FeatureOptions, FrontEnd
from tinypack.features.model_input import model_chain
from tinypack.features.protocol import Array, Chain
from tinypack.graph import Tensor
from tinypack.options import samples

RESULTS = 3  # of a self-test
MOST_TEST = 1 << 20  # samples of all channels that it makes for more than one
MOST_EVERY = 2**31 - 1  # hops
#: Keys of tinypack.toml -> the place that messages name.
Where = Callable[[Sequence[str]], str]


@dataclass(frozen=True, eq=False)
class Stream:
    """What joins a front end, a model and a decision."""

    front: FrontEnd
    chain: Chain  # of a frame: "samples" -> int8, as the model's input has them
    frames: int  # that the model sees at once
    every: int  # hops from one inference to the next
    ring: int  # samples of a channel that wait at most; 0 for images
    decision: Decision

    @property
    def streaming(self) -> bool:
        """False for images, which come whole."""
        return self.front.rate > 0

    @property
    def need(self) -> int:
        """Samples of a channel that must have come before a frame is computed."""
        return max(self.front.frame, self.front.hop)

    @property
    def features(self) -> Array:
        """A frame's features."""
        return self.chain.arrays[self.chain.output]

    @property
    def inputs(self) -> int:
        """Elements of the model's input."""
        return self.frames * self.features.length

    @property
    def reads_input(self) -> bool:
        """Whether the decision looks at the features, too."""
        return "input" in self.decision.chain.inputs

    @property
    def kernels(self) -> tuple[str, ...]:
        """Names of the runtime's files that are used beside the model's."""
        steps = (*self.chain.steps, *self.decision.chain.steps)
        others = {"stream_test", "ring"} if self.streaming else {"stream_test"}
        return tuple(sorted({step.block.KERNEL for step in steps} | others))

    @property
    def state_bytes(self) -> int:
        """RAM of the stream beside the model's arena, without padding."""
        chains = (self.chain, self.decision.chain)
        kept = sum(array.nbytes for chain in chains for step in chain.steps for array in step.block.state)
        verdict = self.decision.chain.arrays["verdict"].nbytes
        counts = 8 + 6 * 4
        ring = (self.ring + 1) * self.front.channels * self.front.samples.itemsize
        return kept + verdict + (counts + ring + self.inputs if self.streaming else 0)


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


def stream_record(stream: Stream) -> dict[str, Any]:
    """Say in a package's record how samples become results."""
    front = stream.front
    return {
        "sample_rate": front.rate,
        "channels": front.channels,
        "sample_type": front.samples.ctype.removesuffix("_t"),
        "frame": front.frame,
        "hop": front.hop,
        "frames": stream.frames,
        "features": list(front.shape),
        "every": stream.every,
        "ring": stream.ring,
        "results": ["time_ms", *(result.name for result in stream.decision.results)],
    }


@dataclass(frozen=True)
class Signal:
    """What the self-test gives a stream; units: samples of a channel."""

    level: int  # until the noise changes its level
    count: int


def test_results(stream: Stream) -> int:
    """Say how many results the self-test asks for: RESULTS, or fewer of a stream where they are far apart."""
    if not stream.streaming:
        return RESULTS
    room = max(MOST_TEST // stream.front.channels - stream.need - (stream.frames - 1) * stream.front.hop, 0)
    return 1 + min(room // (stream.every * stream.front.hop), RESULTS - 1)


def test_signal(stream: Stream) -> Signal:
    """Choose a signal that gives the results and meets all levels of the noise."""
    hops = stream.frames - 1 + (test_results(stream) - 1) * stream.every
    count = stream.need + hops * stream.front.hop
    return Signal(max(1, count // 9), count)


def with_room(program: Program, stream: Stream) -> Program:
    """Give the program an arena that also holds what frames and decisions work in.

    Units: bytes
    """
    frame, decision = (plan_scratch(*scratch) for scratch in _scratches(stream))
    end = max(feature_offset(program, stream) + frame.size, decision_offset(program, stream) + decision.size)
    alignment = max(program.alignment, frame.alignment, decision.alignment)
    size = -(-max(program.arena_bytes, end) // alignment) * alignment
    return replace(program, arena_bytes=size, alignment=alignment)


def feature_offset(program: Program, stream: Stream) -> int:
    """Say where in the arena a frame's scratch memory lies: anywhere, unless features go to the model's input at once.

    Units: bytes
    """
    scratch = plan_scratch(*_scratches(stream)[0])
    return 0 if stream.streaming else _beside(program, program.inputs[0], scratch)


def decision_offset(program: Program, stream: Stream) -> int:
    """Say where in the arena a decision's scratch memory lies: beside the model's output.

    Units: bytes
    """
    return _beside(program, program.outputs[0], plan_scratch(*_scratches(stream)[1]))


def _scratches(stream: Stream) -> tuple[tuple[Chain, frozenset[str]], tuple[Chain, frozenset[str]]]:
    """The chains, each with its arrays that lie elsewhere."""
    features = {stream.chain.output} | (set() if stream.streaming else {"samples"})
    return (stream.chain, frozenset(features)), (stream.decision.chain, frozenset({"output", "verdict"}))


def _beside(program: Program, tensor: Tensor, scratch: Scratch) -> int:
    start = program.offsets[tensor.index]
    if scratch.size <= start:
        return 0
    return -(-(start + tensor.nbytes) // scratch.alignment) * scratch.alignment
