"""Decisions in Python, the same bits as in C: to evaluate recordings and choose thresholds."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from tinypack.decisions.protocol import Decision, Result


class Replay:
    """A decision over one stream of a model's outputs; what it remembers is carried from call to call."""

    def __init__(self, decision: Decision) -> None:
        self._decision = decision
        self.reset()

    def reset(self) -> None:
        """Forget what came before."""
        self._state = self._decision.chain.start(1)

    def push(self, outputs: np.ndarray, inputs: np.ndarray | None = None) -> np.ndarray:
        """Decide on further outputs; give the results as a structured array, a field for each member.

        Shapes: outputs [steps, n] int8, inputs [steps, m] int8, the model's input, where the decision reads it
        -> [steps]: numbers int32, flags bool, labels str, reals float32
        Raises: ValueError if arrays are not of the decision's shapes and types
        """
        given = {"output": outputs} if inputs is None else {"output": outputs, "input": inputs}
        chain = self._decision.chain
        for name, array in chain.inputs.items():
            found = given.get(name)
            if found is None or found.dtype != array.dtype or found.ndim != 2 or found.shape[1] != array.length:
                shown = "nothing" if found is None else f"{found.dtype} {list(found.shape)}"
                raise ValueError(f"{name}s must be int8 [steps, {array.length}], not {shown}")
        verdict = chain.apply({name: given[name][np.newaxis] for name in chain.inputs}, self._state)[0]
        columns = read_verdicts(self._decision, verdict)
        table = np.empty(len(verdict), [(name, column.dtype, column.shape[1:]) for name, column in columns.items()])
        for name, column in columns.items():
            table[name] = column
        return table


def decide(decision: Decision, outputs: np.ndarray, inputs: np.ndarray | None = None) -> np.ndarray:
    """Decide on a whole recording; see Replay.push."""
    return Replay(decision).push(outputs, inputs)


def read_verdicts(decision: Decision, verdicts: np.ndarray) -> dict[str, np.ndarray]:
    """Give the members of results, in order.

    Shapes: verdicts [steps, k] -> [steps], or [steps, length] of members with several elements
    """
    return {r.name: READ[r.kind](r, _elements(r, verdicts)) for r in decision.results}


def _elements(result: Result, verdict: np.ndarray) -> np.ndarray:
    found = verdict[:, result.index : result.index + result.length]
    return found[:, 0] if result.length == 1 else found


def _labels(result: Result, elements: np.ndarray) -> np.ndarray:
    texts: np.ndarray = np.array([*result.labels, result.otherwise])[elements]
    return texts


READ: Mapping[str, Callable[[Result, np.ndarray], np.ndarray]] = {
    "number": lambda result, elements: elements,
    "flag": lambda result, elements: elements != 0,
    "label": _labels,
    "real": lambda result, elements: elements.astype(np.float32) * np.float32(result.scale),
}
