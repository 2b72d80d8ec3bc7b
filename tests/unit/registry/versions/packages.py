"""Facts of made-up packages: a keyword spotter that hears samples, and a model alone."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from tinypack.registry.versions.facts import Facts, make_facts

HEADER = """\
/* SPDX-License-Identifier: 0BSD */
#ifndef KWS_H
#define KWS_H
#include <stdint.h>
#define KWS_VERSION "1.0.0"
#define KWS_ARENA_BYTES 1000
#define KWS_INPUT_LEN 490
#define KWS_OK 0
#ifdef __cplusplus
extern "C" {
#endif
/* int kws_not_there(void); */
struct kws {
  uint8_t arena[KWS_ARENA_BYTES];
  int hidden;
};
typedef struct kws kws_t;
typedef struct {
  int32_t index; /* of the label */
  const char *label;
  float values[3];
} kws_result_t;
int kws_init(kws_t *self);
const int8_t *kws_output(const kws_t *self);
#ifdef __cplusplus
} /* extern "C" */
class Kws {
 public:
  int begin() { return kws_init(&state_); }
  const int8_t *output() const { return kws_output(&state_); }

 private:
  kws_t state_;
};
#endif
#endif
"""
RECORD: dict[str, Any] = {
    "name": "kws",
    "version": "1.0.0",
    "tinypack": "0.1.0",
    "licenses": {"model": "MIT"},
    "model": {"sha256": "ab" * 32},
    "inputs": [{"shape": [1, 490], "dtype": "int8", "scale": [0.5], "zero_point": [3], "name": "in"}],
    "outputs": [{"shape": [1, 3], "dtype": "int8", "scale": [0.25], "zero_point": [-128]}],
    "labels": ["yes", "no", "none"],
    "features": {"type": "raw", "sample_rate": 100.0, "channels": 3, "unit": 1.0, "hop": 1, "mean": [0.0]},
    "decision": {"type": "classify", "threshold": 0.7, "votes": 1},
    "operators": ["CONV_2D", "SOFTMAX"],
    "arena_bytes": 1000,
    "ram_bytes": 2000,
    "table_bytes": 10_000,
    "stream": {"sample_rate": 100.0, "channels": 3, "frame": 1, "hop": 1, "every": 5, "ring": 80, "frames": 150},
    "boards": ["native", "nano33ble"],
    "artifacts": [{"format": "cmake", "filename": "kws-1.0.0-cmake.tar.gz", "size": 5000}],
}
RESULT: dict[str, Any] = {
    "board": "mps2-an386",
    "format": "cmake",
    "status": "passed",
    "compiler": "gcc 12",
    "flash_bytes": 30_000,
    "ram_bytes": 3000,
    "stack_bytes": 1000,
    "instructions": 100_000,
    "frame_instructions": 5000,
}


def facts(header: str | None = HEADER, result: dict[str, Any] | None = None, **record: Any) -> Facts:
    """Make the keyword spotter's facts, some keys of its record or of its attested result changed."""
    given = {**deepcopy(RECORD), **record}
    files = None if header is None else {"kws/src/kws.h": header.encode()}
    return make_facts(given, files, {"results": [{**RESULT, **(result or {})}]})


def plain(**record: Any) -> Facts:
    """Make facts of the model alone: users feed its quantised input."""
    return facts(**{"stream": None, "features": None, "decision": None, **record})
