/* The part of a package's self-test that is the same in all packages. For one source file of a test program. */
#ifndef TP_SELFTEST_H
#define TP_SELFTEST_H

#include "tp_common.h"

#ifdef TINYPACK_EMULATOR
#include <tinypack_emulator.h>
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef void (*tp_put_t)(const char *line);
typedef int (*tp_get_t)(void); /* the next byte, or -1 when there is none */

typedef struct {
  void *data;
  size_t bytes;
  float step;     /* 0: any bytes will do; else floats, multiples of this number */
  int zero_point; /* of a float port: how a model quantises 0 */
} tp_port_t;

typedef struct {
  const void *data;
  size_t bytes;
} tp_result_t;

typedef struct {
  uint32_t seed;   /* below 256: all bytes are this one; else the state of an xorshift32 */
  uint32_t digest; /* CRC-32 of all outputs */
} tp_vector_t;

typedef struct {
  void *self;
  int (*invoke)(void *self);
  const tp_port_t *inputs;
  size_t input_count;
  const tp_result_t *outputs;
  size_t output_count;
  const tp_vector_t *vectors;
  uint32_t vector_count;
  tp_put_t put;
  tp_get_t get;
  uint32_t (*stream)(void *self); /* returns how many things were wrong; null without a stream */
} tp_selftest_t;

#define TP_NO_VECTOR 0xffffffffu /* while a stream runs: its nodes are not traced */

static tp_put_t tp_selftest_put;
static uint32_t tp_selftest_vector;

/* CRC-32 as zlib's, a nibble at a time. Start with 0; give the last result to go on. */
static uint32_t tp_crc32(uint32_t crc, const void *data, size_t bytes) {
  static const uint32_t table[16] = {0x00000000u, 0x1db71064u, 0x3b6e20c8u, 0x26d930acu, 0x76dc4190u, 0x6b6b51f4u,
                                     0x4db26158u, 0x5005713cu, 0xedb88320u, 0xf00f9344u, 0xd6d6a3e8u, 0xcb61b38cu,
                                     0x9b64c2b0u, 0x86d3d2d4u, 0xa00ae278u, 0xbdbdf21cu};
  const uint8_t *p = (const uint8_t *)data;
  crc = ~crc;
  while (bytes-- > 0) {
    crc ^= *p++;
    crc = table[crc & 15u] ^ (crc >> 4);
    crc = table[crc & 15u] ^ (crc >> 4);
  }
  return ~crc;
}

/* Put a line without stdio. In `form`, % is a decimal number and # one of eight hex digits. */
static void tp_say(const char *form, const uint32_t *numbers) {
  char line[64];
  size_t n = 0;
  for (; *form != '\0' && n < sizeof line - 11; form++) {
    const int decimal = *form == '%';
    char digits[10];
    size_t count = 0;
    uint32_t value;
    if (!decimal && *form != '#') {
      line[n++] = *form;
      continue;
    }
    value = *numbers++;
    do {
      digits[count++] = "0123456789abcdef"[decimal ? value % 10u : value & 15u];
      value = decimal ? value / 10u : value >> 4;
    } while (decimal ? value != 0 : count < 8);
    while (count > 0) {
      line[n++] = digits[--count];
    }
  }
  line[n] = '\0';
  tp_selftest_put(line);
}

/* What a traced model calls after each node. */
static inline void tp_say_node(int node, const void *data, size_t bytes) {
  uint32_t numbers[3];
  if (tp_selftest_vector == TP_NO_VECTOR) {
    return;
  }
  numbers[0] = tp_selftest_vector;
  numbers[1] = (uint32_t)node;
  numbers[2] = tp_crc32(0, data, bytes);
  tp_say("node % % #", numbers);
}

static uint8_t tp_next_byte(uint32_t *state, int constant) {
  if (!constant) {
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
  }
  return (uint8_t)*state;
}

static void tp_fill_inputs(const tp_selftest_t *t, uint32_t seed) {
  uint32_t state = seed;
  for (size_t p = 0; p < t->input_count; p++) {
    const tp_port_t *port = &t->inputs[p];
    if (port->step > 0.0f) {
      for (size_t i = 0; i < port->bytes / sizeof(float); i++) {
        ((float *)port->data)[i] = port->step * (float)((int)tp_next_byte(&state, seed < 256u) - 128 - port->zero_point);
      }
    } else {
      for (size_t i = 0; i < port->bytes; i++) {
        ((uint8_t *)port->data)[i] = tp_next_byte(&state, seed < 256u);
      }
    }
  }
}

/* Read one vector. 1: complete, 0: nothing came, -1: it ended in the middle. */
static int tp_read_inputs(const tp_selftest_t *t) {
  int started = 0;
  for (size_t p = 0; p < t->input_count; p++) {
    for (size_t i = 0; i < t->inputs[p].bytes; i++) {
      const int byte = t->get();
      if (byte < 0) {
        return -started;
      }
      ((uint8_t *)t->inputs[p].data)[i] = (uint8_t)byte;
      started = 1;
    }
  }
  return 1;
}

static uint32_t tp_digest_outputs(const tp_selftest_t *t) {
  uint32_t crc = 0;
  for (size_t p = 0; p < t->output_count; p++) {
    crc = tp_crc32(crc, t->outputs[p].data, t->outputs[p].bytes);
  }
  return crc;
}

/* One inference; an emulator measures it. */
static int tp_measured_invoke(const tp_selftest_t *t) {
#ifdef TINYPACK_EMULATOR
  uint32_t stack;
  int rc;
  tinypack_stack_paint();
  bench_begin();
  rc = t->invoke(t->self);
  bench_end();
  stack = tinypack_stack_used();
  tp_say("stack %", &stack);
  return rc;
#else
  return t->invoke(t->self);
#endif
}

/* Run the built-in vectors, then those that `get` gives. Returns how many things were wrong. */
static int tp_selftest(const tp_selftest_t *t) {
  uint32_t said[2];
  uint32_t wrong = 0;
  int rc = 0;
  int more = 0;
  tp_selftest_put = t->put;
  t->put("kernels " TP_KERNEL_VARIANT);
  for (said[0] = 0; rc == 0 && said[0] < t->vector_count; said[0]++) {
    tp_selftest_vector = said[0];
    tp_fill_inputs(t, t->vectors[said[0]].seed);
    rc = said[0] == 0 ? tp_measured_invoke(t) : t->invoke(t->self);
    said[1] = tp_digest_outputs(t);
    if (said[1] == t->vectors[said[0]].digest) {
      tp_say("vector % ok #", said);
    } else {
      tp_say("vector % wrong #", said);
      wrong++;
    }
  }
  if (rc == 0 && t->stream != NULL) {
    tp_selftest_vector = TP_NO_VECTOR;
    wrong += t->stream(t->self);
  }
  for (; rc == 0 && (more = tp_read_inputs(t)) > 0; said[0]++) {
    tp_selftest_vector = said[0];
    rc = t->invoke(t->self);
    said[1] = tp_digest_outputs(t);
    tp_say("vector % digest #", said);
  }
  if (rc != 0) {
    t->put("invoke failed");
    wrong++;
  }
  if (more < 0) {
    t->put("the last vector is incomplete");
    wrong++;
  }
  if (wrong > 0) {
    tp_say("FAIL %", &wrong);
  } else {
    t->put("PASS");
  }
  return (int)wrong;
}

#ifdef __cplusplus
}
#endif
#endif
