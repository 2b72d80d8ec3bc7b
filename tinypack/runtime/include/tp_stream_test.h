/* The self-test of a stream: a made signal goes in by pieces, and each result is hashed
   with the features that it came from. tinypack/streams makes the same signal. */
#ifndef TP_STREAM_TEST_H
#define TP_STREAM_TEST_H

#include "tp_selftest.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TP_STREAM_SEED 0x9e3779b9u
#define TP_STREAM_PIECE 64 /* samples in a push at most */

/* What results are hashed of, and what must come out. */
typedef struct {
  tp_result_t parts[4];
  uint32_t part_count;
  const uint32_t *digests;
  uint32_t count;
  uint32_t seen;
  uint32_t wrong;
} tp_results_t;

typedef struct {
  void *self;
  size_t (*push)(void *self, const int16_t *samples, size_t n);
  int (*run)(void *self);
  uint32_t channels;
  uint32_t need; /* samples of a channel before the first frame, likewise the next two */
  uint32_t level;
  uint32_t count;
  uint32_t room; /* samples that the ring holds beside those that wait for the rest of their frame */
} tp_stream_test_t;

static void tp_check_result(tp_results_t *r) {
  uint32_t said[2];
  said[0] = r->seen++;
  said[1] = 0;
  for (uint32_t i = 0; i < r->part_count; i++) {
    said[1] = tp_crc32(said[1], r->parts[i].data, r->parts[i].bytes);
  }
  if (said[0] < r->count && said[1] == r->digests[said[0]]) {
    tp_say("stream % ok #", said);
  } else {
    tp_say("stream % wrong #", said);
    r->wrong++;
  }
}

/* Noise at levels from full scale to one step. */
static inline int16_t tp_stream_sample(uint32_t *state, uint32_t at, uint32_t level) {
  static const uint8_t shifts[4] = {4, 0, 15, 9};
  const uint32_t low = tp_next_byte(state, 0);
  const uint32_t high = tp_next_byte(state, 0);
  return (int16_t)((int16_t)(uint16_t)(high << 8 | low) >> shifts[at / level & 3u]);
}

/* The first frame is measured by an emulator. */
static inline int tp_measured_run(int (*run)(void *self), void *self, int measured) {
#ifdef TINYPACK_EMULATOR
  int rc;
  if (measured) {
    bench_begin();
    rc = run(self);
    bench_end();
    return rc;
  }
#else
  (void)measured;
#endif
  return run(self);
}

static inline void tp_stream_test(const tp_stream_test_t *t, tp_results_t *results) {
  int16_t piece[TP_STREAM_PIECE];
  uint32_t state = TP_STREAM_SEED;
  uint32_t at = 0;
  while (at < t->count) {
    const uint32_t before = at;
    uint32_t n = 0;
    while (n + t->channels <= TP_STREAM_PIECE && n < t->room && at < t->count && (n == 0 || at != t->need)) {
      for (uint32_t c = 0; c < t->channels; c++) {
        piece[n++] = tp_stream_sample(&state, at, t->level);
      }
      at++;
    }
    if (t->push(t->self, piece, n) != n) {
      tp_selftest_put("stream samples were lost");
      results->wrong++;
    }
    if (tp_measured_run(t->run, t->self, before < t->need && at >= t->need) > 0) {
      tp_check_result(results);
    }
    while (t->run(t->self) > 0) {
      tp_check_result(results);
    }
  }
}

/* Images of noise, as many as there are digests. */
static inline void tp_image_test(void *self, int (*run)(void *self), uint8_t *pixels, uint32_t n, tp_results_t *results) {
  uint32_t state = TP_STREAM_SEED;
  while (results->seen < results->count) {
    for (uint32_t i = 0; i < n; i++) {
      pixels[i] = tp_next_byte(&state, 0);
    }
    tp_measured_run(run, self, results->seen == 0);
    tp_check_result(results);
  }
}

/* Returns how many results were wrong or missing. */
static inline uint32_t tp_results_wrong(const tp_results_t *r) {
  return r->wrong + (r->seen < r->count ? r->count - r->seen : 0);
}

#ifdef __cplusplus
}
#endif
#endif
