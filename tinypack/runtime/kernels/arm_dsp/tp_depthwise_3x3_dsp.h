/* Depthwise 3x3 by the DSP extension: four channels at a time, their lines as halfwords in a ring. */
#ifndef TP_DEPTHWISE_3X3_DSP_H
#define TP_DEPTHWISE_3X3_DSP_H

#include "tp_depthwise_3x3_lines_dsp.h"
#include "tp_depthwise_3x3_s8.h"
#include "tp_dsp.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TP_BLOCK_WORDS 18
#define TP_PAIR_WORDS 16 /* two pixels of four channels and four lines */

/* Four bytes of two pixels, or taps, become words of four channels, `stride` words apart, with twice their values. */
static void tp_pairs_twice(int32_t first, int32_t second, int32_t *to, int32_t stride) {
  const int32_t low = tp_pkhbt_lsl16(first, second);
  const int32_t high = tp_pkhtb_asr16(second, first);
  const int32_t words[4] = {tp_sxtb16(low), tp_sxtb16_ror8(low), tp_sxtb16(high), tp_sxtb16_ror8(high)};
  for (int32_t i = 0; i < 4; i++, to += stride) {
    *to = tp_sadd16(words[i], words[i]);
  }
}

static void tp_depthwise_3x3_unpack(const tp_depthwise_3x3_s8_t *p, const int32_t *block,
                                    tp_depthwise_3x3_channel_t *to) {
  const int32_t stride = (int32_t)(sizeof *to / sizeof(int32_t));
  const int32_t control = p->out_pixel << 8;
  const int32_t count = p->stride == 1 ? p->out_pixels >> 1 : p->out_pixels;
  const int32_t *tap = block + 9;
  for (int32_t k = 0; k < 3; k++, tap += 3) {
    tp_pairs_twice(tap[0], tap[1], &to->first[k], stride);
    tp_pairs_twice(tap[1], tap[2], &to->second[k], stride);
  }
  for (int32_t i = 0; i < 4; i++, to++) {
    const int32_t right = (block[8] >> (8 * i)) & 0xff;
    to->multiplier = block[4 + i];
    to->offset = (int32_t)((uint32_t)(2 * p->out_zero_point + 1) << (right - 1));
    to->bias = 2 * block[i];
    /* Where there is no whole pair, the odd pixel is all. */
    to->control = count > 0 ? (int32_t)((uint32_t)(count - 1) << 24) | control | right : right;
  }
}

/* The zero point in slot `slot` of n words. */
static void tp_depthwise_3x3_blank(uint32_t *slot, int32_t n, uint32_t zeros) {
  for (uint32_t *end = slot + n; slot != end; slot += 4) {
    *slot = zeros;
  }
}

/* What fills the ring. */
typedef struct {
  const tp_depthwise_3x3_s8_t *p;
  const int8_t *input; /* of these channels, line 0: maybe before what there is */
  uint32_t *ring;
  int32_t words; /* of the ring */
  int32_t end;   /* line after the last that outputs need */
  uint32_t zeros;
  tp_depthwise_3x3_edges_t edges;
  int32_t begin; /* words before the first pair with pixels */
} tp_depthwise_3x3_ring_t;

/* Two lines of the input into slots `slot` and the next. */
static void tp_depthwise_3x3_fill(const tp_depthwise_3x3_ring_t *r, int32_t line, int32_t other, int32_t slot) {
  const int32_t lines[2] = {line, other};
  const int8_t *from[2] = {NULL, NULL};
  for (int32_t i = 0; i < 2; i++) {
    if (lines[i] >= 0 && lines[i] < r->end && lines[i] < r->p->in_lines) {
      from[i] = r->input + lines[i] * r->p->in_line;
    }
  }
  if (from[0] != NULL || from[1] != NULL) {
    const int8_t *one = from[0] != NULL ? from[0] : from[1];
    tp_depthwise_3x3_two_lines(one, from[1] != NULL ? from[1] : one, r->ring + r->begin + slot, &r->edges);
  }
  for (int32_t i = 0; i < 2; i++) {
    if (lines[i] < 0 || lines[i] >= r->p->in_lines) {
      tp_depthwise_3x3_blank(r->ring + slot + i, r->words, r->zeros);
    }
  }
}

