"""The part of the TensorFlow Lite schema that the importer reads, as data.

Source: tensorflow/compiler/mlir/lite/schema/schema.fbs, version 3
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from tinypack.importers.flatbuffer import BOOL, I8, I32, Table

IDENTIFIER = b"TFL3"
VERSION = 3

# Field ids. A union takes two: its type, then its value.
MODEL_VERSION, MODEL_OPERATOR_CODES, MODEL_SUBGRAPHS, MODEL_BUFFERS = 0, 1, 2, 4
SUBGRAPH_TENSORS, SUBGRAPH_INPUTS, SUBGRAPH_OUTPUTS, SUBGRAPH_OPERATORS, SUBGRAPH_NAME = range(5)
CODE_DEPRECATED, CODE_CUSTOM, CODE_BUILTIN = 0, 1, 3
OPERATOR_CODE, OPERATOR_INPUTS, OPERATOR_OUTPUTS, OPERATOR_OPTIONS_TYPE, OPERATOR_OPTIONS, OPERATOR_CUSTOM = range(6)
TENSOR_SHAPE, TENSOR_TYPE, TENSOR_BUFFER, TENSOR_NAME, TENSOR_QUANTIZATION = range(5)
TENSOR_VARIABLE, TENSOR_SPARSITY, TENSOR_SIGNATURE, TENSOR_EXTERNAL = 5, 6, 7, 10
BUFFER_DATA, BUFFER_OFFSET = 0, 1
QUANTIZATION_SCALE, QUANTIZATION_ZERO_POINT, QUANTIZATION_DETAILS, QUANTIZATION_AXIS = 2, 3, 4, 6

#: Tensor types by their code.
TENSOR_TYPES = """
float32 float16 int32 uint8 int64 string bool int16 complex64 int8 float64 complex128 uint64 resource variant
uint32 uint16 int4 bfloat16 int2 uint4 float8_e4m3fn float8_e5m2
""".split()  # noqa: SIM905

#: Types that NumPy does not have: their data stay bytes.
OPAQUE_TYPES = frozenset("string resource variant int4 bfloat16 int2 uint4 float8_e4m3fn float8_e5m2".split())  # noqa: SIM905

#: Custom operators whose options are read begin so.
READ_CUSTOM = "CUSTOM:Signal"

#: Operators by their code, those that no release of ours compiles included: messages name them.
OPERATORS = """
ADD AVERAGE_POOL_2D CONCATENATION CONV_2D DEPTHWISE_CONV_2D DEPTH_TO_SPACE DEQUANTIZE EMBEDDING_LOOKUP FLOOR
FULLY_CONNECTED HASHTABLE_LOOKUP L2_NORMALIZATION L2_POOL_2D LOCAL_RESPONSE_NORMALIZATION LOGISTIC
LSH_PROJECTION LSTM MAX_POOL_2D MUL RELU RELU_N1_TO_1 RELU6 RESHAPE RESIZE_BILINEAR RNN SOFTMAX SPACE_TO_DEPTH
SVDF TANH CONCAT_EMBEDDINGS SKIP_GRAM CALL CUSTOM EMBEDDING_LOOKUP_SPARSE PAD UNIDIRECTIONAL_SEQUENCE_RNN GATHER
BATCH_TO_SPACE_ND SPACE_TO_BATCH_ND TRANSPOSE MEAN SUB DIV SQUEEZE UNIDIRECTIONAL_SEQUENCE_LSTM STRIDED_SLICE
BIDIRECTIONAL_SEQUENCE_RNN EXP TOPK_V2 SPLIT LOG_SOFTMAX DELEGATE BIDIRECTIONAL_SEQUENCE_LSTM CAST PRELU MAXIMUM
ARG_MAX MINIMUM LESS NEG PADV2 GREATER GREATER_EQUAL LESS_EQUAL SELECT SLICE SIN TRANSPOSE_CONV SPARSE_TO_DENSE
TILE EXPAND_DIMS EQUAL NOT_EQUAL LOG SUM SQRT RSQRT SHAPE POW ARG_MIN FAKE_QUANT REDUCE_PROD REDUCE_MAX PACK
LOGICAL_OR ONE_HOT LOGICAL_AND LOGICAL_NOT UNPACK REDUCE_MIN FLOOR_DIV REDUCE_ANY SQUARE ZEROS_LIKE FILL
FLOOR_MOD RANGE RESIZE_NEAREST_NEIGHBOR LEAKY_RELU SQUARED_DIFFERENCE MIRROR_PAD ABS SPLIT_V UNIQUE CEIL
REVERSE_V2 ADD_N GATHER_ND COS WHERE RANK ELU REVERSE_SEQUENCE MATRIX_DIAG QUANTIZE MATRIX_SET_DIAG ROUND
HARD_SWISH IF WHILE NON_MAX_SUPPRESSION_V4 NON_MAX_SUPPRESSION_V5 SCATTER_ND SELECT_V2 DENSIFY SEGMENT_SUM
BATCH_MATMUL PLACEHOLDER_FOR_GREATER_OP_CODES CUMSUM CALL_ONCE BROADCAST_TO RFFT2D CONV_3D IMAG REAL COMPLEX_ABS
HASHTABLE HASHTABLE_FIND HASHTABLE_IMPORT HASHTABLE_SIZE REDUCE_ALL CONV_3D_TRANSPOSE VAR_HANDLE READ_VARIABLE
ASSIGN_VARIABLE BROADCAST_ARGS RANDOM_STANDARD_NORMAL BUCKETIZE RANDOM_UNIFORM MULTINOMIAL GELU
DYNAMIC_UPDATE_SLICE RELU_0_TO_1 UNSORTED_SEGMENT_PROD UNSORTED_SEGMENT_MAX UNSORTED_SEGMENT_SUM ATAN2
UNSORTED_SEGMENT_MIN SIGN BITCAST BITWISE_XOR RIGHT_SHIFT STABLEHLO_LOGISTIC STABLEHLO_ADD STABLEHLO_DIVIDE
STABLEHLO_MULTIPLY STABLEHLO_MAXIMUM STABLEHLO_RESHAPE STABLEHLO_CLAMP STABLEHLO_CONCATENATE
STABLEHLO_BROADCAST_IN_DIM STABLEHLO_CONVOLUTION STABLEHLO_SLICE STABLEHLO_CUSTOM_CALL STABLEHLO_REDUCE
STABLEHLO_ABS STABLEHLO_AND STABLEHLO_COSINE STABLEHLO_EXPONENTIAL STABLEHLO_FLOOR STABLEHLO_LOG
STABLEHLO_MINIMUM STABLEHLO_NEGATE STABLEHLO_OR STABLEHLO_POWER STABLEHLO_REMAINDER STABLEHLO_RSQRT
STABLEHLO_SELECT STABLEHLO_SUBTRACT STABLEHLO_TANH STABLEHLO_SCATTER STABLEHLO_COMPARE STABLEHLO_CONVERT
STABLEHLO_DYNAMIC_SLICE STABLEHLO_DYNAMIC_UPDATE_SLICE STABLEHLO_PAD STABLEHLO_IOTA STABLEHLO_DOT_GENERAL
STABLEHLO_REDUCE_WINDOW STABLEHLO_SORT STABLEHLO_WHILE STABLEHLO_GATHER STABLEHLO_TRANSPOSE DILATE
STABLEHLO_RNG_BIT_GENERATOR REDUCE_WINDOW STABLEHLO_COMPOSITE STABLEHLO_SHIFT_LEFT STABLEHLO_CBRT STABLEHLO_CASE
""".split()  # noqa: SIM905


class Field(Protocol):
    """An option of an operator."""

    def read(self, table: Table) -> Any:
        """Give the option's value; ValueError(reason) if it has none that makes sense."""


