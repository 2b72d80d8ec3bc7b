"""Make a model file of the operators at the end of another, for an interpreter that can only begin at the beginning."""

from __future__ import annotations

from collections.abc import Sequence

from tinypack.importers import tflite_schema as schema
from tinypack.importers.flatbuffer import U32, Reader, Table


def end_of_model(data: bytes, first: int, inputs: Sequence[int]) -> bytes:
    """Give a model without the operators before the `first`, which takes the tensors that these have written.

    Tensors and operator codes keep their indices, so that both files name the same things.
    Raises: TinypackError (bad-model) if the file is damaged, or has fewer operators
    """
    reader = Reader(data, "the model")
    subgraph = reader.root(schema.IDENTIFIER).tables(schema.MODEL_SUBGRAPHS)[0]
    changed = bytearray(data)

    # Offsets to tables count from where they stand, so they stay: the vector begins with a later one. Its count
    # takes the place of the last that is dropped.
    place = _place(reader, subgraph, schema.SUBGRAPH_OPERATORS)
    start, count = reader.vector(reader.follow(place), U32.size)
    if not 0 < first <= count:
        reader.fail(f"{count} operators, where {first} come first")
    begin = start + U32.size * (first - 1)
    U32.pack_into(changed, begin, count - first)
    U32.pack_into(changed, place, begin - place)

    # The list of inputs may have another length, and others may share it: the new one goes to the end.
    place = _place(reader, subgraph, schema.SUBGRAPH_INPUTS)
    changed += bytes(-len(changed) % U32.size)
    U32.pack_into(changed, place, len(changed) - place)
    for number in (len(inputs), *inputs):
        changed += U32.pack(number)
    return bytes(changed)


def _place(reader: Reader, table: Table, slot: int) -> int:
    position = table.position(slot)
    if position is None:
        reader.fail(f"a subgraph without field {slot}")
    return position
