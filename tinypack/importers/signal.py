"""Split a model that carries its own preprocessing: Signal operators become blocks of a front end, the rest a network.

Source: tensorflow/tflite-micro, signal/micro/kernels
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tinypack.features.extractor import FrontEnd
from tinypack.features.signal.auto_scale import SignalFftAutoScale
from tinypack.features.signal.energy import SignalEnergy
from tinypack.features.signal.filter_bank import SignalFilterBank, Slope
from tinypack.features.signal.log import SignalLog
from tinypack.features.signal.pcan import TABLE_LENGTH, SignalPcan
from tinypack.features.signal.rescale import SignalRescale
from tinypack.features.signal.rfft import SignalRfft
from tinypack.features.signal.spectral_subtraction import SignalSpectralSubtraction, Smoothing
from tinypack.features.signal.square_root import SignalFilterBankSquareRoot
from tinypack.features.signal.window import SignalWindow
from tinypack.graph import Graph, Node
from tinypack.importers.signal_values import Energy, Part, Rescaled
from tinypack.importers.signal_walk import MOST_SAMPLES, Walk
from tinypack.importers.tflite_schema import READ_CUSTOM

MOST_CHANNELS = 512
LARGEST_SHARE = 1 << 30


def split_front_end(graph: Graph, rate: float = 0.0, hop: int = 0) -> tuple[FrontEnd | None, Graph]:
    """Give the front end that a graph begins with, and the graph behind it; None and the graph if it has none.

    The rest has no nodes where there is nothing behind. The file does not say how frames follow each other.
    Units: rate in Hz, hop in samples (0: as many as a frame has)
    Raises: TinypackError (unsupported-op, bad-model) if there are Signal operators that can't become blocks
    """
    if not any(node.op.startswith(READ_CUSTOM) for node in graph.nodes):
        return None, graph
    walk = Walk(graph)
    for position, node in enumerate(graph.nodes):
        if not node.outputs:
            walk.fail(node, "it must have an output", "none", "bad-model")
        READERS.get(node.op, _unknown)(walk, node)
        if walk.features is not None:
            behind = graph.nodes[position + 1 :]
            walk.take_quantisation(behind)
            return walk.front_end(rate, hop), walk.rest(behind)
    walk.fail(graph.nodes[-1], "a front end must end in int8, by CAST", "the end of the graph")


def _unknown(walk: Walk, node: Node) -> None:
    names = ", ".join(op.removeprefix("CUSTOM:") for op in READERS)
    walk.fail(node, f"the way from samples to int8 features may have: {names}", node.op)


def _window(walk: Walk, node: Node) -> None:
    weights = tuple(walk.constant(node, 1, "int16").tolist())
    walk.add(node, SignalWindow(weights, walk.option(node, "shift", 0, 31)), walk.computed(node))


def _same(walk: Walk, node: Node) -> None:
    """Take a tensor under another shape."""
    value = walk.values.get(walk.graph.operand(node, 0).index)
    if value is None or walk.graph.operand(node, 0).elements != walk.graph.output(node).elements:
        walk.fail(node, "it must give what the front end has computed another shape", "something else")
    walk.values[node.outputs[0]] = value


def _auto_scale(walk: Walk, node: Node) -> None:
    walk.add(node, SignalFftAutoScale(walk.graph.operand(node, 0).elements), walk.computed(node))


def _rfft(walk: Walk, node: Node) -> None:
    length, samples = walk.option(node, "fft_length", 16, MOST_SAMPLES), walk.graph.operand(node, 0).elements
    if length & (length - 1) or samples > length:
        walk.fail(node, "fft_length must be a power of 2 that holds the frame", f"{length} for {samples}")
    walk.add(node, SignalRfft(samples, length), walk.computed(node))


def _energy(walk: Walk, node: Node) -> None:
    bins = walk.graph.output(node).elements
    start = walk.option(node, "start_index", 0, bins)
    end = walk.option(node, "end_index", start, bins)
    walk.values[node.outputs[0]] = Energy(walk.computed(node), bins, start, end)


def _slice(walk: Walk, node: Node) -> None:
    energy = walk.value(node, 0, Energy, "from SignalEnergy")
    begin, end, stride = (walk.constant(node, position, "int32").tolist() for position in (1, 2, 3))
    if any(node.options.values()) or stride != [1] or len(begin) != 1 or len(end) != 1:
        walk.fail(node, "it must cut a range out of the bins, by stride 1 without masks", f"{begin}:{end}:{stride}")
    if not energy.start <= begin[0] <= end[0] <= energy.end:
        walk.fail(node, f"it must stay within bins {energy.start}:{energy.end}", f"{begin[0]}:{end[0]}")
    walk.values[node.outputs[0]] = Part(replace(energy, start=begin[0], end=end[0]))


def _concatenation(walk: Walk, node: Node) -> None:
    """Put zeros around a range of bins."""
    energy, at = None, 0
    for position, key in enumerate(node.inputs):
        tensor, value = walk.graph.operand(node, position), walk.values.get(key)
        if isinstance(value, Part) and energy is None and value.energy.start == at:
            energy, at = value.energy, value.energy.end
        elif tensor.data is not None and len(tensor.shape) == 1 and not tensor.data.any():
            at += tensor.elements
        else:
            walk.fail(node, "it must put zeros around a range of bins, which stay in their places", f"input {position}")
    if energy is None or at != energy.bins:
        walk.fail(node, "it must put zeros in the place of all other bins", f"{at} bins")
    walk.values[node.outputs[0]] = replace(energy, zeros=True)


def _filter_bank(walk: Walk, node: Node) -> None:
    energy = walk.value(node, 0, Energy, "from SignalEnergy")
    channels = walk.option(node, "num_channels", 1, MOST_CHANNELS)
    falling, rising, starts, firsts, widths = (walk.constant(node, i, "int16").astype(int) for i in range(1, 6))
    if min(falling.min(), rising.min()) < 0 or {len(starts), len(firsts), len(widths)} != {channels + 1}:
        walk.fail(node, "weights must be 0 or more, starts and widths one more than channels", f"{len(starts)} starts")
    slopes = []
    for start, first, width in zip(starts.tolist(), firsts.tolist(), widths.tolist(), strict=True):
        if min(start, first, width) < 0 or first + width > min(len(falling), len(rising)):
            walk.fail(node, "slopes must lie within the weights", f"{first}:{first + width}", "bad-model")
        own = slice(first, first + width)
        slopes.append(Slope(start, tuple(rising[own].tolist()), tuple(falling[own].tolist())).trimmed())
    low, high = (0, energy.bins) if energy.zeros else (energy.start, energy.end)
    beyond = [s.start for s in slopes if s.rising and not low <= s.start <= s.start + len(s.rising) <= high]
    if beyond:
        walk.fail(node, f"slopes must lie within bins {low}:{high}", f"slopes from bins {beyond}")
    name = f"energy of t{node.outputs[0]}"
    block = SignalEnergy(energy.bins, energy.start, energy.end)
    if walk.chain.arrays[energy.spectrum] != block.inputs[0]:
        walk.fail(node, "there must be an energy for each bin of the spectrum", f"{energy.bins}", "bad-model")
    walk.insert(block, (energy.spectrum,), (name,))
    walk.add(node, SignalFilterBank(energy.bins, tuple(slopes)), name)


def _square_root(walk: Walk, node: Node) -> None:
    block = SignalFilterBankSquareRoot(walk.graph.output(node).elements)
    walk.add(node, block, walk.computed(node), walk.computed(node, 1))


def _spectral_subtraction(walk: Walk, node: Node) -> None:
    def share(name: str) -> int:
        return walk.option(node, name, 0, LARGEST_SHARE)

    block = SignalSpectralSubtraction(
        length=walk.option(node, "num_channels", 1, MOST_CHANNELS),
        even=Smoothing(share("smoothing"), share("one_minus_smoothing")),
        odd=Smoothing(share("alternate_smoothing"), share("alternate_one_minus_smoothing")),
        floor=share("min_signal_remaining"),
        bits=walk.option(node, "spectral_subtraction_bits", 0, 31),
        smoothing_bits=walk.option(node, "smoothing_bits", 0, 31),
        clamp=bool(walk.option(node, "clamping", 0, 1)),
    )
    walk.add(node, block, walk.computed(node))


def _pcan(walk: Walk, node: Node) -> None:
    gain = tuple(walk.constant(node, 2, "int16").tolist())
    if len(gain) != TABLE_LENGTH:
        walk.fail(node, f"the table of gains must have {TABLE_LENGTH} entries", str(len(gain)))
    block = SignalPcan(walk.graph.output(node).elements, gain, walk.option(node, "snr_shift", 0, 31))
    walk.add(node, block, walk.computed(node), walk.computed(node, 1))


def _log(walk: Walk, node: Node) -> None:
    scale, correction = walk.option(node, "output_scale", 1, 2047), walk.option(node, "input_correction_bits", 0, 31)
    tensor = walk.graph.output(node)
    walk.add(node, SignalLog(tensor.elements, scale, correction), walk.computed(node))
    walk.values[tensor.index] = Rescaled(f"t{tensor.index}", tensor.elements)


def _cast(walk: Walk, node: Node) -> None:
    source, target = walk.graph.operand(node, 0), walk.graph.output(node)
    value = walk.values.get(source.index)
    if isinstance(value, Energy) and {source.dtype, target.dtype} == {"uint32", "int32"}:
        return _same(walk, node)
    value = walk.value(node, 0, Rescaled, "from SignalFilterBankLog")
    if target.dtype == "int32":
        return _same(walk, node)
    if target.dtype != "int8" or not -128 <= value.lowest <= value.highest <= 127:
        rule = "it must give int32, or int8 from what is held between -128 and 127"
        walk.fail(node, rule, f"{target.dtype} from {value.lowest} to {value.highest}")
    limits = value.offset, value.lowest, value.highest
    block = SignalRescale(value.length, value.multiplier, value.addend, value.divisor or 1, *limits)
    walk.add(node, block, value.logs)
    walk.features = target, value


def _arithmetic(change: Callable[[Rescaled, int], Rescaled], either: bool = True) -> Callable[[Walk, Node], None]:
    """Read an operator that changes features by one number; `either` of its inputs may be that number."""

    def read(walk: Walk, node: Node) -> None:
        number = 0 if either and walk.graph.operand(node, 0).data is not None else 1
        value = walk.value(node, 1 - number, Rescaled, "from SignalFilterBankLog")
        numbers = walk.constant(node, number, "int32").tolist()
        activation = node.options.get("activation", "NONE")
        if len(numbers) != 1 or activation != "NONE" or walk.graph.output(node).dtype != "int32":
            walk.fail(node, "it must take int32 and one number, without activation", f"{len(numbers)}, {activation}")
        try:
            walk.values[node.outputs[0]] = change(value, numbers[0])
        except ValueError as reason:
            rule = "features may be multiplied, added to, divided, added to again, then limited: by numbers of 32 bits"
            walk.fail(node, rule, str(reason))

    return read


#: How a node on the way from samples to features is read.
READERS: dict[str, Callable[[Walk, Node], None]] = {
    "CUSTOM:SignalWindow": _window,
    "CUSTOM:SignalFftAutoScale": _auto_scale,
    "CUSTOM:SignalRfft": _rfft,
    "CUSTOM:SignalEnergy": _energy,
    "CUSTOM:SignalFilterBank": _filter_bank,
    "CUSTOM:SignalFilterBankSquareRoot": _square_root,
    "CUSTOM:SignalFilterBankSpectralSubtraction": _spectral_subtraction,
    "CUSTOM:SignalPCAN": _pcan,
    "CUSTOM:SignalFilterBankLog": _log,
    "RESHAPE": _same,
    "CAST": _cast,
    "STRIDED_SLICE": _slice,
    "CONCATENATION": _concatenation,
    "MUL": _arithmetic(Rescaled.times),
    "ADD": _arithmetic(Rescaled.plus),
    "DIV": _arithmetic(Rescaled.over, either=False),
    "MINIMUM": _arithmetic(Rescaled.at_most),
    "MAXIMUM": _arithmetic(Rescaled.at_least),
}