@dataclass(frozen=True)
class Integer:
    slot: int
    default: int = 0

    def read(self, table: Table) -> int:
        return table.integer(self.slot, I32, self.default)


@dataclass(frozen=True)
class Integers:
    slot: int

    def read(self, table: Table) -> tuple[int, ...]:
        return table.integers(self.slot, I32)


@dataclass(frozen=True)
class Flag:
    slot: int
    default: bool = False

    def read(self, table: Table) -> bool:
        return bool(table.integer(self.slot, BOOL, self.default))


@dataclass(frozen=True)
class Real:
    slot: int

    def read(self, table: Table) -> float:
        value = table.real(self.slot)
        if not math.isfinite(value):
            raise ValueError(f"{value}, not a finite number")
        return value


@dataclass(frozen=True)
class Enum:
    slot: int
    names: tuple[str, ...]

    def read(self, table: Table) -> str:
        value = table.integer(self.slot, I8)
        if not 0 <= value < len(self.names):
            raise ValueError(f"{value}, not 0 to {len(self.names) - 1} ({', '.join(self.names)})")
        return self.names[value]


@dataclass(frozen=True)
class OptionSchema:
    """An option table: its type in the union BuiltinOptions, and its fields under our names."""

    union_type: int
    fields: Mapping[str, Field]