static void tp_depthwise_3x3_clamp(const tp_depthwise_3x3_s8_t *p, int8_t *line) {
  for (int32_t i = 0; i < p->out_pixels; i++, line += p->out_pixel) {
    for (int32_t c = 0; c < 4; c++) {
      line[c] = (int8_t)tp_clamp(line[c], p->act_min, p->act_max);
    }
  }
}

static tp_depthwise_3x3_ring_t tp_depthwise_3x3_ring(const tp_depthwise_3x3_s8_t *p, uint32_t *words, int32_t last) {
  const int32_t pairs = p->stride == 1 ? (p->out_pixels + 3) >> 1 : p->out_pixels + 1;
  const int32_t begin = p->pad_pixels < 2 * pairs ? p->pad_pixels : 2 * pairs;
  const int32_t end = 2 * pairs - begin < p->in_pixels ? 2 * pairs : begin + p->in_pixels;
  tp_depthwise_3x3_ring_t r;
  r.p = p;
  r.input = NULL;
  r.ring = words;
  r.words = pairs * TP_PAIR_WORDS;
  r.end = (last - 1) * p->stride - p->pad_lines + 3;
  r.zeros = (uint32_t)p->in_zero_point << 16 | ((uint32_t)p->in_zero_point & 0xffffu);
  r.edges.pixel = p->in_pixel;
  r.edges.whole = (end >> 1) - ((begin + 1) >> 1);
  r.edges.left = begin & 1;
  r.edges.right = end & 1;
  r.edges.zeros = ((uint32_t)p->in_zero_point & 0xffu) * 0x01010101u;
  r.begin = (begin >> 1) * TP_PAIR_WORDS;
  for (int32_t i = 0; i < 4; i++) {
    tp_depthwise_3x3_blank(words + i, r.words, r.zeros);
  }
  return r;
}

void tp_depthwise_3x3_s8_rows(const tp_depthwise_3x3_s8_t *p, int32_t first, int32_t last, int32_t in_first,
                              const int8_t *input, int8_t *output, void *scratch) {
  const int one = p->stride == 1;
  const int positive = p->act_min >= p->out_zero_point;
  const int clamps = p->act_min > INT8_MIN || p->act_max < INT8_MAX;
  const int32_t *block = p->blocks;
  tp_depthwise_3x3_step_t *const step = one ? positive ? tp_depthwise_3x3_1_positive : tp_depthwise_3x3_1
                                        : positive ? tp_depthwise_3x3_2_positive : tp_depthwise_3x3_2;
  tp_depthwise_3x3_channel_t *channels = (tp_depthwise_3x3_channel_t *)scratch;
  tp_depthwise_3x3_ring_t ring = tp_depthwise_3x3_ring(p, (uint32_t *)(void *)(channels + 4), last);
  ring.input = input - in_first * p->in_line;
  for (const int8_t *end = output + p->channels; output != end; output += 4, ring.input += 4, block += TP_BLOCK_WORDS) {
    int32_t line = first * p->stride - p->pad_lines;
    int8_t *to = output;
    tp_depthwise_3x3_unpack(p, block, channels);
    tp_depthwise_3x3_fill(&ring, line, one ? line + 1 : line, 0);
    line += one ? 2 : 1;
    for (int32_t y = first; y < last; y += one ? 2 : 1, line += 2) {
      const int both = one && y + 1 < last;
      tp_depthwise_3x3_fill(&ring, line, line + 1, 2);
      step(channels, ring.ring, to, both ? p->out_line : 0, p->out_pixels & 1);
      for (int32_t i = 0; clamps && i <= both; i++) {
        tp_depthwise_3x3_clamp(p, to + i * p->out_line);
      }
      to += (one ? 2 : 1) * p->out_line;
    }
  }
}

#ifdef __cplusplus
}
#endif
#endif
