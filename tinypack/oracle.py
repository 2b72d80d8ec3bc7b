"""The oracle: TensorFlow Lite Micro (LiteRT where its wheel does not exist), in a process of its own.

A process of its own, because a crash or an endless loop in foreign code must not be ours.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from itertools import chain, islice
from subprocess import PIPE
from typing import IO

import numpy as np

from tinypack.errors import TinypackError
from tinypack.graph import DTYPES, Graph
from tinypack.importers.tflite_part import end_of_model

TIME_LIMIT = 600  # seconds for a vector
PYTHON_PACKAGES = ("tflite-micro", "ai-edge-litert")
ARENA_BYTES = 64 << 20
SIZE_BYTES = 8  # of the number before each message
MOST_BYTES = 256 << 20  # of tensors that a process gives: tflite-micro's binding frees none of them


@cache
def oracle_name() -> str:
    """Name the oracle of this machine and its version.

    Raises: TinypackError (missing-tool) if there is none
    """
    for package in PYTHON_PACKAGES:
        try:
            return f"{package} {version(package)}"
        except PackageNotFoundError:
            continue
    hint = f"pip install {' or '.join(PYTHON_PACKAGES)}"
    raise TinypackError.one("missing-tool", "oracle", "a reference interpreter must be installed", "none", hint)


def run_oracle(
    model: bytes, graph: Graph, vectors: Iterable[Sequence[np.ndarray]], wanted: Sequence[int]
) -> Iterator[list[np.ndarray]]:
    """Run a model on input vectors and give the wanted tensors after each; only one vector's are in memory.

    The graph may be the end of the model: then that is run, and the vectors are its inputs.
    Of a tensor from which the compiler has taken channels only those left are given.
    Shapes: vectors [vector][input] -> [vector][wanted tensor]
    Raises: TinypackError (bad-model) if the oracle refuses the model
    """
    if graph.first:
        model = end_of_model(model, graph.first, graph.inputs)
    first = [np.array(oracle_name().split()[0]), np.frombuffer(model, np.uint8), np.array(wanted, np.int64)]
    tensors = [graph.tensors[key] for key in wanted]
    most = max(1, MOST_BYTES // max(1, sum(tensor.nbytes for tensor in tensors)))
    rest = iter(vectors)
    for vector in rest:
        for answer in _run_process(first, chain([vector], islice(rest, most - 1))):
            yield [
                tensor.part_of(array.astype(DTYPES[tensor.dtype][0]))
                for array, tensor in zip(answer, tensors, strict=True)
            ]


def _run_process(
    first: Sequence[np.ndarray], vectors: Iterable[Sequence[np.ndarray]]
) -> Iterator[Sequence[np.ndarray]]:
    """Start a process that takes some arrays first; give its answer to each vector."""
    argv = [sys.executable, "-m", "tinypack.oracle"]
    # -m imports from the current folder first: it must not be the user's
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(argv, stdin=PIPE, stdout=PIPE, stderr=said, cwd=sys.prefix) as process,
    ):
        try:
            for vector in vectors:
                answer = _ask(process, [*first, *vector])
                first = ()
                if answer is None:
                    code = process.wait()
                    said.seek(0)
                    lines = said.read().decode(errors="replace").strip().splitlines()
                    raise _refused((lines or [f"exit {code}"])[-1])
                yield answer
        finally:
            process.kill()
            process.communicate()


def _ask(process: subprocess.Popen[bytes], arrays: Sequence[np.ndarray]) -> list[np.ndarray] | None:
    """Send arrays and wait for the answer; None if the oracle ends instead."""
    assert process.stdin is not None and process.stdout is not None
    start = time.monotonic()
    timer = threading.Timer(TIME_LIMIT, process.kill)
    timer.start()
    try:
        with suppress(BrokenPipeError):  # it has ended
            _write(process.stdin, arrays)
        answer = _read(process.stdout)
    finally:
        timer.cancel()
    if answer is None and time.monotonic() - start >= TIME_LIMIT:
        raise _refused(f"no answer within {TIME_LIMIT} s")
    return answer


def _write(pipe: IO[bytes], arrays: Sequence[np.ndarray]) -> None:
    """Write arrays as an .npz after its size."""
    data = io.BytesIO()
    np.savez(data, *arrays)
    pipe.write(len(data.getvalue()).to_bytes(SIZE_BYTES, "little") + data.getvalue())
    pipe.flush()


def _read(pipe: IO[bytes]) -> list[np.ndarray] | None:
    """Read arrays; None at the end of the stream."""
    count = int.from_bytes(pipe.read(SIZE_BYTES), "little")
    data = pipe.read(count)
    if not data or len(data) < count:
        return None
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        return [arrays[name] for name in arrays.files]


def _refused(found: str) -> TinypackError:
    hint = "the file may be damaged, or need operators that the oracle does not have"
    return TinypackError.one("bad-model", oracle_name(), "the oracle must be able to run the model", found, hint)


class _TfliteMicro:
    def __init__(self, model: bytes) -> None:
        from tflite_micro.python.tflite_micro import runtime

        keep = runtime.InterpreterConfig.kPreserveAllTensors
        arena = max(ARENA_BYTES, 32 * len(model))
        self.interpreter = runtime.Interpreter.from_bytes(model, arena_size=arena, intrepreter_config=keep)

    def run(self, inputs: Sequence[np.ndarray], wanted: Sequence[int]) -> list[np.ndarray]:
        for i, array in enumerate(inputs):
            self.interpreter.set_input(array, i)
        self.interpreter.invoke()
        return [np.array(self.interpreter.GetTensor(key, 0)["tensor_data"]) for key in wanted]


class _LiteRT:
    def __init__(self, model: bytes) -> None:
        from ai_edge_litert import interpreter as litert

        self.interpreter = litert.Interpreter(
            model_content=model,
            experimental_preserve_all_tensors=True,
            experimental_op_resolver_type=litert.OpResolverType.BUILTIN_REF,
        )
        self.interpreter.allocate_tensors()

    def run(self, inputs: Sequence[np.ndarray], wanted: Sequence[int]) -> list[np.ndarray]:
        for detail, array in zip(self.interpreter.get_input_details(), inputs, strict=True):
            self.interpreter.set_tensor(detail["index"], array)
        self.interpreter.invoke()
        return [np.array(self.interpreter.get_tensor(key)) for key in wanted]


ENGINES: dict[str, type[_TfliteMicro] | type[_LiteRT]] = {"tflite-micro": _TfliteMicro, "ai-edge-litert": _LiteRT}


def _serve() -> None:
    """Answer requests: the engine, the model and the wanted tensors come before the first vector."""
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    request = _read(requests)
    assert request is not None
    package, model, keys, *vector = request
    engine = ENGINES[str(package)](model.tobytes())
    wanted = keys.tolist()
    while True:
        _write(answers, engine.run(vector, wanted))
        following = _read(requests)
        if following is None:
            return
        vector = following


if __name__ == "__main__":
    _serve()
