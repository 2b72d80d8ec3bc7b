/* Depthwise 3x3 by MVE: one channel at a time, its lines as bytes in a ring. */
#ifndef TP_DEPTHWISE_3X3_MVE_H
#define TP_DEPTHWISE_3X3_MVE_H

#include <string.h>

#include "tp_depthwise_3x3_lines_mve.h"
#include "tp_depthwise_3x3_s8.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TP_BLOCK_WORDS 18

/* What fills the ring. */
typedef struct {
  const tp_depthwise_3x3_s8_t *p;
  const int8_t *input; /* of this channel, line 0: maybe before what there is */
  int8_t *ring;        /* where the first pixel comes */
  int32_t pixel;       /* elements of the input from one pixel to the next */
  int32_t line;
  int32_t length; /* pixels of a line that outputs need */
  int32_t end;    /* line after the last that there is, or that outputs need */
} tp_depthwise_3x3_ring_t;

static void tp_depthwise_3x3_unpack(const tp_depthwise_3x3_s8_t *p, const int32_t *block, int32_t i,
                                    tp_depthwise_3x3_channel_t *to) {
  const int8_t *taps = (const int8_t *)(block + 9) + i;
  const int32_t right = ((const int8_t *)(block + 8))[i];
  for (int32_t k = 0; k < 3; k++, taps += 4) {
    to->weights[k] = (uint32_t)(uint8_t)taps[0] | (uint32_t)(uint8_t)taps[12] << 8 | (uint32_t)(uint8_t)taps[24] << 16;
  }
  to->weights[3] = 0;
  to->bias = block[i];
  to->multiplier = block[4 + i];
  to->offset = (int32_t)((uint32_t)(2 * p->out_zero_point + 1) << (right - 1));
  to->shift = -right;
}

/* Two lines of the input, from `line` on, into slots `slot` and the next. What outputs don't need is left as it is. */
static void tp_depthwise_3x3_fill(const tp_depthwise_3x3_ring_t *r, int32_t line, int32_t slot) {
  const int8_t *from = r->input + line * r->line;
  const int first = line >= 0 && line < r->end;
  const int second = line + 1 >= 0 && line + 1 < r->end;
  int8_t *to = r->ring + slot;
  if (first || second) {
    const int8_t *next = from + r->line;
    tp_depthwise_3x3_two_lines(first ? from : next, second ? next : from, r->pixel, to, r->length);
  }
  for (int32_t i = 0; i < 2; i++) {
    if (line + i < 0 || line + i >= r->p->in_lines) {
      tp_depthwise_3x3_blank(to + i, r->p->in_zero_point, r->length);
    }
  }
}

static tp_depthwise_3x3_ring_t tp_depthwise_3x3_ring(const tp_depthwise_3x3_s8_t *p, int8_t *bytes, int32_t last) {
  const tp_depthwise_3x3_steps_t in = tp_depthwise_3x3_steps(p, p->in_lines, p->in_pixels);
  const int32_t pixels = (((p->out_pixels + 3) & ~3) - 1) * p->stride + 4;
  const int32_t begin = p->pad_pixels < pixels ? p->pad_pixels : pixels;
  const int32_t end = (last - 1) * p->stride - p->pad_lines + 3;
  tp_depthwise_3x3_ring_t r;
  r.p = p;
  r.input = NULL;
  r.ring = bytes + 4 * begin;
  r.pixel = in.pixel;
  r.line = in.line;
  r.length = pixels - begin < p->in_pixels ? pixels - begin : p->in_pixels;
  r.end = end < p->in_lines ? end : p->in_lines;
  memset(bytes, p->in_zero_point, (size_t)(4 * pixels));
  return r;
}

void tp_depthwise_3x3_s8_rows(const tp_depthwise_3x3_s8_t *p, int32_t first, int32_t last, int32_t in_first,
                              const int8_t *input, int8_t *output, void *scratch) {
  const int32_t at_once = p->stride == 1 ? 2 : 1;
  const tp_depthwise_3x3_steps_t out = tp_depthwise_3x3_steps(p, p->out_lines, p->out_pixels);
  const tp_depthwise_3x3_outputs_t outputs = {out.pixel, p->out_pixels, p->act_min, p->act_max};
  tp_depthwise_3x3_channel_t *channel = (tp_depthwise_3x3_channel_t *)scratch;
  int8_t *bytes = (int8_t *)(channel + 1);
  tp_depthwise_3x3_ring_t ring = tp_depthwise_3x3_ring(p, bytes, last);
  for (int32_t i = 0; i < p->channels; i++) {
    int32_t line = first * p->stride - p->pad_lines - (p->stride - 1);
    int32_t slot = 0;
    int8_t *to = output + i;
    tp_depthwise_3x3_unpack(p, p->blocks + (i >> 2) * TP_BLOCK_WORDS, i & 3, channel);
    ring.input = input + i - in_first * ring.line;
    tp_depthwise_3x3_fill(&ring, line, slot);
    for (int32_t y = first; y < last; y += at_once, to += at_once * out.line) {
      line += 2;
      slot ^= 2;
      tp_depthwise_3x3_fill(&ring, line, slot);
      if (at_once == 2) {
        tp_depthwise_3x3_1(channel, bytes, to, y + 1 < last ? to + out.line : to, &outputs);
      } else {
        tp_depthwise_3x3_2(channel, bytes, to, &outputs);
      }
    }
  }
}

#ifdef __cplusplus
}
#endif
#endif
