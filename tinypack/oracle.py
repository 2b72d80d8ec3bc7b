"""The oracle: TensorFlow Lite Micro (LiteRT where its wheel does not exist), in a process of its own.

A process of its own, because a crash or an endless loop in foreign code must not be ours.
"""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from itertools import chain
from typing import Any

import numpy as np

from tinypack.errors import TinypackError
from tinypack.graph import DTYPES, Graph

TIME_LIMIT = 600  # seconds
PYTHON_PACKAGES = ("tflite-micro", "ai-edge-litert")
ARENA_BYTES = 64 << 20


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
    model: bytes, graph: Graph, vectors: Sequence[Sequence[np.ndarray]], wanted: Sequence[int]
) -> list[list[np.ndarray]]:
    """Run a model on input vectors and give the wanted tensors after each.

    Shapes: vectors [vector][input] -> [vector][wanted tensor]
    Raises: TinypackError (bad-model) if the oracle refuses the model
    """
    request = io.BytesIO()
    arrays: dict[str, Any] = {f"v{i}_{j}": array for i, vector in enumerate(vectors) for j, array in enumerate(vector)}
    np.savez(
        request,
        model=np.frombuffer(model, np.uint8),
        package=np.array(oracle_name().split()[0]),
        counts=np.array([len(vectors), len(graph.inputs)]),
        wanted=np.array(wanted, np.int64),
        allow_pickle=False,
        **arrays,
    )
    try:
        done = subprocess.run(
            [sys.executable, "-m", "tinypack.oracle"],
            input=request.getvalue(),
            capture_output=True,
            timeout=TIME_LIMIT,
            check=False,
            cwd=sys.prefix,  # -m imports from the current folder first: it must not be the user's
        )
    except subprocess.TimeoutExpired:
        raise _refused(f"no answer within {TIME_LIMIT} s") from None
    if done.returncode != 0:
        raise _refused((done.stderr.decode(errors="replace").strip().splitlines() or [f"exit {done.returncode}"])[-1])
    answer = np.load(io.BytesIO(done.stdout), allow_pickle=False)
    shapes = {key: graph.tensors[key].shape for key in wanted}
    types = {key: DTYPES[graph.tensors[key].dtype][0] for key in wanted}
    return [
        [answer[f"t{i}_{key}"].astype(types[key]).reshape(shapes[key]) for key in wanted] for i in range(len(vectors))
    ]


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
    """Answer one request: an .npz on stdin, an .npz on stdout."""
    request = np.load(io.BytesIO(sys.stdin.buffer.read()), allow_pickle=False)
    engine = ENGINES[str(request["package"])](request["model"].tobytes())
    count, inputs = request["counts"]
    wanted = request["wanted"].tolist()
    answers = chain.from_iterable(
        ((f"t{i}_{key}", array) for key, array in zip(wanted, engine.run(vector, wanted), strict=True))
        for i, vector in ((i, [request[f"v{i}_{j}"] for j in range(inputs)]) for i in range(count))
    )
    out = io.BytesIO()
    contents: dict[str, Any] = dict(answers)
    np.savez(out, **contents)
    sys.stdout.buffer.write(out.getvalue())


if __name__ == "__main__":
    _serve()
