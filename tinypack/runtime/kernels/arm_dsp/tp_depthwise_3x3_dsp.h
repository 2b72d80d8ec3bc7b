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

/* A word of twice two taps for each of four channels, from words that hold a tap of each. */
static inline void tp_depthwise_3x3_taps(int32_t one, int32_t next, tp_depthwise_3x3_channel_t *to, int32_t *field) {
  int32_t low = tp_pkhbt_lsl16(one, next);
  int32_t high = tp_pkhtb_asr16(next, one);
  const int32_t stride = (int32_t)(sizeof *to / sizeof *field);
  one = tp_sxtb16(low);
  low = tp_sxtb16_ror8(low);
  next = tp_sxtb16(high);
  high = tp_sxtb16_ror8(high);
  field[0] = tp_sadd16(one, one);
  field[stride] = tp_sadd16(low, low);
  field[2 * stride] = tp_sadd16(next, next);
  field[3 * stride] = tp_sadd16(high, high);
}

/* Some 40 instructions a channel. */
static void tp_depthwise_3x3_unpack(const tp_depthwise_3x3_s8_t *p, const int32_t *block, int32_t control,
                                    tp_depthwise_3x3_channel_t *to) {
  const int32_t zero_point = 2 * p->out_zero_point + 1;
  const int32_t *tap = block + 9;
  int32_t rights = block[8];
  for (int32_t k = 0; k < 3; k++, tap += 3) {
    tp_depthwise_3x3_taps(tap[0], tap[1], to, &to->first[k]);
    tp_depthwise_3x3_taps(tap[1], tap[2], to, &to->second[k]);
  }
  for (const tp_depthwise_3x3_channel_t *end = to + 4; to != end; to++, block++, rights >>= 8) {
    const int32_t right = rights & 0xff;
    to->multiplier = block[4];
    to->offset = (int32_t)((uint32_t)zero_point << (right - 1));
    to->bias = 2 * block[0];
    to->control = control | right;
  }
}

/* Zero points in slot `slot` of n words. */
static void tp_depthwise_3x3_blank(uint32_t *slot, int32_t n, uint32_t zeros) {
  for (const uint32_t *end = slot + n; slot != end; slot += TP_PAIR_WORDS) {
    slot[0] = zeros;
    slot[4] = zeros;
    slot[8] = zeros;
    slot[12] = zeros;
  }
}

/* What fills the ring. */
typedef struct {
  const tp_depthwise_3x3_s8_t *p;
  const int8_t *input; /* of these channels, line 0: maybe before what there is */
  uint32_t *ring;
  int32_t words; /* of the ring */
  int32_t line; /* elements of the input from one line to the next */
  int32_t end;   /* line after the last that there is, or that outputs need */
  uint32_t zeros;
  tp_depthwise_3x3_edges_t edges;
  int32_t begin; /* words before the first pair with pixels */
} tp_depthwise_3x3_ring_t;

/* Two lines of the input, from `line` on, into slots `slot` and the next. What outputs don't need is left as it is. */
static void tp_depthwise_3x3_fill(const tp_depthwise_3x3_ring_t *r, int32_t line, int32_t slot) {
  const int32_t lines = r->p->in_lines;
  const int8_t *from = r->input + line * r->line;
  const int first = line >= 0 && line < r->end;
  const int second = line + 1 >= 0 && line + 1 < r->end;
  if (first || second) {
    const int8_t *next = from + r->line;
    tp_depthwise_3x3_two_lines(first ? from : next, second ? next : from, r->ring + r->begin + slot, &r->edges);
  }
  for (int32_t i = 0; i < 2; i++) {
    if (line + i < 0 || line + i >= lines) {
      tp_depthwise_3x3_blank(r->ring + slot + i, r->words, r->zeros);
    }
  }
}

static void tp_depthwise_3x3_clamp(const tp_depthwise_3x3_s8_t *p, int8_t *line, int32_t pixel) {
  for (int32_t i = 0; i < p->out_pixels; i++, line += pixel) {
    for (int32_t c = 0; c < 4; c++) {
      line[c] = (int8_t)tp_clamp(line[c], p->act_min, p->act_max);
    }
  }
}

static tp_depthwise_3x3_ring_t tp_depthwise_3x3_ring(const tp_depthwise_3x3_s8_t *p, uint32_t *words, int32_t last) {
  const int32_t pairs = p->stride == 1 ? (p->out_pixels + 3) >> 1 : p->out_pixels + 1;
  const int32_t begin = p->pad_pixels < 2 * pairs ? p->pad_pixels : 2 * pairs;
  const int32_t end = 2 * pairs - begin < p->in_pixels ? 2 * pairs : begin + p->in_pixels;
  const tp_depthwise_3x3_steps_t in = tp_depthwise_3x3_steps(p, p->in_lines, p->in_pixels);
  tp_depthwise_3x3_ring_t r;
  r.line = in.line;
  r.p = p;
  r.input = NULL;
  r.ring = words;
  r.words = pairs * TP_PAIR_WORDS;
  r.end = (last - 1) * p->stride - p->pad_lines + 3;
  if (r.end > p->in_lines) {
    r.end = p->in_lines;
  }
  r.zeros = (uint32_t)p->in_zero_point << 16 | ((uint32_t)p->in_zero_point & 0xffffu);
  r.edges.pixel = in.pixel;
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
  const tp_depthwise_3x3_steps_t out = tp_depthwise_3x3_steps(p, p->out_lines, p->out_pixels);
  const int32_t steps = one ? p->out_pixels >> 1 : p->out_pixels;
  /* Where there is no whole pair, the odd pixel is all. */
  const int32_t control = steps > 0 ? (int32_t)((uint32_t)(steps - 1) << 24) | out.pixel << 8 : 0;
  const int32_t *block = p->blocks;
  tp_depthwise_3x3_step_t *const step = one ? positive ? tp_depthwise_3x3_1_positive : tp_depthwise_3x3_1
                                        : positive ? tp_depthwise_3x3_2_positive : tp_depthwise_3x3_2;
  tp_depthwise_3x3_channel_t *channels = (tp_depthwise_3x3_channel_t *)scratch;
  tp_depthwise_3x3_ring_t ring = tp_depthwise_3x3_ring(p, (uint32_t *)(void *)(channels + 4), last);
  ring.input = input - in_first * ring.line;
  for (const int8_t *end = output + p->channels; output != end; output += 4, ring.input += 4, block += TP_BLOCK_WORDS) {
    int32_t line = first * p->stride - p->pad_lines;
    int8_t *to = output;
    tp_depthwise_3x3_unpack(p, block, control, channels);
    tp_depthwise_3x3_fill(&ring, line, one ? 0 : 1);
    line += one ? 2 : 1;
    for (int32_t y = first; y < last; y += one ? 2 : 1, line += 2) {
      const int both = one && y + 1 < last;
      tp_depthwise_3x3_fill(&ring, line, 2);
      step(channels, ring.ring, to, both ? out.line : 0, p->out_pixels & 1);
      for (int32_t i = 0; clamps && i <= both; i++) {
        tp_depthwise_3x3_clamp(p, to + i * out.line, out.pixel);
      }
      to += (one ? 2 : 1) * out.line;
    }
  }
}

#ifdef __cplusplus
}
#endif
#endif