def _activation(slot: int) -> dict[str, Field]:
    return {"activation": Enum(slot, ("NONE", "RELU", "RELU_N1_TO_1", "RELU6", "TANH", "SIGN_BIT"))}


_WINDOW: dict[str, Field] = {"padding": Enum(0, ("SAME", "VALID")), "stride_w": Integer(1), "stride_h": Integer(2)}
_POOL = OptionSchema(5, {**_WINDOW, "filter_w": Integer(3), "filter_h": Integer(4), **_activation(5)})

#: Options by operator. What is not here has none that matter.
OPTIONS: dict[str, OptionSchema] = {
    "CONV_2D": OptionSchema(
        1, {**_WINDOW, **_activation(3), "dilation_w": Integer(4, default=1), "dilation_h": Integer(5, default=1)}
    ),
    "DEPTHWISE_CONV_2D": OptionSchema(
        2,
        {
            **_WINDOW,
            "depth_multiplier": Integer(3),
            **_activation(4),
            "dilation_w": Integer(5, default=1),
            "dilation_h": Integer(6, default=1),
        },
    ),
    "AVERAGE_POOL_2D": _POOL,
    "MAX_POOL_2D": _POOL,
    "FULLY_CONNECTED": OptionSchema(
        8, {**_activation(0), "weights_format": Enum(1, ("DEFAULT", "SHUFFLED4x16INT8")), "keep_num_dims": Flag(2)}
    ),
    "SOFTMAX": OptionSchema(9, {"beta": Real(0)}),
    "CONCATENATION": OptionSchema(10, {"axis": Integer(0), **_activation(1)}),
    "ADD": OptionSchema(11, {**_activation(0), "pot_scale_int16": Flag(1, default=True)}),
    "RESHAPE": OptionSchema(17, {"new_shape": Integers(0)}),
    "MUL": OptionSchema(21, _activation(0)),
    "MEAN": OptionSchema(27, {"keep_dims": Flag(0)}),
    "DIV": OptionSchema(29, _activation(0)),
    "SUB": OptionSchema(28, {**_activation(0), "pot_scale_int16": Flag(1, default=True)}),
    "SQUEEZE": OptionSchema(30, {"squeeze_dims": Integers(0)}),
    "STRIDED_SLICE": OptionSchema(
        32,
        {
            "begin_mask": Integer(0),
            "end_mask": Integer(1),
            "ellipsis_mask": Integer(2),
            "new_axis_mask": Integer(3),
            "shrink_axis_mask": Integer(4),
            "offset": Flag(5),
        },
    ),
    "PACK": OptionSchema(59, {"values_count": Integer(0), "axis": Integer(1)}),
}
